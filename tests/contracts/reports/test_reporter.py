"""All reports of a run."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest

from contracts.events import PlanMade
from contracts.reports.reporter import Reporter
from contracts.reports.wanted import FILES, ReportError, wanted
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import COVERAGE, MODEL, SECRET, exchange, run, sent


def test_every_report_is_written(contract: Contract, tmp_path: Path) -> None:
    with Reporter(contract, "cn", "mock", wanted([], tmp_path / "new" / "folder")) as reporter:
        for event in run():
            reporter(event)
    files = sorted((tmp_path / "new" / "folder").iterdir())
    assert {file.name for file in files} == set(FILES.values())
    assert all(file.stat().st_size and SECRET not in file.read_text(encoding="utf-8") for file in files)


def test_a_run_that_fails_leaves_reports_of_what_it_did(contract: Contract, tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), Reporter(contract, "cn", "mock", wanted(["json,har"], tmp_path)) as reporter:
        reporter(PlanMade((COVERAGE, MODEL), (), 1))
        reporter(sent(COVERAGE, exchange()))
        raise KeyboardInterrupt
    assert json.loads((tmp_path / FILES["json"]).read_bytes())["ended"] is False
    assert len(json.loads((tmp_path / FILES["har"]).read_bytes())["log"]["entries"]) == 1


def test_a_file_that_cannot_be_written_is_told_at_once(contract: Contract, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for name in ("file/report.html", "."):
        with pytest.raises(ReportError, match="so the report cannot be written"):
            Reporter(contract, "cn", "mock", {"html": tmp_path / name})


def test_without_wishes_nothing_is_written(contract: Contract, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Reporter(contract, "cn", "mock", {}) as reporter:
        for event in run():
            reporter(event)
    assert list(tmp_path.iterdir()) == [] and reporter.tally.found == 3
