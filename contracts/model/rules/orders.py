"""Orders: placed in the console, listed and shown, paid with discounts, vouchers and money, cancelled, overdue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import Given, Refused, differences
from contracts.model.joining import placed_discount
from contracts.model.machine import Listing, Rules, on, one_of, picks, rarely, rows_of, step
from contracts.model.placing import Goods, Wish, place
from contracts.model.reference.money import Money, purse
from contracts.model.reference.orders import PROCESSING_TIME, UNPAID, Order, Orders, covers
from contracts.model.reference.people import RESOLD, Customer, People
from contracts.model.reference.prices import (
    ADJUSTMENT,
    BY_USAGE,
    COMMERCIAL,
    ECS,
    EVS,
    MONTH,
    PARTNER_SET,
    SERVER,
    YEAR,
    Discount,
    Product,
    disk,
)
from contracts.model.reference.rows import details_of, order_row
from contracts.model.reference.vouchers import Voucher, Vouchers
from contracts.model.rules.customers import caller

VOUCHER_TYPE = 301
DISCOUNT = Decimal("0.73")
"""It leaves fractions of cents."""
sizes = st.integers(10, 50)
kinds = st.sampled_from(["commercial", "partner_set", "partner_granted"])
limits = st.sampled_from([(), (), (ECS,), (EVS,), ("MONTHLY",), ("1_YEARLY", BY_USAGE), (EVS, "MONTHLY")])
"""Of discounts: services and ways of charging."""
waits = st.booleans()
"""Whether time goes on until the order is completed."""
has_orders = precondition(lambda self: bool(self.world.of(Orders).orders))


class Ordering(Rules):
    """What customers order and how they pay."""

    def begin(self) -> None:
        """A customer has a discount, and orders that it can pay at once."""
        self.play.place("settings", payment_seconds=0)
        customer = self.world.of(People).customer("customer")
        give_discount(self, customer, DISCOUNT, "commercial", (), None)
        for goods in (Goods(SERVER, attached=(Goods(disk(10)),)), Goods(SERVER), Goods(disk(30))):
            place(self, customer, Wish([goods]))

    @step(
        pick=picks,
        content=st.sampled_from(["server", "server and its disk", "disk"]),
        size=sizes,
        months=st.sampled_from([1, 2, 3, 12]),
        off=st.sampled_from([None, 0, 0, 0, 1, 4]),
    )
    def order(self, pick: int, content: str, size: int, months: int, off: int | None) -> None:
        """In the console; `off` is what the vendor takes off this one order."""
        customer, bare = some_caller(self, pick), Goods(disk(size) if content == "disk" else SERVER)
        goods = Goods(SERVER, attached=(Goods(disk(size)),)) if content == "server and its disk" else bare
        period, number = (YEAR, 1) if months == 12 else (MONTH, months)
        place(self, customer, Wish([goods], period, number, Decimal(off) if off else None))

    @step(pick=picks, percent=st.integers(1, 99), kind=kinds, only=limits, days=st.sampled_from([None, None, 3]))
    def grant_discount(self, pick: int, percent: int, kind: str, only: tuple[str, ...], days: int | None) -> None:
        """For all services and ways of charging or for some; for long or for some days."""
        give_discount(self, some_caller(self, pick), Decimal(percent) / 100, kind, only, days)

    @has_orders
    @step(pick=picks)
    def list_discounts(self, pick: int) -> None:
        orders = self.world.of(Orders)
        order = some_order(self, pick)
        found = orders.choices(order) if order.status == UNPAID else []
        shown = [one for one in found if self.world.site == "cn" or one.kind in (COMMERCIAL, PARTNER_SET)]
        rows = [{"discount_id": one.id, "discount_type": one.kind} for one in shown]
        foretold = Given({"discounts": rows})
        self.call(order.customer.role, "ListOrderDiscounts", foretold, order_id=order.id)

    @on("cn")
    @has_orders
    @step(pick=picks)
    def list_vouchers_for_order(self, pick: int) -> None:
        order = some_order(self, pick)
        found = _usable(self, order) if order.status == UNPAID else []
        rows = [{"coupon_id": one.id, "coupon_type": VOUCHER_TYPE, "balance": one.balance} for one in found]
        foretold = Given({"count": len(rows), "user_coupons": rows})
        self.call(order.customer.role, "ListOrderCouponsByOrderId", foretold, order_id=order.id)

    @has_orders
    @step(
        pick=picks,
        foreign=rarely,
        discount=st.booleans(),
        choice=picks,
        voucher=st.booleans(),
        which=picks,
        waits=waits,
    )
    def pay(
        self, pick: int, foreign: bool, discount: bool, choice: int, voucher: bool, which: int, waits: bool
    ) -> None:
        orders, order = self.world.of(Orders), some_order(self, pick)
        payer = somebody_else(self, order.customer) if foreign else order.customer
        offered = orders.choices(order)
        chosen = one_of(offered, choice) if discount and offered else None
        held = [one for one in self.world.of(Vouchers).vouchers if one.holder == order.customer.id]
        vouchers = [one_of(held, which)] if voucher and held else []
        pay_order(self, order, payer, chosen, vouchers, waits)

    @has_orders
    @step(pick=picks, foreign=rarely)
    def cancel(self, pick: int, foreign: bool) -> None:
        order = some_order(self, pick)
        who = somebody_else(self, order.customer) if foreign else order.customer
        cancel_order(self, order, who)

    @has_orders
    @step(pick=picks, foreign=rarely)
    def show_order(self, pick: int, foreign: bool) -> None:
        order = some_order(self, pick)
        who = somebody_else(self, order.customer) if foreign else order.customer
        foretold = Given(details_of(self.world, order))
        self.call(
            who.role,
            "ShowCustomerOrderDetails",
            Refused("CBC.30000010") if foreign else foretold,
            order_id=order.id,
            limit=100,
        )

    def learn(self) -> None:
        """Orders that the service placed by itself are told by the list."""
        orders = self.world.of(Orders)
        for order in [one for one in orders.orders if not one.id]:
            known = {one.id for one in orders.orders}
            _, _, body = self.play.read(order.customer.role, "ListCustomerOrders", limit=100)
            # Of several that are alike the first one was placed first: the list has the newest first.
            for row in reversed(rows_of(body, "order_infos")):
                if row.get("order_id") not in known and _is_row_of(self, order, row):
                    order.id = row["order_id"]
                    self.play.name(order.id, "order")
                    break

    def listings(self) -> Iterator[Listing]:
        orders, people = self.world.of(Orders), self.world.of(People)
        for customer in people.callers:
            rows = [order_row(self.world, one) for one in orders.of(customer)]
            yield _listing(customer.role, rows, {})
        for partner in ("partner", "reseller"):
            who, named = caller(self, partner)
            own = people.of(partner)
            rows = [order_row(self.world, one) for one in orders.orders if one.customer in own]
            yield _listing(who, rows, named)


def some_caller(rules: Rules, pick: int) -> Customer:
    """A customer, mostly the one that has vouchers."""
    people = rules.world.of(People)
    return one_of([*people.callers, people.customer("customer"), people.customer("customer")], pick)


def give_discount(
    rules: Rules, customer: Customer, ratio: Decimal, kind: str, only: tuple[str, ...], days: int | None
) -> None:
    """A discount on whatever a customer buys, or on some services and ways of charging only."""
    services = tuple(one for one in only if one.startswith("hws."))
    modes = tuple(one for one in only if one not in services)
    said: dict[str, Any] = {"service_types": services} if services else {}
    said |= {"charging_modes": modes} if modes else {}
    lasts = f"P{days}D" if days else "P2Y"
    one = placed_discount(rules, customer, kind, ratio, expires=lasts, **said)
    discount = replace(one, services=services, modes=modes, ends=rules.world.now + timedelta(days=days or 730))
    rules.world.of(Orders).discounts.setdefault(customer.id, []).append(discount)


def pass_processing(rules: Rules, waits: bool) -> None:
    """Wait until an order is completed, if that is drawn."""
    if waits:
        rules.pass_time(PROCESSING_TIME)


def place_purchase(
    rules: Rules, customer: Customer, products: list[Product], period: int, number: int, off: Decimal | None = None
) -> Order:
    """A customer orders a product in the console, with others attached to it."""
    main, *attached = products
    goods = Goods(main, attached=tuple(Goods(one) for one in attached))
    return place(rules, customer, Wish([goods], period, number, off))


def _listing(who: str, rows: list[dict[str, Any]], named: dict[str, Any]) -> Listing:
    return Listing(who, "ListCustomerOrders", "order_infos", rows, ("order_id",), "total_count", "create_time", named)


def _is_row_of(rules: Rules, order: Order, row: dict[str, Any]) -> bool:
    """Whether a row that is not known may be that of an order without an id yet."""
    names = ("order_type", "create_time", "source_type", "official_amount", "amount_after_discount")
    foretold = order_row(rules.world, order)
    return not any(differences({name: foretold[name] for name in names}, row))


def some_order(rules: Rules, pick: int) -> Order:
    """An order, mostly one that awaits payment."""
    orders = rules.world.of(Orders).orders
    unpaid = [one for one in orders if one.status == UNPAID]
    return one_of([*unpaid, *unpaid, *orders], pick)


def somebody_else(rules: Rules, customer: Customer) -> Customer:
    return next(one for one in rules.world.of(People).callers if one is not customer)


def _usable(rules: Rules, order: Order) -> list[Voucher]:
    """The vouchers that can pay for something in an order, the first to expire first."""
    now = rules.world.now
    found = [
        one
        for one in rules.world.of(Vouchers).vouchers
        if one.holder == order.customer.id and one.is_good_at(now) and any(covers(one, line) for line in order.lines)
    ]
    return sorted(found, key=lambda one: one.ends)


def pay_order(
    rules: Rules, order: Order, payer: Customer, chosen: Discount | None, vouchers: list[Voucher], waits: bool
) -> None:
    codes = _codes_of_payment(rules, order, payer, chosen, vouchers)
    rules.call(
        payer.role,
        "PayOrders",
        Refused(*codes) if codes else Given(),
        order_id=order.id,
        use_coupon="YES" if vouchers else "NO",
        use_discount="YES" if chosen else "NO",
        **({"coupon_infos": [{"id": one.id, "type": VOUCHER_TYPE} for one in vouchers]} if vouchers else {}),
        **({"discount_infos": [{"id": chosen.id, "type": chosen.kind}]} if chosen else {}),
    )
    if not codes:
        rules.world.of(Orders).pay(order, chosen, vouchers)
        pass_processing(rules, waits)


def cancel_order(rules: Rules, order: Order, who: Customer) -> None:
    code = "" if order.status == UNPAID else "CBC.99005010"
    code = "CBC.99000089" if order.whole else code
    code = code if who is order.customer else "CBC.30000010"
    rules.call(who.role, "CancelCustomerOrder", Refused(code) if code else Given(), order_id=order.id)
    if not code:
        rules.world.of(Orders).cancel(order)


def _codes_of_payment(
    rules: Rules, order: Order, payer: Customer, discount: Discount | None, vouchers: list[Voucher]
) -> list[str]:
    """What refuses a payment. Whether the order can be paid at all comes before how."""
    code = _code_of_order(rules, order, payer)
    if code:
        return [code]
    codes = ["CBC.99005003"] if payer.frozen else []
    orders, adjusted = rules.world.of(Orders), any(one.kind == ADJUSTMENT for one in order.all_offers)
    if adjusted and (not discount or discount.kind != ADJUSTMENT):
        codes.append("CBC.99003108")
    if discount is not None and discount not in orders.choices(order):
        codes.append("CBC.99003108")
    for one in vouchers:
        if not one.is_good_at(rules.world.now):
            codes.append("CBC.99003112")
        elif not any(covers(one, line) for line in order.lines):
            codes.append("CBC.0100")
    codes += ["CBC.0100"] if len(vouchers) > 1 else []
    if codes or payer.association == RESOLD:
        return codes
    return ["CBC.99005003"] if orders.due(order, discount, vouchers) > purse(rules.world.of(Money), payer) else []


def _code_of_order(rules: Rules, order: Order, payer: Customer) -> str:
    """Why an order cannot be paid at all; empty if it can."""
    if payer is not order.customer:
        return "CBC.30000010"
    if order.whole:
        return "CBC.99000089"
    if order.overdue:
        return "CBC.99003110"
    if order.status != UNPAID:
        return "CBC.99003106"
    return "CBC.99003162" if order.pay_before and rules.world.now > order.pay_before else ""
