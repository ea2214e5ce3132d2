"""Orders: placed in the console, listed and shown, paid with discounts, vouchers and money, cancelled, overdue."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import Given, Refused, differences
from contracts.model.machine import Listing, Rules, on, one_of, picks, rarely, rows_of, step
from contracts.model.reference.money import Money, purse
from contracts.model.reference.orders import (
    PROCESSING_TIME,
    PURCHASE,
    UNPAID,
    VOUCHER,
    Line,
    Order,
    Orders,
    covers,
)
from contracts.model.reference.people import RESOLD, Customer, People
from contracts.model.reference.prices import (
    ADJUSTMENT,
    COMMERCIAL,
    MONTH,
    PARTNER_SET,
    SERVER,
    YEAR,
    Discount,
    Product,
    disk,
)
from contracts.model.reference.resources import Resources
from contracts.model.reference.vouchers import Voucher, Vouchers
from contracts.model.reference.world import NOTHING
from contracts.model.rules.customers import caller

VOUCHER_TYPE = 301
DISCOUNT = Decimal("0.73")
"""It leaves fractions of cents."""
sizes = st.integers(10, 50)
waits = st.booleans()
"""Whether time goes on until the order is completed."""
has_orders = precondition(lambda self: bool(self.world.of(Orders).orders))


class Ordering(Rules):
    """What customers order and how they pay."""

    def begin(self) -> None:
        """A customer has a discount, and orders that it can pay at once."""
        self.play.place("settings", payment_seconds=0)
        customer = self.world.of(People).customer("customer")
        _grant_discount(self, customer, DISCOUNT, commercial=True)
        for products in ([SERVER, disk(10)], [SERVER], [disk(30)]):
            place_purchase(self, customer, products, MONTH, 1)

    @step(
        pick=picks,
        content=st.sampled_from(["server", "server and its disk", "disk"]),
        size=sizes,
        months=st.sampled_from([1, 2, 3, 12]),
        off=st.sampled_from([None, 0, 0, 0, 1, 4]),
    )
    def order(self, pick: int, content: str, size: int, months: int, off: int | None) -> None:
        """In the console; `off` is what the vendor takes off this one order."""
        customer = _some_caller(self, pick)
        products = [SERVER, disk(size)] if content == "server and its disk" else [SERVER]
        if content == "disk":
            products = [disk(size)]
        period, number = (YEAR, 1) if months == 12 else (MONTH, months)
        place_purchase(self, customer, products, period, number, Decimal(off) if off else None)

    @step(pick=picks, percent=st.integers(1, 99), commercial=st.booleans())
    def grant_discount(self, pick: int, percent: int, commercial: bool) -> None:
        _grant_discount(self, _some_caller(self, pick), Decimal(percent) / 100, commercial)

    @has_orders
    @step(pick=picks)
    def list_discounts(self, pick: int) -> None:
        orders = self.world.of(Orders)
        order = _some_order(self, pick)
        found = orders.choices(order) if order.status == UNPAID else []
        shown = [one for one in found if self.world.site == "cn" or one.kind in (COMMERCIAL, PARTNER_SET)]
        rows = [{"discount_id": one.id, "discount_type": one.kind} for one in shown]
        foretold = Given({"discounts": rows})
        self.call(order.customer.role, "ListOrderDiscounts", foretold, order_id=order.id)

    @on("cn")
    @has_orders
    @step(pick=picks)
    def list_vouchers_for_order(self, pick: int) -> None:
        order = _some_order(self, pick)
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
        orders, order = self.world.of(Orders), _some_order(self, pick)
        payer = _somebody_else(self, order.customer) if foreign else order.customer
        offered = orders.choices(order)
        chosen = one_of(offered, choice) if discount and offered else None
        held = [one for one in self.world.of(Vouchers).vouchers if one.holder == order.customer.id]
        vouchers = [one_of(held, which)] if voucher and held else []
        codes = _codes_of_payment(self, order, payer, chosen, vouchers)
        self.call(
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
            orders.pay(order, chosen, vouchers)
            pass_processing(self, waits)

    @has_orders
    @step(pick=picks, foreign=rarely)
    def cancel(self, pick: int, foreign: bool) -> None:
        order = _some_order(self, pick)
        who = _somebody_else(self, order.customer) if foreign else order.customer
        code = "CBC.30000010" if foreign else "" if order.status == UNPAID else "CBC.99005010"
        foretold = Refused(code) if code else Given()
        self.call(who.role, "CancelCustomerOrder", foretold, order_id=order.id)
        if not code:
            self.world.of(Orders).cancel(order)

    @has_orders
    @step(pick=picks, foreign=rarely)
    def show_order(self, pick: int, foreign: bool) -> None:
        order = _some_order(self, pick)
        who = _somebody_else(self, order.customer) if foreign else order.customer
        lines = [{"official_amount": one.price, "amount_after_discount": one.payable} for one in order.lines]
        foretold = Given({"total_count": len(lines), "order_info": _row(order)})
        self.call(
            who.role,
            "ShowCustomerOrderDetails",
            Refused("CBC.30000010") if foreign else foretold,
            order_id=order.id,
            limit=100,
        )

    @step(pick=picks, status=st.sampled_from([3, 4, 5, 6]))
    def filter_orders(self, pick: int, status: int) -> None:
        customer = one_of(self.world.of(People).callers, pick)
        found = [one for one in self.world.of(Orders).of(customer) if one.status == status]
        self.call(customer.role, "ListCustomerOrders", Given({"total_count": len(found)}), status=status)

    def learn(self) -> None:
        """Orders that the service placed by itself are told by the list."""
        orders = self.world.of(Orders)
        for order in [one for one in orders.orders if not one.id]:
            known = {one.id for one in orders.orders}
            _, _, body = self.play.read(order.customer.role, "ListCustomerOrders", limit=100)
            for row in rows_of(body, "order_infos"):
                if row.get("order_id") not in known and _is_row_of(order, row):
                    order.id = row["order_id"]
                    self.play.name(order.id, "order")
                    break

    def listings(self) -> Iterator[Listing]:
        orders, people = self.world.of(Orders), self.world.of(People)
        for customer in people.callers:
            rows = [_row(one) for one in orders.of(customer)]
            yield _listing(customer.role, rows, {})
        for partner in ("partner", "reseller"):
            who, named = caller(self, partner)
            own = people.of(partner)
            yield _listing(who, [_row(one) for one in orders.orders if one.customer in own], named)


def _some_caller(rules: Rules, pick: int) -> Customer:
    """A customer, mostly the one that has vouchers."""
    people = rules.world.of(People)
    return one_of([*people.callers, people.customer("customer"), people.customer("customer")], pick)


def _grant_discount(rules: Rules, customer: Customer, ratio: Decimal, commercial: bool) -> None:
    kind = "commercial" if commercial else "partner_set"
    row = rules.play.place("discounts", customer=customer.name, kind=kind, ratio=ratio, expires="P2Y")
    rules.play.name(row["id"], "discount")
    discount = Discount(row["id"], COMMERCIAL if commercial else PARTNER_SET, ratio)
    rules.world.of(Orders).discounts.setdefault(customer.id, []).append(discount)


def pass_processing(rules: Rules, waits: bool) -> None:
    """Wait until an order is completed, if that is drawn."""
    if waits:
        rules.pass_time(PROCESSING_TIME)


def place_purchase(
    rules: Rules,
    customer: Customer,
    products: list[Product],
    period: int,
    number: int,
    off: Decimal | None = None,
) -> Order:
    """A customer orders a product in the console, with others attached to it."""
    main, *attached = (one.item(rules.world.site) for one in products)
    item = {**main, "attached": attached} if attached else main
    word = "year" if period == YEAR else "month"
    said = {"price_adjustment": off} if off else {}
    row = rules.play.place("orders", customer=customer.name, items=[item], period=word, number=number, **said)
    rules.play.name(row["id"], "order")
    offer = Discount(row["offers"][0]["id"], ADJUSTMENT, off=off) if off else None
    lines, provision = _lines(rules, products, period, number), rules.world.of(Resources).provision
    order = Order(row["id"], customer, PURCHASE, lines, rules.world.now, provision, offer=offer)
    return rules.world.of(Orders).place(order)


def _listing(who: str, rows: list[dict[str, Any]], named: dict[str, Any]) -> Listing:
    return Listing(who, "ListCustomerOrders", "order_infos", rows, ("order_id",), "total_count", "create_time", named)


def _row(order: Order) -> dict[str, Any]:
    returned = [part for _, part in order.returns]
    vouchers = sum((one.amount for one in returned if one.kind == VOUCHER), NOTHING)
    return {
        "order_id": order.id,
        "customer_id": order.customer.id,
        "status": order.status,
        "order_type": order.kind,
        "source_type": order.source,
        "official_amount": order.price,
        "amount_after_discount": order.payable,
        "create_time": order.created,
        "payment_time": order.paid,
        "amount_info": {
            "coupon_amount": order.paid_with(VOUCHER) or vouchers,
            "discounts": [{"discount_type": kind, "discount_amount": off} for kind, off in order.off.items()],
            "consumed_amount": order.consumed,
            "commission_amount": order.fee,
        },
    }


def _is_row_of(order: Order, row: dict[str, Any]) -> bool:
    """Whether a row that is not known may be that of an order without an id yet."""
    names = ("order_type", "create_time", "source_type", "official_amount", "amount_after_discount")
    return not any(differences({name: _row(order)[name] for name in names}, row))


def _lines(rules: Rules, products: list[Product], period: int, number: int) -> list[Line]:
    main: Line | None = None
    lines = []
    for one in products:
        lines.append(Line(one, period, number, one.price(rules.world.site, period, number), main))
        main = main or lines[0]
    return lines


def _some_order(rules: Rules, pick: int) -> Order:
    """An order, mostly one that awaits payment."""
    orders = rules.world.of(Orders).orders
    unpaid = [one for one in orders if one.status == UNPAID]
    return one_of([*unpaid, *unpaid, *orders], pick)


def _somebody_else(rules: Rules, customer: Customer) -> Customer:
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


def _codes_of_payment(
    rules: Rules, order: Order, payer: Customer, discount: Discount | None, vouchers: list[Voucher]
) -> list[str]:
    """What refuses a payment. Whether the order can be paid at all comes before how."""
    if payer is not order.customer:
        return ["CBC.30000010"]
    if order.overdue:
        return ["CBC.99003110"]
    if order.status != UNPAID:
        return ["CBC.99003106"]
    codes = ["CBC.99005003"] if payer.frozen else []
    if order.offer is not None and discount is not order.offer:
        codes.append("CBC.99003108")
    for one in vouchers:
        if not one.is_good_at(rules.world.now):
            codes.append("CBC.99003112")
        elif not any(covers(one, line) for line in order.lines):
            codes.append("CBC.0100")
    if codes or payer.association == RESOLD:
        return codes
    due = rules.world.of(Orders).due(order, discount, vouchers)
    return ["CBC.99005003"] if due > purse(rules.world.of(Money), payer) else []
