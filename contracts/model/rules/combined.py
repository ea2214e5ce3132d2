"""Orders in more forms: several products and pieces in one, several orders that are paid together, orders that people
decide about or that must be paid early."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import SOMETHING, Given, InAnyOrder
from contracts.model.machine import Rules, on, one_of, picks, rarely, step
from contracts.model.placing import Goods, Wish, place, place_combined
from contracts.model.reference.orders import (
    APPROVAL,
    CANCELLED,
    CONFIRMATION,
    NO_PROJECT,
    UNPAID,
    Line,
    Order,
    Orders,
)
from contracts.model.reference.people import People
from contracts.model.reference.prices import (
    ADDRESS,
    ADJUSTMENT,
    MONTH,
    SERVER,
    YEAR,
    Discount,
    Product,
    bandwidth,
    disk,
)
from contracts.model.reference.resources import Resources
from contracts.model.reference.rows import details_of
from contracts.model.reference.vouchers import Vouchers
from contracts.model.rules.orders import cancel_order, pay_order, some_caller, somebody_else, waits
from contracts.model.rules.resources import find_resources, has_room

RATIO, REDUCTION = 0, 2
"""How a discount works."""
RATIO_DIGITS = Decimal("0.0001")
GOODS = (
    Goods(disk(10)),
    Goods(disk(10), tag="a"),
    Goods(disk(11), 2),
    Goods(disk(10), 3),
    Goods(SERVER, 2, (Goods(disk(10)),)),
    Goods(SERVER, 2, (Goods(disk(10), 2),), tag="b"),
    Goods(ADDRESS, 1, (Goods(bandwidth(1)),)),
)
PROJECTS = (NO_PROJECT, ("p-1", "first"), ("p-2", "second"))
goods = st.lists(st.sampled_from(GOODS), min_size=1, max_size=2, unique=True)
single = st.sampled_from(GOODS).map(lambda one: [one])
terms = st.sampled_from([(MONTH, 1), (MONTH, 1), (MONTH, 1), (MONTH, 2), (YEAR, 1)])
projects = st.sampled_from(PROJECTS)
offs = st.sampled_from([None, None, Decimal(1), Decimal("3.33"), Decimal(5000)])
promotions = st.sampled_from([None, None, Decimal("0.9"), Decimal("0.3333")])
has_combined = precondition(lambda self: bool(_all(self)))


class Combining(Rules):
    """What is ordered and paid at once."""

    def begin(self) -> None:
        wishes = [Wish(GOODS[:2], promotion=Decimal("0.9")), Wish(GOODS[:1], project=PROJECTS[1])]
        plain = [Wish(one.goods, project=one.project) for one in wishes]
        place_combined(self, self.world.of(People).customer("referral"), wishes if self.world.site == "cn" else plain)

    @has_room
    @step(pick=picks, goods=goods, term=terms, project=projects, off=offs, promotion=promotions)
    def order_several(
        self,
        pick: int,
        goods: list[Goods],
        term: tuple[int, int],
        project: tuple[str, str],
        off: Decimal | None,
        promotion: Decimal | None,
    ) -> None:
        place(self, some_caller(self, pick), Wish(goods, *term, off, promotion, project, user="somebody"))

    @step(
        pick=picks,
        state=st.sampled_from([APPROVAL, CONFIRMATION, UNPAID]),
        days=st.sampled_from([None, 1, 3]),
        contract=st.sampled_from(["", "C-1"]),
    )
    def order_with_conditions(self, pick: int, state: int, days: int | None, contract: str) -> None:
        """It awaits a decision first, must be paid within some days, or belongs to a contract."""
        place(self, some_caller(self, pick), Wish([Goods(disk(12))], contract=contract, days=days, status=state))

    @has_room
    @step(
        pick=picks,
        first=goods,
        second=single,
        terms=st.tuples(terms, terms),
        projects=st.tuples(projects, projects),
        off=offs,
        promotion=promotions,
        pays=st.booleans(),
    )
    def combine(
        self,
        pick: int,
        first: list[Goods],
        second: list[Goods],
        terms: tuple[tuple[int, int], tuple[int, int]],
        projects: tuple[tuple[str, str], tuple[str, str]],
        off: Decimal | None,
        promotion: Decimal | None,
        pays: bool,
    ) -> None:
        """Two orders of different terms and projects; abroad nobody could see the discounts of one order."""
        abroad = self.world.site == "intl"
        wishes = [
            Wish(first, *terms[0], None if abroad else off, None, projects[0]),
            Wish(second, *terms[1], None, None if abroad else promotion, projects[1]),
        ]
        customer = one_of(self.world.of(People).callers, pick)
        order = place_combined(self, customer, wishes)
        if pays:
            pay_order(self, order, customer, self.world.of(Orders).usual(order), [], waits=True)
            found = [one for one in self.world.of(Resources).of(customer) if one.terms[0].order in order.together]
            find_resources(self, customer, False, found, {"order_id": order.id})

    @has_combined
    @step(pick=picks, accepted=st.booleans())
    def decide(self, pick: int, accepted: bool) -> None:
        waiting = [one for one in self.world.of(Orders).orders if one.status in (APPROVAL, CONFIRMATION)]
        if waiting:
            order = one_of(waiting, pick)
            self.play.place("order_decisions", order=order.id, accepted=accepted)
            order.status = UNPAID if accepted else CANCELLED

    @has_combined
    @step(pick=picks, foreign=rarely, choice=picks, offered=rarely, chosen=st.lists(picks, max_size=2), waits=waits)
    def pay_together(
        self, pick: int, foreign: bool, choice: int, offered: bool, chosen: list[int], waits: bool
    ) -> None:
        """Mostly with a discount that can be used; rarely with any, or with more vouchers than may be."""
        order, orders = _mostly_unpaid(self, pick), self.world.of(Orders)
        every = [*orders.discounts.get(order.customer.id, []), *order.all_offers]
        found = every if offered else orders.choices(order)
        adjusted = [one for one in found if one.kind == ADJUSTMENT]
        discount = one_of([*adjusted, *adjusted, *found], choice) if found and choice % 3 else None
        own = self.world.of(Vouchers).vouchers
        held = [one for one in own if one.holder == order.customer.id and one.balance > 0]
        vouchers = {one.id: one for one in (one_of(held, number) for number in chosen)} if held else {}
        payer = somebody_else(self, order.customer) if foreign else order.customer
        pay_order(self, order, payer, discount, list(vouchers.values()), waits)

    @has_combined
    @step(pick=picks, foreign=rarely, wanted=rarely)
    def cancel_together(self, pick: int, foreign: bool, wanted: bool) -> None:
        order = one_of(_all(self), pick)
        if foreign or wanted or order.status != UNPAID:
            cancel_order(self, order, somebody_else(self, order.customer) if foreign else order.customer)

    @has_combined
    @step(pick=picks)
    def show_together(self, pick: int) -> None:
        order = one_of(_all(self), pick)
        foretold = Given(details_of(self.world, order))
        self.call(order.customer.role, "ShowCustomerOrderDetails", foretold, order_id=order.id, limit=100)

    @on("cn")
    @has_combined
    @step(pick=picks)
    def list_all_discounts(self, pick: int) -> None:
        """With what each takes off which lines; alike lines of an order come as one."""
        order, orders = one_of(_all(self), pick), self.world.of(Orders)
        found = orders.choices(order) if order.status == UNPAID and not order.whole else []
        rows = [discount_row(orders, one, order) for one in found]
        self.call(order.customer.role, "ListOrderDiscounts", Given({"discounts": rows}), order_id=order.id)


def _all(rules: Rules) -> list[Order]:
    """The orders of these rules, and the members of combinations."""
    people = rules.world.of(People).callers
    own = [one for one in rules.world.of(Orders).orders if one.customer in people]
    return [each for one in own for each in (*one.members, one)]


def _mostly_unpaid(rules: Rules, pick: int) -> Order:
    every = _all(rules)
    unpaid = [one for one in every if one.status == UNPAID and not one.whole]
    return one_of([*every, *unpaid, *unpaid, *unpaid], pick)


def discount_row(orders: Orders, discount: Discount, order: Order) -> dict[str, Any]:
    off = dict(zip(map(id, order.lines), orders.reductions(discount, order), strict=True))
    covered = [(one, [line for line in one.lines if off[id(line)]]) for one in order.together]
    return {
        "discount_id": discount.id,
        "discount_type": discount.kind,
        "discount_value": orders.saving(discount, order) if discount.ratio is None else discount.ratio,
        "orders": [
            {"order_id": one.id, "order_line_items": InAnyOrder([*_items(discount, lines, off)])}
            for one, lines in covered
            if lines
        ],
    }


def _items(discount: Discount, lines: list[Line], off: dict[int, Decimal]) -> Iterator[dict[str, Any]]:
    """An amount that is taken off leaves a ratio, too, with four decimals."""
    alike: dict[tuple[Product, Decimal, Decimal], list[Line]] = {}
    for line in lines:
        alike.setdefault((line.product, line.price, off[id(line)]), []).append(line)
    for (_, price, saved), found in alike.items():
        left = discount.ratio or (1 - saved / price).quantize(RATIO_DIGITS, ROUND_DOWN)
        yield {
            "order_line_item_ids": [SOMETHING] * len(found),
            "discount_mode": REDUCTION if discount.ratio is None else RATIO,
            "discount_amount": saved * len(found),
            "discount_ratio": left,
        }
