"""What renewing costs, and the settings of renewals: the day on which money is taken, the common day of expiry."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import AnyOf, Given, InAnyOrder, Refused
from contracts.model.doing import UNKNOWN, renew, renew_automatically
from contracts.model.machine import Rules, one_of, picks, rarely, step
from contracts.model.placing import Goods, Wish, place
from contracts.model.reference.orders import Line, Orders
from contracts.model.reference.people import Customer, People
from contracts.model.reference.prices import ADDRESS, CURRENCY, MONTH, SERVER, YEAR, bandwidth, disk
from contracts.model.reference.refusals import of_renewal_price
from contracts.model.reference.renewals import LAST_DAY, Renewals
from contracts.model.reference.resources import Resource, Resources
from contracts.model.reference.world import NOTHING
from contracts.model.rules.orders import give_discount, pass_processing, pay_order, waits
from contracts.model.rules.prices import best_of, pricings_of
from contracts.model.rules.resources import await_attempt, has_resources, has_room, some_resource

terms = st.sampled_from([(MONTH, 1), (MONTH, 2), (MONTH, 9), (MONTH, 10), (YEAR, 1), (YEAR, 3), (YEAR, 4)])
DEDUCTION, EXPIRE = "DEDUCTION_DATE", "EXPIRE_DATE"
GOOD = {DEDUCTION: range(2, 8), EXPIRE: (LAST_DAY, *range(1, 29))}
settings = st.one_of(
    st.tuples(st.just(DEDUCTION), st.integers(2, 7)),
    st.tuples(st.just(EXPIRE), st.sampled_from([LAST_DAY, 1, 2, 14, 27, 28])),
    st.sampled_from([(DEDUCTION, 1), (DEDUCTION, 8), (EXPIRE, 0), (EXPIRE, 29), (EXPIRE, -2), (DEDUCTION, -1)]),
)


class Foreseeing(Rules):
    """What is asked and settled before a renewal."""

    @has_room
    @step(role=st.sampled_from(["customer", "customer", "shopper"]), which=st.booleans())
    def buy_to_renew(self, role: str, which: bool) -> None:
        """Main resources of one order, one of them with something attached."""
        customer = self.world.of(People).customer(role)
        goods = [Goods(SERVER, 1, (Goods(disk(11)),)), Goods(ADDRESS, 1, (Goods(bandwidth(1)),))]
        order = place(self, customer, Wish(goods if which else goods[:1]))
        pay_order(self, order, customer, self.world.of(Orders).usual(order), [], waits=True)

    @has_resources
    @step(
        chosen=st.lists(picks, min_size=1, max_size=3),
        term=terms,
        related=st.sampled_from([None, False, True]),
        twice=rarely,
        unknown=rarely,
    )
    def ask_for_renewals(
        self, chosen: list[int], term: tuple[int, int], related: bool | None, twice: bool, unknown: bool
    ) -> None:
        """Of one customer or of several, whose resources are nobody's to the caller."""
        named = list({one.id: one for one in (some_resource(self, pick) for pick in chosen)}.values())
        _ask(self, named, term, related, [*([named[0].id] if twice else []), *([UNKNOWN] if unknown else [])])

    @has_resources
    @step(
        pick=picks, ratios=st.permutations(["0.95", "0.6", "0.8"]), kind=st.sampled_from(["commercial", "partner_set"])
    )
    def ask_with_discounts(self, pick: int, ratios: list[str], kind: str) -> None:
        """Of several the best counts, whichever came first."""
        one = some_resource(self, pick)
        for ratio in ratios[:2]:
            give_discount(self, one.customer, Decimal(ratio), kind, (), 3)
        _ask(self, [one], (MONTH, 1), None)

    @step(pick=picks, setting=settings)
    def set_renewals(self, pick: int, setting: tuple[str, int]) -> None:
        """For all resources of a customer; a new day of charging holds at once."""
        customer = one_of(self.world.of(People).callers, pick)
        _set(self, customer, *setting)

    @has_resources
    @step(
        pick=picks,
        term=st.sampled_from([(MONTH, 1), (MONTH, 3), (YEAR, 1)]),
        day=st.sampled_from([None, LAST_DAY, 3, 28]),
        waits=waits,
    )
    def renew_to_the_day(self, pick: int, term: tuple[int, int], day: int | None, waits: bool) -> None:
        one = some_resource(self, pick)
        if day is not None:
            _set(self, one.customer, EXPIRE, day)
        renew(self, one.customer, [one], term, True)
        if not waits:
            _ask(self, [one], term, None)
        pass_processing(self, waits)

    @has_resources
    @step(pick=picks, times=st.sampled_from([None, 1, 2]), days=st.sampled_from([None, 2, 5]), waits=waits)
    def let_renew(self, pick: int, times: int | None, days: int | None, waits: bool) -> None:
        """If drawn, time goes on until the money is taken."""
        one = some_resource(self, pick)
        main = one.main or one
        done = renew_automatically(self, one, times, "MONTH")
        if days is not None:
            _set(self, one.customer, DEDUCTION, days)
        await_attempt(self, main, done and waits)


