"""The choice between all mutants and some of them."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-mutant", action="store_true", help="show that every mutant is one, not a few of each kind"
    )


@pytest.fixture(scope="package", autouse=True)
def quiet() -> Iterator[None]:
    """Mutants fail inside, which is no news here."""
    logger = logging.getLogger("mockserver")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)
