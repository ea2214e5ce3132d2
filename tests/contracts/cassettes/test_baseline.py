"""Known differences are accepted with a reason, and forgotten when they are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.cassettes.baseline import Baseline, BaselineError, read, write
from contracts.cassettes.diff import Difference

ONE = Difference("ListCosts", "answer.a", "type", "breaking", "a is a string, was a number")
OTHER = Difference("ListCosts", "answer.b", "absent", "notable", "b is missing")
ELSEWHERE = Difference("ListOrders", "answer.c", "added", "cosmetic", "c is new")


def test_accepted_differences_are_not_new() -> None:
    baseline = Baseline().updated([ONE], {"ListCosts"}, "seen")
    assert baseline.new([ONE, OTHER]) == [OTHER]


def test_an_update_keeps_reasons_adds_what_is_new_and_prunes_what_is_stale() -> None:
    first = Baseline().updated([ONE, ELSEWHERE], {"ListCosts", "ListOrders"}, "the first reason")
    second = first.updated([OTHER, ELSEWHERE], {"ListCosts", "ListOrders"}, "the second reason")
    assert [(one.id, one.reason) for one in second.accepted] == [
        (OTHER.id, "the second reason"),
        (ELSEWHERE.id, "the first reason"),
    ]


def test_operations_that_were_not_compared_are_not_stale() -> None:
    baseline = Baseline().updated([ONE, ELSEWHERE], {"ListCosts", "ListOrders"}, "seen")
    assert [one.id for one in baseline.stale([], {"ListCosts"})] == [ONE.id]
    assert [one.id for one in baseline.updated([], {"ListCosts"}, "").accepted] == [ELSEWHERE.id]


def test_a_baseline_is_written_and_read(tmp_path: Path) -> None:
    baseline = Baseline().updated([ONE, OTHER], {"ListCosts"}, "the page is wrong")
    write(baseline, tmp_path / "known.json")
    assert read(tmp_path / "known.json") == baseline


def test_a_baseline_that_is_not_there_accepts_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "none.json").accepted == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{", "not a baseline"),
        ('{"accepted": [{"id": "1"}]}', "missing required field"),
        (
            '{"accepted": [{"id": "x1", "operation": "A", "place": "p", "kind": "k", "sentence": "s", "reason": " "}]}',
            r"x1 \(A, p\) is accepted without a reason",
        ),
    ],
)
def test_what_is_no_baseline_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "known.json"
    file.write_text(text)
    with pytest.raises(BaselineError, match=complaint):
        read(file)
