"""Orders of yearly/monthly products: what is ordered, how it was paid, what came back. Data only.

Amounts have two decimals, in the currency of the site.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from mockserver.domain.products import Product

APPROVAL, PROCESSING, CANCELLED, COMPLETED, PENDING_PAYMENT, CONFIRMATION = 1, 3, 4, 5, 6, 9
"""States that the emulator brings orders into."""

PURCHASE, RENEWAL, CHANGE, UNSUBSCRIPTION, TO_ON_DEMAND = 1, 2, 3, 4, 10
"""Types of orders."""

OPEN = (APPROVAL, CONFIRMATION, PENDING_PAYMENT)
"""States in which nothing is paid yet, and the order can still come to nothing."""

BY_CUSTOMER, BY_SYSTEM = 1, 8
"""Where orders come from."""

SYSTEM_USER = "运营系统"
"""Who places the orders of the system. Source: api-bpconsole/api_order_00014."""

EDGES = {
    APPROVAL: (PENDING_PAYMENT, CANCELLED),
    CONFIRMATION: (PENDING_PAYMENT, CANCELLED),
    PENDING_PAYMENT: (PROCESSING, CANCELLED),
    PROCESSING: (COMPLETED,),
    CANCELLED: (),
    COMPLETED: (),
}
"""From which state to which an order goes. Source: rules of orders."""

VOUCHER_PART, FLEXI_PART, CARD_PART, MONEY_PART = "voucher", "flexi", "card", "money"
"""What a part of a payment was taken from."""

PROMOTION, CONTRACT, COMMERCIAL_OFFER, PARTNER_OFFER, ADJUSTMENT = 0, 1, 2, 3, 609
"""Types of discounts as orders offer them."""

NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a payment. `place` is the id of the coupon or card, or the book of the ledger."""

    kind: str
    place: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Reduction:
    """What a discount took off. `kind` is a `discount_type` of the wire, such as 605."""

    kind: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """An item of an order: `quantity` pieces of a product for one term.

    `main` is the id of the line whose resources these are attached to. `resources` are the ids of the resources that
    the line creates, renews or gives up: of a purchase only once they exist.
    """

    id: str
    product: Product
    product_id: str
    list_price: Decimal
    period_type: int
    period_num: int | None
    quantity: int = 1
    main: str = ""
    names: tuple[str, ...] = ()
    traits: frozenset[str] = frozenset()
    resources: tuple[str, ...] = ()
    effective_on: datetime | None = None
    expires_on: datetime | None = None
    reductions: tuple[Reduction, ...] = ()
    parts: tuple[Part, ...] = ()
    fee: Decimal = NOTHING
    consumed: Decimal = NOTHING

    @property
    def payable(self) -> Decimal:
        """The price after discounts, before coupons and cards."""
        return self.list_price - sum((one.amount for one in self.reductions), NOTHING)


@dataclass(frozen=True, slots=True)
class Offer:
    """A discount of one order only: a promotion, or an adjustment of its price, which must be used.

    Either a `ratio` of the price that remains, or an amount `off`.
    """

    id: str
    kind: int
    ratio: Decimal | None = None
    off: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Refund:
    """What of an unsubscription belongs to one original order and one type of resource: negative what comes back,
    positive what is kept for consumption or as a fee."""

    id: str
    base_order_id: str
    product: Product
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """An order of a customer. `lines` are empty for a combination, which has `members` instead."""

    id: str
    customer_id: str
    kind: int
    status: int
    created_on: datetime
    lines: tuple[Line, ...]
    user_name: str
    source: int = BY_CUSTOMER
    deadline: datetime | None = None
    """Until when it must be paid; None for what needs no payment."""
    pay_before: datetime | None = None
    """The effective time that was set for it, if any: paying later is refused."""
    paid_on: datetime | None = None
    contract_id: str = ""
    project: tuple[str, str] = ("0", "default")
    """Id and name of the enterprise project."""
    combination_id: str = ""
    members: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()
    cancelled_because: str = ""
    payer_id: str = ""
    """The master account that pays for the customer, a member of its enterprise; empty where the customer pays."""
    refunds: tuple[Refund, ...] = ()
    returns: tuple[tuple[str, Part], ...] = ()
    """What an unsubscription gives back when it is completed: the original order's id, and the part."""
    free_instances: tuple[str, ...] = ()
    """What the unsubscription took from the yearly quota of the five-day rule."""
    renewals_only: bool = False
    """Of an unsubscription: the resources stay, only periods that have not begun are given back."""

    @property
    def list_price(self) -> Decimal:
        return sum((line.list_price for line in self.lines), NOTHING)

    @property
    def payable(self) -> Decimal:
        """The amount after discounts, before coupons and cards."""
        return sum((line.payable for line in self.lines), NOTHING)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All that it was paid with."""
        return tuple(part for line in self.lines for part in line.parts)

    @property
    def resources(self) -> tuple[str, ...]:
        return tuple(one for line in self.lines for one in line.resources)

    @property
    def is_unpaid(self) -> bool:
        """Whether it can still come to nothing."""
        return self.status in OPEN and self.paid_on is None

    def moved(self, status: int) -> Order:
        """The order in its next state, along a documented edge."""
        assert status in EDGES[self.status], f"order {self.id} does not go from {self.status} to {status}"
        return replace(self, status=status)


def amount_of(parts: tuple[Part, ...], *kinds: str) -> Decimal:
    """The sum of the parts of these kinds."""
    return sum((part.amount for part in parts if part.kind in kinds), NOTHING)


def shares(amount: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """`amount` divided in proportion to the weights, in cents, so that the shares add up to it. Where it is not above
    their sum no share is above its weight."""
    whole, given, seen, out = sum(weights, NOTHING), NOTHING, NOTHING, []
    for weight in weights:
        seen += weight
        so_far = (amount * seen / whole).quantize(Decimal("0.01"), rounding="ROUND_DOWN") if whole else NOTHING
        out.append(so_far - given)
        given = so_far
    return out
