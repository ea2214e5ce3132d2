"""What customers order in the console, what people decide about orders, and what befalls resources outside the API."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from mockserver.control.state import places
from mockserver.domain.catalogue import catalogue
from mockserver.domain.forms import FormError, customer_named, moment, read_form
from mockserver.domain.orders import (
    ADJUSTMENT,
    APPROVAL,
    CONFIRMATION,
    PENDING_PAYMENT,
    PROMOTION,
    PURCHASE,
    Line,
    Offer,
    Order,
)
from mockserver.domain.products import CENTS, PERIODS, Product
from mockserver.domain.resources import FROZEN, IN_USE, TRAITS, Resource
from mockserver.domain.sandbox import Sandbox
from mockserver.services.orders.ordering import REFUSED, cancel_order, combine, place_order
from mockserver.services.resources.lifecycle import move

STATES = {"pending_payment": PENDING_PAYMENT, "approval": APPROVAL, "confirmation": CONFIRMATION}
MOST_PIECES = 100
"""Of a line."""

LARGEST = 10**12
RATIO_DIGITS = 4

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Count = Annotated[int, msgspec.Meta(ge=1, le=MOST_PIECES)]


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A form that refuses fields it does not know."""


class ProjectForm(_Strict):
    """An enterprise project."""

    id: Name
    name: Name


class ItemForm(_Strict):
    """`quantity` pieces of a product, found by the four keys of a price query; a linear one has a size.

    What is `attached` comes with each piece, and for the same time.
    """

    service: Name
    resource: Name
    spec: Name
    region: Name
    size: Decimal | None = None
    quantity: Count = 1
    names: list[Name] = []
    traits: list[str] = []
    attached: Annotated[list[ItemForm], msgspec.Meta(max_length=50)] = []


class OrderForm(_Strict):
    """What a customer orders in the console, all for the same time: `number` months or years, or once.

    `price_adjustment` is an amount off, which the vendor granted; `promotion` the ratio that is left of the price.
    `payer` is the master account that pays for the customer, a member of its enterprise.
    """

    customer: str
    items: Annotated[list[ItemForm], msgspec.Meta(min_length=1, max_length=50)]
    period: Literal["month", "year", "once"] = "month"
    number: Annotated[int, msgspec.Meta(ge=1, le=11)] = 1
    status: Literal["pending_payment", "approval", "confirmation"] = "pending_payment"
    enterprise_project: ProjectForm | None = None
    user: Name | None = None
    contract: Annotated[str, msgspec.Meta(max_length=64)] = ""
    price_adjustment: Decimal | None = None
    promotion: Decimal | None = None
    pay_before: str | None = None
    payer: str | None = None


class CombinedForm(_Strict):
    """Several orders of one customer that are paid together."""

    orders: Annotated[list[OrderForm], msgspec.Meta(min_length=2, max_length=10)]


class DecisionForm(_Strict):
    """What becomes of an order that awaits approval or confirmation."""

    order: str
    accepted: bool = True


class ResourceForm(_Strict):
    """What is to change of a resource: frozen by violation or police, empty to lift it; its traits."""

    resource: str
    frozen: Literal["", "violation", "police"] | None = None
    traits: list[str] | None = None


@places("orders")
def place_purchase(sandbox: Sandbox, body: dict[str, Any]) -> Order:
    """A customer orders in the console; the order awaits its payment."""
    return _purchase(sandbox, read_form(body, OrderForm))


@places("combined_orders")
def place_combination(sandbox: Sandbox, body: dict[str, Any]) -> Order:
    """A customer orders several things at once, of different terms say, and pays them together."""
    forms = read_form(body, CombinedForm).orders
    if any(one.status != "pending_payment" for one in forms) or len({(one.customer, one.payer) for one in forms}) > 1:
        raise FormError("the orders of a combination are of one customer and one payer, and await payment")
    if sum(one.price_adjustment is not None for one in forms) > 1:
        raise FormError("one order of a combination can have a price_adjustment: a payment uses one discount")
    members = [_purchase(sandbox, one) for one in forms]
    customer = customer_named(sandbox, forms[0].customer)
    return combine(sandbox, customer, members, sandbox.now, payer_id=members[0].payer_id)


@places("order_decisions")
def decide(sandbox: Sandbox, body: dict[str, Any]) -> Order:
    """Accept an order that awaits approval or confirmation, or refuse it, which cancels it."""
    form = read_form(body, DecisionForm)
    order = sandbox.orders.get(form.order)
    if order is None or order.status not in (APPROVAL, CONFIRMATION):
        raise FormError(f"no order {form.order!r} that awaits approval or confirmation")
    if not form.accepted:
        return cancel_order(sandbox, order, REFUSED)
    return sandbox.orders.put(order.id, order.moved(PENDING_PAYMENT))


