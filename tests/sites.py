"""What holds on both sites: a test marked so runs in a `world` of each."""

from __future__ import annotations

import pytest

from mockserver.contract.documents import SITES

on_both_sites = pytest.mark.parametrize("world", SITES, indirect=True)
