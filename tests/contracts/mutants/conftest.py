"""Mutants fail inside, which is no news here."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="package", autouse=True)
def quiet() -> Iterator[None]:
    logger = logging.getLogger("mockserver")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    yield
    logger.setLevel(level)
