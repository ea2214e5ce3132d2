"""Coupons: quotas granted and frozen; coupons issued, given by hand, reclaimed, expired; the records (China)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import SOMETHING, AnyOf, Given, Refused
from contracts.model.coupon_rows import change_row, held_row, issued_by, issued_row, quota_row, record_row
from contracts.model.machine import Listing, Rules, one_of, picks, rarely, step
from contracts.model.reference.issuing import Wish, codes_of_issue, codes_of_reclaim, served
from contracts.model.reference.people import PARTNER_PAID, Customer, People
from contracts.model.reference.prices import ECS, EVS
from contracts.model.reference.vouchers import (
    ADJUSTING,
    FLEXI,
    FOR_FLEXI,
    FOR_VOUCHERS,
    FROZEN,
    INVALID,
    NORMAL,
    TAKEN_BACK,
    USABLE,
    VOUCHER,
    Quota,
    Voucher,
    Vouchers,
)
from contracts.model.reference.world import CENT, text_of
from contracts.model.rules.customers import caller, join, some_customer

QUOTA = Decimal(100)
STATES = {"normal": NORMAL, "invalid": INVALID, "adjusting": ADJUSTING, "frozen": FROZEN}
SERVICES = "cloud_service_types"
UNKNOWN = {SERVICES: "CBC.50000055", "product_ids": "CBC.50000054"}
"""What a coupon can be limited to, and the code for one that there is not."""
issuers = st.sampled_from(["partner", "reseller"])
holders = st.sampled_from(["partner", "distributor"])
services = st.sampled_from([(), (ECS,), (EVS,), (ECS, EVS)])
values = st.integers(1, 6000)
bounds = st.sampled_from(["", "", "least", "greatest", "most", "most value", "receivers"])


class Coupons(Rules):
    """From quotas to coupons and back. What they pay for, the rules of orders know."""

    sites = ("cn",)

    def begin(self) -> None:
        for role in ("partner", "distributor"):
            _grant(self, Quota("", role, QUOTA, *_days(self, 0, 60)))
        (quota, _), customer = self.world.of(Vouchers).quotas, self.world.of(People).customer("customer")
        for face, only in ((20, ()), (4, (EVS,))):
            issue_to(self, "partner", quota, Wish(Decimal(face), only), [customer])
        _grant(self, Quota("", "partner", Decimal(30), *_days(self, 0, 60), (ECS,)))

    @step(
        role=holders,
        drawn=values,
        begins=st.sampled_from([0, 0, 0, 2]),
        days=st.integers(1, 40),
        only=services,
        flexi=st.booleans(),
        bound=bounds,
    )
    def grant_quota(
        self, role: str, drawn: int, begins: int, days: int, only: tuple[str, ...], flexi: bool, bound: str
    ) -> None:
        """With one bound at most: on the face value, on the number or the value of all, on who gets one."""
        value = Decimal(drawn) / 100
        quota = Quota("", role, value, *_days(self, begins, begins + days), only)
        quota.kind = FOR_FLEXI if flexi else FOR_VOUCHERS
        _set_bound(self, quota, bound)
        _grant(self, quota)

    @step(
        bound=st.sampled_from(["least", "greatest", "most", "most value", "receivers", "later", "adjusting"]),
        share=st.sampled_from(["bound", "bound", "more", "some"]),
        drawn=values,
        chosen=st.lists(picks, min_size=1, max_size=3),
        then=st.sampled_from(["", "again", "reclaim"]),
    )
    def try_bound(self, bound: str, share: str, drawn: int, chosen: list[int], then: str) -> None:
        """A quota with one bound, from which is issued at once; then again, perhaps after a reclaim."""
        quota = Quota("", "partner", Decimal(90), *_days(self, 2 if bound == "later" else 0, 9))
        _set_bound(self, quota, bound)
        _grant(self, quota)
        if bound == "adjusting":
            self.play.place("quota_states", quota=quota.id, state=bound)
            quota.state = ADJUSTING
        customers = [some_customer(self, "partner", pick) for pick in chosen]
        wish, own = Wish(face_of(quota, share, drawn)), self.world.of(Vouchers)
        issue_to(self, "partner", quota, wish, customers)
        first = next((one for one in own.coupons if one.quota is quota), None)
        if then == "reclaim" and first is not None:
            self.call("partner", "ReclaimPartnerCoupons", Given(), coupon_id=first.id)
            own.reclaim(first)
        if then:
            issue_to(self, "partner", quota, wish, customers)

    @step(pick=picks, word=st.sampled_from(["normal", "normal", "invalid", "adjusting", "frozen"]))
    def change_quota(self, pick: int, word: str) -> None:
        """The vendor takes a quota that is not over out of use, or brings it back."""
        quota = one_of(self.world.of(Vouchers).quotas, pick)
        if quota.state == TAKEN_BACK or self.world.now >= quota.ends:
            self.play.refuses("quota_states", quota=quota.id, state=word)
        else:
            self.play.place("quota_states", quota=quota.id, state=word)
            quota.state, quota.changed = STATES[word], self.world.now

    @step(
        issuer=issuers,
        foreign=rarely,
        pick=picks,
        chosen=st.lists(picks, min_size=1, max_size=3),
        share=st.sampled_from(["some", "some", "bound", "rest", "more"]),
        drawn=values,
        only=services,
        days=st.sampled_from([None, None, 1, 5, 100]),
    )
    def issue(
        self,
        issuer: str,
        foreign: bool,
        pick: int,
        chosen: list[int],
        share: str,
        drawn: int,
        only: tuple[str, ...],
        days: int | None,
    ) -> None:
        quota = some_quota(self, issuer, foreign, pick)
        if quota is None:
            return
        face = face_of(quota, share, drawn)
        customers = [some_receiver(self, issuer, quota, number) for number in chosen]
        issue_to(self, issuer, quota, Wish(face, only, days, "model" if drawn % 2 else ""), customers)

    @step(issuer=issuers, pick=picks, which=picks, fault=st.sampled_from(sorted(UNKNOWN)))
    def issue_for_nothing(self, issuer: str, pick: int, which: int, fault: str) -> None:
        """For a product or a service that there is not."""
        quota = some_quota(self, issuer, False, pick)
        if quota is None:
            return
        value = "model.unheard-of"
        wish = Wish(face_of(quota, "some", 100), (value,) if fault == SERVICES else ())
        customers = [some_receiver(self, issuer, quota, which)]
        codes = [UNKNOWN[fault], *codes_of_issue(self.world, issuer, quota, wish, quota.ends, customers)]
        who, named = caller(self, issuer)
        said = {"quota_id": quota.id, "customer_ids": [customers[0].id], "face_value": wish.face, fault: [value]}
        self.call(who, "CreatePartnerCoupons", Refused(*codes), **said, **named)

    @step(pick=picks, which=picks, share=st.sampled_from(["some", "rest", "more"]), drawn=values)
    def give(self, pick: int, which: int, share: str, drawn: int) -> None:
        """In Partner Center partners serve anybody, whom the API does not; bounds on an issue do not hold there."""
        quota = one_of(self.world.of(Vouchers).quotas, pick)
        customer, face = some_receiver(self, quota.partner, quota, which), face_of(quota, share, drawn)
        said = {"account": customer.name, "quota": quota.id, "amount": face}
        if quota.state != NORMAL or not quota.begins <= self.world.now < quota.ends or face > quota.balance:
            self.play.refuses("coupons", **said)
            return
        row = self.play.place("coupons", memo="by hand", **said)
        _note_issue(self, quota, customer, row["id"], Wish(face, remark="by hand"))

    @precondition(lambda self: bool(self.world.of(Vouchers).records))
    @step(issuer=issuers, pick=picks)
    def reclaim_voucher(self, issuer: str, pick: int) -> None:
        own = self.world.of(Vouchers)
        issued = [one for one in own.coupons if one.quota is not None]
        voucher = one_of(issued, pick)
        codes = codes_of_reclaim(voucher, issuer)
        who, named = caller(self, issuer)
        foretold = Refused(*codes) if codes else Given()
        self.call(who, "ReclaimPartnerCoupons", foretold, coupon_id=voucher.id, **named)
        if not codes:
            own.reclaim(voucher)

    @precondition(lambda self: bool(self.world.of(Vouchers).coupons))
    @step(pick=picks, frozen=st.booleans(), order=st.sampled_from(["", "CS-model"]))
    def hold(self, pick: int, frozen: bool, order: str) -> None:
        """The vendor freezes a coupon, or an order holds it."""
        voucher = one_of(self.world.of(Vouchers).others or self.world.of(Vouchers).coupons, pick)
        if voucher.status != USABLE:
            self.play.refuses("coupon_holds", coupon=voucher.id, frozen=frozen, order=order)
        elif voucher in self.world.of(Vouchers).others:
            self.play.place("coupon_holds", coupon=voucher.id, frozen=frozen, order=order)
            voucher.frozen, voucher.lock = frozen, order

    def listings(self) -> Iterator[Listing]:
        people, vouchers = self.world.of(People), self.world.of(Vouchers)
        for role in ("partner", "distributor", "reseller"):
            yield from _of_issuer(self, role)
        for customer in people.speakers:
            held = [held_row(self, one) for one in vouchers.coupons if one.holder == customer.id]
            yield Listing(customer.role, "ListSubCustomerCoupons", "user_coupons", held, ("coupon_id",), "count")
            yield _statement(self, customer)


def _days(rules: Rules, begin: int, end: int) -> tuple[datetime, datetime]:
    return rules.world.now + timedelta(days=begin), rules.world.now + timedelta(days=end)


def _set_bound(rules: Rules, quota: Quota, bound: str) -> None:
    """On the face value, on the number or the value of all, on who gets one."""
    if bound in ("least", "greatest", "most value"):
        setattr(quota, bound.replace(" ", "_"), max(CENT, quota.value // 3))
    quota.most = 1 if bound == "most" else None
    own = rules.world.of(People).of("reseller" if quota.partner == "distributor" else quota.partner)
    quota.receivers = tuple(one.id for one in own[:1]) if bound == "receivers" else ()


def _grant(rules: Rules, quota: Quota) -> None:
    restrictions = {
        "services": list(quota.services),
        "least_face_value": quota.least,
        "greatest_face_value": quota.greatest,
        "most_coupons": quota.most,
        "most_value": quota.most_value,
        "customers": [rules.world.of(People).names[one] for one in quota.receivers],
    }
    row = rules.play.place(
        "quotas",
        partner=rules.world.of(People).partners[quota.partner].name,
        amount=quota.value,
        type="flexi" if quota.kind == FOR_FLEXI else "voucher",
        validity={"effective": text_of(quota.begins), "expires": text_of(quota.ends)},
        restrictions={name: value for name, value in restrictions.items() if value},
    )
    quota.id = row["id"]
    rules.play.name(quota.id, "quota")
    rules.world.of(Vouchers).grant(quota)


def face_of(quota: Quota, share: str, drawn: int) -> Decimal:
    """A face value just at a bound of a quota, all that is left, a cent more, or anything."""
    bound = quota.least or quota.greatest or quota.most_value
    found = {"bound": bound, "rest": quota.balance, "more": (bound or quota.balance) + CENT}.get(share)
    return found or Decimal(drawn) / 100


def some_receiver(rules: Rules, issuer: str, quota: Quota, pick: int) -> Customer:
    """A customer; what is no voucher goes to collectors, or to those who cannot have it."""
    people = rules.world.of(People)
    if quota.kind == FOR_VOUCHERS:
        return some_customer(rules, issuer, pick)
    if not any(one.collector for one in people.of(quota.partner)):
        join(rules, quota.partner, PARTNER_PAID, collector=True)
    return one_of([one for one in people.customers if one.collector], pick)


def issue_to(rules: Rules, issuer: str, quota: Quota, wish: Wish, chosen: list[Customer]) -> None:
    """A partner issues coupons."""
    customers = list({one.id: one for one in chosen}.values())
    ends = quota.ends if wish.days is None else rules.world.now + timedelta(days=wish.days)
    codes = codes_of_issue(rules.world, issuer, quota, wish, ends, customers)
    fields: dict[str, Any] = {SERVICES: list(wish.only)} if wish.only else {}
    fields |= {} if wish.days is None else {"expire_time": ends}
    fields |= {"memo": wish.remark} if wish.remark else {}
    who, named = caller(rules, issuer)
    issued, failed = served(rules.world, issuer, quota, wish.face, customers)
    infos = [{"id": one.id, "coupon_id": SOMETHING} for one in issued]
    details = [{"id": one, "error_code": AnyOf(tuple(found))} for one, found in failed.items()]
    answer = rules.call(
        who,
        "CreatePartnerCoupons",
        Refused(*codes) if codes else Given({"coupon_infos": infos, "error_details": details}),
        quota_id=quota.id,
        customer_ids=[one.id for one in customers],
        face_value=wish.face,
        **fields,
        **named,
    )
    if not codes:
        _note(rules, quota, wish, ends, customers, answer)


def some_quota(rules: Rules, role: str, foreign: bool, pick: int) -> Quota | None:
    """A quota, mostly one of the named partner's own; None where there is none."""
    quotas = rules.world.of(Vouchers).quotas
    found = [one for one in quotas if (one.partner != role) == foreign]
    return one_of(found, pick) if found else None


