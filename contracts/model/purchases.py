"""Customers with money and coupons of every kind, who order something and pay it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from contracts.model.comparing import Given, InAnyOrder, Refused
from contracts.model.coupon_rows import card_listing, change_row, held_row
from contracts.model.joining import COUPON_KINDS, placed, placed_coupon, placed_discount
from contracts.model.machine import Listing, Rules, compare, rows_of, view
from contracts.model.placing import Goods, Wish
from contracts.model.play import credential_name
from contracts.model.reference.cards import USABLE, USED_UP, WIRE_KIND, Card
from contracts.model.reference.coupon_payments import MOST, WIRE_KINDS, Due, Paid, codes_of, fits, reckon
from contracts.model.reference.orders import PROCESSING_TIME, Orders, Part
from contracts.model.reference.people import REFERRAL
from contracts.model.reference.prices import REGION, Discount
from contracts.model.reference.refunds import FREE_TIME, settled
from contracts.model.reference.resources import Term
from contracts.model.reference.vouchers import DISCOUNT, FLEXI, VOUCHER, Quota, Voucher, Vouchers
from contracts.model.reference.world import CENT, NOTHING, World, end_of_term, text_of

CASH = Decimal(100000)
RATIOS = {"commercial": Decimal("0.73"), "partner_set": Decimal("0.9"), "partner_granted": Decimal("0.88")}
PROMOTION_RATIO = Decimal("0.85")
HELD, CHANGES = "ListSubCustomerCoupons", "ListCustomerCouponChangeRecords"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Grant:
    """A coupon to be given, the state that it is brought into, and whether the payment calls it by its own type."""

    kind: int = VOUCHER
    face: Decimal = Decimal(5)
    services: tuple[str, ...] = ()
    product: str = ""
    limits: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    state: str = ""
    days: int = 20
    named: int = 0
    """The type that the payment says instead."""


class Buyers:
    """How many customers there were."""

    def __init__(self, world: World) -> None:
        self.count = 0


class Purchase:
    """A customer with money, its coupons, and the order that it is about to pay."""

    def __init__(self, rules: Rules, cash: Decimal = CASH) -> None:
        self.rules, self.world, self.play = rules, rules.world, rules.play
        self.vouchers = Vouchers(self.world)
        self.known: frozenset[str] = frozenset()
        self.cash = cash
        buyers = self.world.of(Buyers)
        buyers.count += 1
        self.seller, role = f"seller{buyers.count}", f"buyer{buyers.count}"
        self.play.place(
            "partners", name=f"model-{self.seller}", kind="solution_provider", credential=credential_name(self.seller)
        )
        self.customer = placed(rules, role, self.seller, REFERRAL, freeze_type="")
        if cash:
            self.play.place("top_ups", account=self.customer.name, amount=cash)
        self.own = {
            kind: placed_discount(rules, self.customer, kind, ratio, expires="P2Y") for kind, ratio in RATIOS.items()
        }
        self.cards: list[Card] = []
        self._begun: datetime | None = None

    def order(self, goods: Goods, term: tuple[int, int], promoted: bool = False) -> None:
        wish = Wish([goods], *term, promotion=PROMOTION_RATIO if promoted else None)
        row = self.play.place("orders", **wish.form(self.world.site, self.customer))
        self.play.name(row["id"], "order")
        order = wish.order(self.rules, self.customer, row["id"])
        order.offers = wish.offers(order, {one["kind"]: one["id"] for one in row["offers"]})
        _, _, body = self.play.read(self.customer.role, "ShowCustomerOrderDetails", order_id=order.id, limit=100)
        products = [str(one.get("product_id")) for one in rows_of(body, "order_line_items")]
        self.due = Due(order, self.world.site, products, self.known, self.world.of(Orders).excepted)

    # Coupons

    def _grant(self, grant: Grant) -> Voucher:
        kind = VOUCHER if self.world.site == "intl" else grant.kind
        face = Decimal("0.85") if kind == DISCOUNT else grant.face
        start = self.world.now + HOUR * 72 if grant.state == "later" else self.world.now
        end = start + (HOUR if grant.state in ("ended", "from a quota") else timedelta(days=grant.days))
        one = Voucher("", None, self.customer.id, face, grant.services, start, end, kind=kind)
        one.products = tuple(self._real(name) for name in (grant.product,) if name)
        one.limits = tuple(
            (key, tuple((self._real(first), second) for first, second in pairs)) for key, pairs in grant.limits
        )
        said = self._of_quota(one) if grant.state == "from a quota" else {}
        placed_coupon(self.rules, one, self.customer.name, **said)
        self.vouchers.issue(one, to_collector=True)
        return one

    def _real(self, word: str) -> str:
        names = {"here": REGION[self.world.site], "first": self.due.products[0], "other": "00301-0-0--0"}
        return names.get(word, word)

    def _of_quota(self, one: Voucher) -> dict[str, Any]:
        quota = Quota("", self.seller, one.face, one.begins, one.ends, one.services)
        row = self.play.place(
            "quotas",
            partner=f"model-{self.seller}",
            amount=one.face,
            type=COUPON_KINDS[one.kind],
            validity={"effective": text_of(one.begins), "expires": text_of(one.ends)},
            restrictions={"services": list(one.services)} if one.services else {},
        )
        quota.id = row["id"]
        one.quota = self.vouchers.grant(quota)
        return {"quota": quota.id}

    def _bring_about(self, one: Voucher, state: str) -> None:
        """What stands in the way of its use, or does not."""
        if state in ("held", "own"):
            one.lock = "CS-held" if state == "held" else self.due.order.id
            self.play.place("coupon_holds", coupon=one.id, order=one.lock)
        elif state == "frozen":
            one.frozen = True
            self.play.place("coupon_holds", coupon=one.id, frozen=True)
        elif state == "used up" or (state == "used before" and one.balance > CENT):
            amount = one.balance if state == "used up" else CENT
            self.play.place("coupon_uses", coupon=one.id, amount=amount, order="CS-before")
            self.vouchers.use(one, "CS-before", amount)
        elif state == "ended":
            self.rules.pass_time(HOUR)

    def card(self, face: Decimal, left: Decimal, begins: int = 0, days: int = 300) -> None:
        """Another stored-value card, good for some days from one on."""
        start = self.world.now + timedelta(days=begins)
        row = self.play.place(
            "stored_value_cards",
            customer=self.customer.name,
            face_value=face,
            balance=left,
            name="Card",
            validity={"effective": text_of(start), "expires": text_of(start + timedelta(days=days))},
        )
        self.play.name(row["id"], "card")
        self.cards.append(Card(row["id"], "Card", self.customer, face, left, start, start + timedelta(days=days)))

    # Payments

    def pay(self, grants: Sequence[Grant], word: str) -> Paid | None:
        """Look at what can be paid with, pay, and look at what came of it; None where the payment is refused."""
        coupons = [self._grant(one) for one in grants]
        for one, grant in zip(coupons, grants, strict=True):
            self._bring_about(one, grant.state)
        offers = self.due.order.offers
        discount = offers[0] if word == "promotion" and offers else self.own.get(word)
        self._compare_means()
        types = [grant.named or WIRE_KINDS.get(one.kind, 301) for one, grant in zip(coupons, grants, strict=True)]
        codes = codes_of(self.due, discount, coupons, types, self.cards, self.world.now)
        paid = None if codes else reckon(self.due, discount, coupons, self.cards)
        if paid is not None and paid.money > self.cash:
            codes, paid = ["CBC.99005003"], None
        self._send(discount, coupons, types, codes)
        if paid is not None:
            self._note(paid)
        self._compare_money()
        self.compare_coupons()
        return paid

    def _send(
        self, discount: Discount | None, coupons: Sequence[Voucher], types: Sequence[int], codes: list[str]
    ) -> None:
        infos = [{"id": one.id, "type": kind} for one, kind in zip(coupons, types, strict=True)]
        infos += [{"id": one.id, "type": WIRE_KIND} for one in self.cards]
        self.rules.call(
            self.customer.role,
            "PayOrders",
            Refused(*codes) if codes else Given(),
            order_id=self.due.order.id,
            use_coupon="YES" if infos else "NO",
            use_discount="YES" if discount else "NO",
            **({"coupon_infos": infos} if infos else {}),
            **({"discount_infos": [{"id": discount.id, "type": discount.kind}]} if discount else {}),
        )

    def _note(self, paid: Paid) -> None:
        paid.use(self.vouchers, self.due.order.id)
        self.cash -= paid.money
        self.known |= {line.product.service for line in self.due.lines}
        price = self.due.order.price
        amounts = {
            "discounts": InAnyOrder(
                [{"discount_type": kind, "discount_amount": off} for kind, off in paid.off.items()]
            ),
            "coupon_amount": paid.of(VOUCHER),
            "flexipurchase_coupon_amount": paid.of(FLEXI),
            **({"stored_card_amount": sum((amount for _, amount in paid.cards), NOTHING)} if paid.cards else {}),
        }
        rest = price - sum(paid.off.values(), NOTHING)
        foretold = {"official_amount": price, "amount_after_discount": rest, "amount_info": amounts}
        order = {"order_id": self.due.order.id, "limit": 1}
        self.rules.call(self.customer.role, "ShowCustomerOrderDetails", Given({"order_info": foretold}), **order)

    # What is compared

    def _compare_means(self) -> None:
        """The discounts and coupons that fit an order that awaits its payment, the first coupon to expire first."""
        order, own = self.due.order, [one for one in self.own.values() if any(self.due.off(one))]
        shown = [*own, *order.offers] if self.world.site == "cn" else own
        foretold = Given({"discounts": [{"discount_id": one.id, "discount_type": one.kind} for one in shown]})
        self.rules.call(self.customer.role, "ListOrderDiscounts", foretold, order_id=order.id)
        if self.world.site == "cn":
            found = [one for one in self.vouchers.coupons if fits(one, self.due, self.world.now)]
            self.rules.call(self.customer.role, "ListOrderCouponsByOrderId", self._listed(found), order_id=order.id)

    def _listed(self, found: list[Voucher]) -> Given:
        """Which of two that expire at once comes first no page says."""
        means: list[Voucher | Card] = [*found, *(one for one in self.cards if one.is_good_at(self.world.now))]
        rows = [_row(one) for one in sorted(means, key=lambda one: one.ends)]
        several = len({one.ends for one in means}) < len(means)
        kinds = [{"coupon_type": one, "use_quantity_value": MOST[one]} for one in {each.kind for each in found}]
        return Given(
            {
                "count": len(rows),
                "user_coupons": InAnyOrder(rows) if several else rows,
                "coupon_max_use_quantity": InAnyOrder(kinds),
            }
        )

    def _compare_money(self) -> None:
        account = {"account_type": 1, "amount": self.cash}
        compare(self.play, view(self.customer.role, "ShowCustomerAccountBalances", {"account_balances": [account]}))

    def compare_coupons(self) -> None:
        for one in self._listings():
            compare(self.play, one)

    def _listings(self) -> Iterator[Listing]:
        who, coupons = self.customer.role, self.vouchers.coupons
        rows = [_held(self.rules, one) for one in coupons]
        yield Listing(who, HELD, "user_coupons", rows, ("coupon_id",), "count")
        if self.world.site == "cn":
            yield self._statement()
        for state in (USABLE, USED_UP) if self.cards else ():
            shown = [one for one in self.cards if one.is_shown_at(self.world.now, state)]
            yield card_listing(self.customer, state, shown, {})
        records = [
            {"operation_type": one.kind, "coupon_id": one.voucher, "operation_amount": one.amount}
            for one in self.vouchers.records
        ]
        if records:
            key = ("operation_type", "coupon_id")
            yield Listing(self.seller, "ListPartnerCouponsRecord", "records", records, key, "total_count")

    def _statement(self) -> Listing:
        rows = [change_row(self.customer, one) for one in self.vouchers.changes]
        key = ("coupon_id", "trade_detail_type", "change_amount", "balance_after_change", "trade_time")
        fields = {"balance_type": "BALANCE_TYPE_COUPON"}
        return Listing(self.customer.role, CHANGES, "records", rows, key, "total_count", "trade_time", fields)

    # What comes after

    def provided(self) -> datetime:
        """What was paid is processed; when it was provided."""
        if self._begun is None:
            self.rules.pass_time(PROCESSING_TIME)
            self._begun = self.world.now
        return self._begun

    def give_up(self, paid: Paid | None, days: int = 0) -> None:
        """Unsubscribe from a server after some days. The first ones are free of charge on the China site."""
        assert paid is not None, "it could be paid"
        begun, who, line = self.provided(), self.customer.role, self.due.lines[0]
        _, _, body = self.play.read(who, "ListPayPerUseCustomerResources", order_id=self.due.order.id, limit=100)
        ids = [one["resource_id"] for one in rows_of(body, "data")]
        self.rules.pass_time(timedelta(days=days))
        self.rules.call(who, "CancelResourcesSubscription", Given(), resource_ids=ids, unsubscribe_type=1)
        term = Term(self.due.order, begun, end_of_term(begun, line.months), line.period, paid.parts)
        free = self.world.site == "cn" and timedelta(days=days) <= FREE_TIME
        back = [part for one in settled([term], self.world.now, free) for part in one.back]
        self.rules.pass_time(PROCESSING_TIME)
        self._take_back(back)
        self._compare_money()
        self.compare_coupons()

    def _take_back(self, parts: Sequence[Part]) -> None:
        """Everything to where it came from."""
        coupons: dict[str, Voucher] = {one.id: one for one in self.vouchers.coupons}
        cards = {one.id: one for one in self.cards}
        for part in parts:
            if part.place in coupons:
                self.vouchers.give_back(coupons[part.place], self.due.order.id, part.amount)
            elif part.place in cards:
                cards[part.place].balance += part.amount
            else:
                self.cash += part.amount


def _row(one: Voucher | Card) -> dict[str, Any]:
    return {
        "coupon_id": one.id,
        "coupon_type": WIRE_KIND if isinstance(one, Card) else WIRE_KINDS[one.kind],
        "face_value": one.face,
        "balance": one.balance,
        "effective_time": one.begins,
        "expire_time": one.ends,
    }


def _held(rules: Rules, one: Voucher) -> dict[str, Any]:
    """As its holder sees it; the source is compared among the rules of coupons, and limits are not all shown there."""
    quota, one.quota = one.quota, None
    row = held_row(rules, one)
    one.quota = quota
    return {name: value for name, value in row.items() if name not in ("source_id", "use_limits")}
