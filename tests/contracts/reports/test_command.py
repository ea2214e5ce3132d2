"""Reports as `partner-mock verify` writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from contracts.reports.wanted import FILES
from mockserver.cli import main

RUN = ("verify", "--operation", "ListProvinces", "--phase", "examples", "--workers", "1")


def test_a_folder_gets_all_reports_and_the_summary_is_printed(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [*RUN, "--report-dir", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert {file.name for file in tmp_path.iterdir()} == set(FILES.values())
    assert result.stdout.startswith("AREA") and "no findings" in result.stdout
    assert f"written: {tmp_path / FILES['html']}" in result.stderr


def test_a_plan_writes_no_report(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, [*RUN, "--plan", "--report", f"html={tmp_path / 'x.html'}"])
    assert (result.exit_code, list(tmp_path.iterdir())) == (0, [])


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ("pdf", "Error: no report 'pdf'; accepted: --report KIND or KIND=FILE"),
        ("html=.", "Error: .: Is a directory, so the report cannot be written"),
    ],
)
def test_a_bad_wish_is_one_sentence(wish: str, sentence: str) -> None:
    result = CliRunner().invoke(main, [*RUN, "--report", wish])
    assert result.exit_code == 2
    assert result.stderr.startswith(sentence) and result.stderr.count("\n") == 1
