"""What `--report` may say."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.reports.wanted import FILES, ReportError, wanted


@pytest.mark.parametrize(
    ("wishes", "folder", "files"),
    [
        ([], None, {}),
        (["html"], None, {"html": "contract-run.html"}),
        (["junit,html"], "out", {"junit": "out/contract-run.xml", "html": "out/contract-run.html"}),
        (["html=a.html,har=b.har"], None, {"html": "a.html", "har": "b.har"}),
        (["html=a,b.html", "json"], "out", {"html": "a,b.html", "json": "out/contract-run.json"}),
        (["html=a=b"], None, {"html": "a=b"}),
        ([], "out", {kind: f"out/{name}" for kind, name in FILES.items()}),
    ],
)
def test_wishes_become_files(wishes: list[str], folder: str | None, files: dict[str, str]) -> None:
    assert wanted(wishes, Path(folder) if folder else None) == {kind: Path(name) for kind, name in files.items()}


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        (["pdf"], "no report 'pdf'; accepted: --report KIND or KIND=FILE, with KIND one of junit, html, json, har"),
        ([""], "no report ''; accepted"),
        (["html,"], "no report 'html,'; accepted"),
        (["html="], "no file after 'html='; accepted"),
        (["html", "html=x"], "the report 'html' is asked for twice"),
        (["html=x", "json=./x"], "the reports 'html' and 'json' cannot share the file x"),
    ],
)
def test_a_wish_that_cannot_be_met_is_told(wishes: list[str], sentence: str) -> None:
    with pytest.raises(ReportError) as told:
        wanted(wishes)
    assert str(told.value).startswith(sentence)