def _note(
    rules: Rules, quota: Quota, wish: Wish, ends: datetime, customers: list[Customer], answer: dict[str, Any]
) -> None:
    """What was issued, and what failed, in the order of the customers."""
    issued = {one["id"]: one["coupon_id"] for one in answer["coupon_infos"]}
    for customer in customers:
        if customer.id in issued:
            _note_issue(rules, quota, customer, issued[customer.id], wish, ends)
        else:
            rules.world.of(Vouchers).note_failure(quota, customer.id, wish.face, wish.remark)


def _note_issue(
    rules: Rules, quota: Quota, customer: Customer, coupon: str, wish: Wish, ends: datetime | None = None
) -> None:
    rules.play.name(coupon, "voucher")
    voucher = Voucher(
        coupon, quota, customer.id, wish.face, wish.only or quota.services, quota.begins, ends or quota.ends
    )
    voucher.kind = FLEXI if quota.kind == FOR_FLEXI else VOUCHER
    voucher.as_own = customer.association if customer.partner == quota.partner else ""
    rules.world.of(Vouchers).issue(voucher, wish.remark, to_collector=customer.collector)


# What is listed


def _of_issuer(rules: Rules, role: str) -> Iterator[Listing]:
    vouchers = rules.world.of(Vouchers)
    who, named = caller(rules, role)
    for kind in (FOR_VOUCHERS, FOR_FLEXI):
        quotas = [
            quota_row(one)
            for one in vouchers.quotas
            if one.partner == role and one.state != TAKEN_BACK and one.kind == kind
        ]
        fields = {**named, "quota_type": kind} if kind else named
        yield Listing(who, "ListQuotaCoupons", "quotas", quotas, ("quota_id",), "total_count", "create_time", fields)
    issued = [issued_row(one) for one in issued_by(vouchers, role)]
    yield Listing(
        who, "ListIssuedPartnerCoupons", "user_coupons", issued, ("coupon_id",), "total_count", "create_time", named
    )
    records = [record_row(one) for one in vouchers.records if one.quota.partner == role]
    key = ("operation_type", "quota_id", "coupon_id", "customer_id", "operation_amount", "operation_time")
    yield Listing(who, "ListPartnerCouponsRecord", "records", records, key, "total_count", "operation_time", named)


def _statement(rules: Rules, customer: Customer) -> Listing:
    rows = [change_row(customer, one) for one in rules.world.of(Vouchers).changes if one.voucher.holder == customer.id]
    key = ("coupon_id", "trade_detail_type", "change_amount", "balance_after_change", "trade_time")
    fields = {"balance_type": "BALANCE_TYPE_COUPON"}
    return Listing(
        customer.role, "ListCustomerCouponChangeRecords", "records", rows, key, "total_count", "trade_time", fields
    )
