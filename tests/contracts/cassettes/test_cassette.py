"""A cassette is readable JSON, and says what is wrong with one that is none."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from contracts.cassettes.cassette import Answered, Asked, Call, Cassette, CassetteError, read, write

ASKED = Asked(method="GET", path="/v2/x", query={"limit": ["1", "2"]})
ANSWERED = Answered(status=200, body={"amount": Decimal("1.10"), "name": "名"})
CALL = Call("ListX", "customer", "2026-03-02T02:00:00Z", ASKED, ANSWERED)
CASSETTE = Cassette(1, "2026-03-02T02:00:00Z", "cn", "mock", 7, {"customer_id": {"$ref": "customer#1"}}, [CALL])


def test_what_is_written_is_read(tmp_path: Path) -> None:
    write(CASSETTE, tmp_path / "one.json")
    assert read(tmp_path / "one.json") == CASSETTE


def test_numbers_keep_their_digits_and_texts_their_letters(tmp_path: Path) -> None:
    write(CASSETTE, tmp_path / "one.json")
    text = (tmp_path / "one.json").read_text(encoding="utf-8")
    assert '"amount": 1.10' in text and '"name": "名"' in text
    assert text.startswith('{\n  "version": 1,\n  "recorded": "2026-03-02T02:00:00Z",\n')
    assert "variables" not in text


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nothing", "not a cassette: JSON is malformed"),
        ("{}", "missing required field `version`"),
        ('{"version": 2}', "at `\\$.version`"),
        ('{"version": 1, "surprise": 1}', "unknown field `surprise`"),
    ],
)
def test_what_is_no_cassette_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "one.json"
    file.write_text(text)
    with pytest.raises(CassetteError, match=complaint):
        read(file)


def test_a_cassette_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CassetteError, match="No such file"):
        read(tmp_path / "none.json")