@places("resources")
def change_resource(sandbox: Sandbox, body: dict[str, Any]) -> Resource:
    """Freeze a yearly/monthly resource or lift that, give it traits. Resources come into being by orders."""
    form = read_form(body, ResourceForm)
    resource = sandbox.resources.get(form.resource)
    if resource is None or not resource.is_alive:
        raise FormError(f"no yearly/monthly resource {form.resource!r}; one comes into being by an order that is paid")
    if form.traits is not None:
        resource = sandbox.resources.put(resource.resource_id, replace(resource, traits=_traits(form.traits)))
    return resource if form.frozen is None else _freeze(sandbox, resource, form.frozen)


def _freeze(sandbox: Sandbox, resource: Resource, reason: str) -> Resource:
    frozen = sandbox.resources.put(resource.resource_id, replace(resource, frozen_by=reason))
    if reason and resource.status == IN_USE:
        return move(sandbox, frozen, FROZEN, sandbox.now)
    if not reason and resource.frozen_by and sandbox.now < resource.expires_on:
        return move(sandbox, frozen, IN_USE, sandbox.now)
    return frozen


# Purchases


def _purchase(sandbox: Sandbox, form: OrderForm) -> Order:
    customer = customer_named(sandbox, form.customer)
    details: dict[str, Any] = {"status": STATES[form.status], "contract_id": form.contract}
    if form.enterprise_project:
        details["project"] = (form.enterprise_project.id, form.enterprise_project.name)
    if form.user:
        details["user_name"] = form.user
    if form.pay_before:
        details["pay_before"] = moment(sandbox, form.pay_before)
    if form.payer:
        details["payer_id"] = customer_named(sandbox, form.payer).id
    lines = list(_lines(sandbox, form, form.items))
    return place_order(sandbox, customer, PURCHASE, lines, sandbox.now, offers=_offers(sandbox, form), **details)


def _lines(sandbox: Sandbox, form: OrderForm, items: Sequence[ItemForm], main: Line | None = None) -> Iterator[Line]:
    """A line for each item; those of its attached items come behind it."""
    for item in items:
        if main is not None and item.attached:
            raise FormError("what is attached has nothing attached itself")
        line = _line(sandbox, form, item, main)
        yield line
        yield from _lines(sandbox, form, item.attached, line)


def _line(sandbox: Sandbox, form: OrderForm, item: ItemForm, main: Line | None) -> Line:
    product, period = _product(sandbox, item), PERIODS[form.period]
    if not product.is_sold_for(sandbox.site, period, form.number):
        raise FormError(f"{item.spec!r} is not sold for {form.number} {form.period}")
    quantity = item.quantity * (main.quantity if main else 1)
    if not len(item.names) <= quantity <= MOST_PIECES:
        raise FormError(
            f"{item.spec!r}: {quantity} pieces and {len(item.names)} names; at most {MOST_PIECES}, each named once"
        )
    return Line(
        id=sandbox.ids.serial("order_line", sandbox.now),
        product=product,
        product_id=product.product_id(sandbox.site, period),
        list_price=product.list_price(sandbox.site, period, form.number, quantity),
        period_type=period,
        period_num=form.number,
        quantity=quantity,
        main=main.id if main else "",
        names=tuple(item.names),
        traits=_traits(item.traits),
    )


def _product(sandbox: Sandbox, item: ItemForm) -> Product:
    spec = catalogue().on_sale(item.service, item.resource, item.spec, item.region, sandbox.site)
    if spec is None:
        keys = f"{item.service}, {item.resource}, {item.spec} in {item.region}"
        raise FormError(f"{keys} is not on sale on site {sandbox.site}: see ListResourceSpecs")
    sizes = spec.size
    if sizes is None:
        return Product(item.service, item.resource, item.spec, item.region)
    size = item.size
    if size is None or not size.is_finite() or not sizes.min <= size <= sizes.max or size % sizes.step:
        raise FormError(f"{item.spec!r} needs a size from {sizes.min} to {sizes.max} in steps of {sizes.step}")
    return Product(item.service, item.resource, item.spec, item.region, size)


def _traits(names: Sequence[str]) -> frozenset[str]:
    unknown = sorted(set(names) - set(TRAITS))
    if unknown:
        raise FormError(f"no trait {unknown[0]!r}; accepted: {', '.join(TRAITS)}")
    return frozenset(names)


def _offers(sandbox: Sandbox, form: OrderForm) -> tuple[Offer, ...]:
    """The discounts of this one order."""
    offers, off, ratio = [], form.price_adjustment, form.promotion
    if off is not None:
        if not _lies_between(off, LARGEST, CENTS):
            raise FormError(f"price_adjustment must be an amount like 12.34, above zero and below {LARGEST}")
        offers.append(Offer(sandbox.ids.hex32("offer"), ADJUSTMENT, off=off))
    if ratio is not None:
        if not _lies_between(ratio, 1, RATIO_DIGITS):
            raise FormError(
                f"promotion must be a ratio above 0 and below 1 with {RATIO_DIGITS} decimals at most, like 0.9"
            )
        offers.append(Offer(sandbox.ids.hex32("offer"), PROMOTION, ratio=ratio))
    return tuple(offers)


def _lies_between(number: Decimal, limit: int, decimals: int) -> bool:
    return number.is_finite() and 0 < number < limit and number == round(number, decimals)
