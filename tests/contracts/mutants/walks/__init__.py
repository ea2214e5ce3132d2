"""The walks that show the mutants: what customers and partners of a site do in some months."""

from __future__ import annotations

from tests.contracts.mutants.diary import Walk
from tests.contracts.mutants.walks.doors import doors
from tests.contracts.mutants.walks.people import people
from tests.contracts.mutants.walks.prices import prices
from tests.contracts.mutants.walks.resold import resold
from tests.contracts.mutants.walks.trade import trade
from tests.contracts.mutants.walks.usage import usage
from tests.contracts.mutants.walks.vouchers import vouchers

WALKS: dict[str, tuple[Walk, ...]] = {
    "cn": (people, vouchers, trade, usage, prices, doors),
    "intl": (resold, usage, prices),
}
"""By site; a mutant shows in one of them."""