def _ask(
    rules: Rules, named: Sequence[Resource], term: tuple[int, int], related: bool | None, more: Sequence[str] = ()
) -> None:
    """What renewing would cost; `more` are ids of those named a second time, or of nothing."""
    customer = named[0].customer
    ids = [*(one.id for one in named), *more]
    fields: dict[str, Any] = {"resource_ids": ids, "period_type": term[0], "period_num": term[1]}
    fields |= {} if related is None else {"include_relative_resources": related}
    asked = [one for one in named if one.customer is customer]
    every = list({one.id: one for one in [*asked, *(_related(rules, asked) if related else [])]}.values())
    faults = {one.id: of_renewal_price(rules.world, one, *term) for one in every}
    good = [one for one in every if not faults[one.id]]
    strange = [one for one in ids if one not in faults]
    failed = {**{one: code for one, code in faults.items() if code}, **dict.fromkeys(strange, "CBC.30050009")}
    codes = _codes(rules, every, faults, len({*ids}) < len(ids))
    foretold = Refused(*codes) if codes else Given(_prices(rules, customer, good, term, failed))
    rules.call(customer.role, "ListRenewRateOnPeriod", foretold, **fields)


def _set(rules: Rules, customer: Customer, name: str, value: int) -> None:
    own, good = rules.world.of(Renewals), value in GOOD[name]
    foretold = Given({"error_code": "CBC.0000"}) if good else Refused("CBC.0100")
    fields = {"config_name": name, "config_value": str(value)}
    rules.call(customer.role, "SetResourcesRenewConfig", foretold, **fields)
    if good and name == EXPIRE:
        own.expire_day[customer.id] = value
    elif good:
        own.set_deduction(customer, value)


def _codes(rules: Rules, every: Sequence[Resource], faults: dict[str, str], twice: bool) -> list[str]:
    """What cannot be priced at all refuses the whole query."""
    own = rules.world.of(Resources)
    asked = [one for one in every if faults[one.id] in ("", "CBC.30050008")]
    unpriced = any("unpriced" in each.traits for one in asked for each in own.family(one))
    return ["CBC.30050012"] if twice else ["CBC.99006006"] if unpriced else []


def _related(rules: Rules, named: Sequence[Resource]) -> list[Resource]:
    """The main resources that were bought in the same orders."""
    orders = [one.terms[0].order for one in named]
    own = rules.world.of(Resources).resources
    return [one for one in own if one.main is None and one.is_alive and one.terms[0].order in orders]


def _prices(
    rules: Rules, customer: Customer, good: Sequence[Resource], term: tuple[int, int], failed: dict[str, str]
) -> dict[str, Any]:
    own = rules.world.of(Resources)
    groups = [(one, rules.world.of(Renewals).renewal(own.family(one), *term)) for one in good]
    lines = [line for _, group in groups for line in group]
    pricings = pricings_of(lines, rules.world.of(Orders), customer)
    best, whole = best_of(pricings), sum((line.price for line in lines), NOTHING)
    off = next((reductions for one, reductions in pricings if one is best), [NOTHING] * len(lines))
    saved = {id(line): amount for line, amount in zip(lines, off, strict=True)}
    rows = [{"resource_id": one.id, "amount": _amount(group, saved)} for one, group in groups]
    return {
        "currency": CURRENCY[rules.world.site],
        "renew_inquiry_results": InAnyOrder(rows),
        "official_website_rating_result": {"official_website_amount": whole},
        "optional_discount_rating_results": [
            {
                "discount_id": one.id,
                "discount_type": AnyOf((int(one.on_statements), one.on_statements)),
                "amount": whole - sum(reductions, NOTHING),
                "official_website_amount": whole,
                "discount_amount": sum(reductions, NOTHING),
                "best_offer": int(one is best),
            }
            for one, reductions in pricings
        ],
        "fail_resource_infos": InAnyOrder([{"resource_id": one, "error_code": code} for one, code in failed.items()]),
    }


def _amount(group: Sequence[Line], saved: dict[int, Decimal]) -> Decimal:
    return sum((line.price - saved[id(line)] for line in group), NOTHING)
