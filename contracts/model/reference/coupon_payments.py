"""What coupons pay of an order: which they are for, when they can be used, what they leave to money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from contracts.model.reference.cards import Card
from contracts.model.reference.money import CASH
from contracts.model.reference.orders import MONEY, Line, Order, Part
from contracts.model.reference.orders import VOUCHER as VOUCHER_PART
from contracts.model.reference.prices import COMMERCIAL, PARTNER_SET, PROMOTION, REGION, YEAR, Discount
from contracts.model.reference.vouchers import DISCOUNT, FLEXI, VOUCHER, Voucher, Vouchers
from contracts.model.reference.world import NOTHING, cut, divided

WIRE_KINDS = {DISCOUNT: 300, VOUCHER: 301, FLEXI: 302}
"""How a payment calls them; other kinds pay for no order."""
MOST = {DISCOUNT: 1, VOUCHER: 1, FLEXI: 3}
"""How many of a kind one payment takes."""
ANY_PERIOD, YEARLY, MONTHLY, GENERAL = "0", "1", "2", "6"
NEW = "new"
EXCLUDED_BY = {
    PARTNER_SET: "simultaneousUseWithEmpowerDiscount",
    COMMERCIAL: "simultaneousUseWithContractDiscount",
    PROMOTION: "simultaneousUseWithPromotionDiscount",
}
NAMES = {VOUCHER: VOUCHER_PART, FLEXI: "flexi"}
"""Of the parts of a payment."""
OF_COUPON = "300"
"""What a discount coupon takes off, on statements."""


@dataclass
class Due:
    """An order that is to be paid. `products` are the ids of the products of its lines, `known` the services that its
    customer has paid for before, `excepted` those without discounts of partners."""

    order: Order
    site: str
    products: list[str]
    known: frozenset[str] = frozenset()
    excepted: frozenset[str] = frozenset()
    lines: list[Line] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = self.order.lines

    def off(self, discount: Discount | None) -> list[Decimal]:
        """What a discount takes off each line."""
        return discount.reductions(self.lines, self.excepted) if discount else [NOTHING] * len(self.lines)

    def covered(self, coupon: Voucher) -> list[Line]:
        """The lines that a coupon can pay for."""
        named = zip(self.lines, self.products, strict=True)
        return [line for line, product in named if self._covers(coupon, line, product)]

    def _covers(self, coupon: Voucher, line: Line, product: str) -> bool:
        return (
            coupon.kind in WIRE_KINDS
            and (not coupon.services or line.product.service in coupon.services)
            and (not coupon.products or product in coupon.products)
            and all(self._allows(key, pairs, line, product) for key, pairs in coupon.limits)
        )

    def _allows(self, key: str, pairs: Sequence[tuple[str, str]], line: Line, product: str) -> bool:
        """A restriction without a value restricts nothing."""
        values = [first for first, _ in pairs if first]
        if not values:
            return True
        if key == "chargeScene":
            return any(_is_charged_so(line, *pair) for pair in pairs)
        if key == "firstOrderInService":
            return values != ["1"] or line.product.service not in self.known
        allowed = {"regionCode": REGION[self.site], "productId": product, "subscribeType": NEW}
        listed = [one for value in values for one in value.split(",")]
        return key not in allowed or allowed[key] in listed


def _is_charged_so(line: Line, scene: str, numbers: str) -> bool:
    scenes = ("", ANY_PERIOD, GENERAL, YEARLY if line.period == YEAR else MONTHLY)
    return scene in scenes and (not numbers or str(line.number) in numbers.split("/"))


def limit_of(coupon: Voucher, key: str) -> str:
    return next((pairs[0][0] for name, pairs in coupon.limits if name == key), "")


def is_usable(coupon: Voucher, order: Order, now: datetime) -> bool:
    """Whether an order can use a coupon now; some are for one use only, whatever is left of them."""
    spent = limit_of(coupon, "usageTimes") == "1" and bool(coupon.payments)
    return coupon.is_good_at(now) and not coupon.frozen and not spent and coupon.lock in ("", order.id)


def fits(coupon: Voucher, due: Due, now: datetime) -> bool:
    return is_usable(coupon, due.order, now) and bool(due.covered(coupon))


def codes_of(
    due: Due,
    discount: Discount | None,
    coupons: Sequence[Voucher],
    types: Sequence[int],
    cards: Sequence[Card],
    now: datetime,
) -> list[str]:
    """What refuses a discount, coupons, each under the type that the call names, or cards."""
    codes = ["CBC.99003108"] if discount and not any(due.off(discount)) else []
    for one, named in zip(coupons, types, strict=True):
        if WIRE_KINDS.get(one.kind) != named:
            codes.append("CBC.0100")
        elif not is_usable(one, due.order, now):
            codes.append("CBC.99003112")
        elif not due.covered(one):
            codes.append("CBC.0100")
    codes += ["CBC.99003112" for one in cards if not one.is_good_at(now)]
    return codes or _conflicts(due, discount, coupons)


def _conflicts(due: Due, discount: Discount | None, coupons: Sequence[Voucher]) -> list[str]:
    """Why coupons that each could pay cannot do so together, or not with a discount."""
    kinds = [one.kind for one in coupons]
    if {VOUCHER, DISCOUNT} <= set(kinds):
        return ["CBC.99003147", *(["CBC.0100"] if len(kinds) > len(set(kinds)) else [])]
    codes = ["CBC.0100"] if any(kinds.count(one) > MOST[one] for one in kinds) else []
    for one in coupons if discount else ():
        assert discount is not None
        if limit_of(one, EXCLUDED_BY[discount.kind]) == "0":
            codes.append("CBC.99003116")
        least = limit_of(one, "minConsumeDiscount")
        if least and discount.ratio is not None and discount.ratio < Decimal(least):
            codes.append("CBC.99003117")
    return codes


@dataclass
class Paid:
    """What a payment takes from where: of each coupon, of money; what is off by kind of discount."""

    coupons: list[tuple[Voucher, Decimal]]
    money: Decimal
    off: dict[str, Decimal]
    cards: list[tuple[Card, Decimal]] = field(default_factory=list)

    @property
    def parts(self) -> list[Part]:
        """In the order in which they are taken; discount coupons only lower what is to be paid."""
        coupons = [Part(NAMES[one.kind], one.id, amount) for one, amount in self.coupons if one.kind in NAMES]
        cards = [Part("card", one.id, amount) for one, amount in self.cards]
        return [*coupons, *cards, *([Part(MONEY, CASH, self.money)] if self.money else [])]

    def of(self, *kinds: int) -> Decimal:
        return sum((amount for one, amount in self.coupons if one.kind in kinds), NOTHING)

    def use(self, vouchers: Vouchers, order: str) -> None:
        for one, amount in self.coupons:
            vouchers.use(one, order, amount)
        for card, amount in self.cards:
            card.balance -= amount


def reckon(due: Due, discount: Discount | None, coupons: Sequence[Voucher], cards: Sequence[Card] = ()) -> Paid:
    """The discount first, then what a discount coupon takes off the rest, then other coupons and cards as far as they
    reach."""
    off = due.off(discount)
    rests = [line.price - one for line, one in zip(due.lines, off, strict=True)]
    sums = {discount.on_statements: sum(off, NOTHING)} if discount else {}
    used = []
    for coupon in sorted(coupons, key=lambda one: one.kind != DISCOUNT):
        covered = due.covered(coupon)
        own = [rest if line in covered else NOTHING for line, rest in zip(due.lines, rests, strict=True)]
        amount = min(coupon.balance, sum(own, NOTHING))
        taken = divided(amount, own)
        if coupon.kind == DISCOUNT:
            amount, taken = coupon.balance, [rest - cut(rest * coupon.face) for rest in own]
            sums[OF_COUPON] = sum(taken, NOTHING)
        used += [(coupon, amount)] if amount else []
        rests = [rest - one for rest, one in zip(rests, taken, strict=True)]
    money, charged = sum(rests, NOTHING), []
    for card in cards:
        amount = min(card.balance, money)
        charged += [(card, amount)] if amount else []
        money -= amount
    return Paid(used, money, {kind: amount for kind, amount in sums.items() if amount}, charged)
