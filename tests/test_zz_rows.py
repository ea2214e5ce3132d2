"""The last tests look back on the run: no row of errors is only promised, and no refusal changed anything."""

from __future__ import annotations

import pytest

from mockserver.contract.registry import Contract
from tests.coverage_rows import Answered, missing_rows


def test_every_documented_row_of_a_served_operation_was_answered(
    pytestconfig: pytest.Config, contract: Contract, answered: Answered
) -> None:
    if not pytestconfig.getoption("--rows"):
        pytest.skip("looks back on the whole suite: pytest --rows")
    missing = [
        f"{operation} {site} {status} {code}{f' in {inside}' if inside else ''}"
        for operation, site, status, code, inside in missing_rows(contract, answered)
    ]
    if missing:
        pytest.fail("\n".join([f"{len(missing)} rows were never answered:", *missing]), pytrace=False)


def test_no_refused_call_of_this_run_changed_anything(spoiled: list[str]) -> None:
    assert spoiled == []
