"""Coupons: quotas granted and frozen; vouchers issued, reclaimed, expired; the records (China)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import SOMETHING, AnyOf, Given, Refused
from contracts.model.machine import Listing, Rules, one_of, picks, rarely, step
from contracts.model.reference.people import PARTNER_PAID, Customer, People
from contracts.model.reference.prices import ECS, EVS
from contracts.model.reference.vouchers import (
    FROZEN,
    NORMAL,
    TAKEN_BACK,
    USABLE,
    Quota,
    Voucher,
    Vouchers,
)
from contracts.model.rules.customers import caller, some_customer

QUOTA = Decimal(100)
issuers = st.sampled_from(["partner", "reseller"])
holders = st.sampled_from(["partner", "distributor"])
services = st.sampled_from([(), (ECS,), (EVS,), (ECS, EVS)])
values = st.integers(1, 6000)


class Coupons(Rules):
    """From quotas to vouchers and back. What they pay for, the rules of orders know."""

    sites = ("cn",)

    def begin(self) -> None:
        for role in ("partner", "distributor"):
            _grant(self, role, QUOTA, 60, (), None, None)
        (quota, _), customer = self.world.of(Vouchers).quotas, self.world.of(People).customer("customer")
        for face, only in ((20, ()), (4, (EVS,))):
            _issue(self, "partner", quota, Decimal(face), only, None, {customer.id: customer})
        _grant(self, "partner", Decimal(30), 60, (ECS,), None, None)

    @step(
        role=holders,
        drawn=values,
        days=st.integers(1, 40),
        only=services,
        least=st.sampled_from([None, 20]),
        most=st.sampled_from([None, 1]),
    )
    def grant_quota(
        self, role: str, drawn: int, days: int, only: tuple[str, ...], least: int | None, most: int | None
    ) -> None:
        _grant(self, role, Decimal(drawn) / 100, days, only, least, most)

    @step(pick=picks, frozen=st.booleans())
    def freeze_quota(self, pick: int, frozen: bool) -> None:
        """The vendor freezes a quota that is not over, or lifts that."""
        quota = one_of(self.world.of(Vouchers).quotas, pick)
        if quota.state in (NORMAL, FROZEN) and self.world.now < quota.ends:
            self.play.place("quota_states", quota=quota.id, state="frozen" if frozen else "normal")
            quota.state = FROZEN if frozen else NORMAL

    @step(
        issuer=issuers,
        foreign=rarely,
        pick=picks,
        chosen=st.lists(picks, min_size=1, max_size=3),
        drawn=values,
        only=services,
        days=st.sampled_from([None, 1, 5, 100]),
    )
    def issue(
        self,
        issuer: str,
        foreign: bool,
        pick: int,
        chosen: list[int],
        drawn: int,
        only: tuple[str, ...],
        days: int | None,
    ) -> None:
        quota = some_quota(self, issuer, foreign, pick)
        if quota is None:
            return
        customers = {one.id: one for one in (some_customer(self, issuer, number) for number in chosen)}
        _issue(self, issuer, quota, Decimal(drawn) / 100, only, days, customers)

    @precondition(lambda self: bool(self.world.of(Vouchers).vouchers))
    @step(issuer=issuers, pick=picks)
    def reclaim_voucher(self, issuer: str, pick: int) -> None:
        own = self.world.of(Vouchers)
        voucher = one_of(own.vouchers, pick)
        code = "" if voucher.status == USABLE else "CBC.99000048"
        if voucher.quota.partner != issuer:
            code = "CBC.0100"
        who, named = caller(self, issuer)
        foretold = Refused(code) if code else Given()
        self.call(who, "ReclaimPartnerCoupons", foretold, coupon_id=voucher.id, **named)
        if not code:
            own.reclaim(voucher)

    def listings(self) -> Iterator[Listing]:
        for role in ("partner", "distributor", "reseller"):
            yield from _of_issuer(self, role)
        for customer in self.world.of(People).callers:
            held = [_held(one) for one in self.world.of(Vouchers).vouchers if one.holder == customer.id]
            yield Listing(customer.role, "ListSubCustomerCoupons", "user_coupons", held, ("coupon_id",), "count")


def _grant(
    rules: Rules, role: str, amount: Decimal, days: int, only: tuple[str, ...], least: int | None, most: int | None
) -> None:
    restrictions: dict[str, Any] = {"services": list(only)} if only else {}
    restrictions |= {"least_face_value": least} if least else {}
    restrictions |= {"most_coupons": most} if most else {}
    validity = {"expires": f"P{days}D"}
    name = rules.world.of(People).partners[role].name
    row = rules.play.place("quotas", partner=name, amount=amount, validity=validity, restrictions=restrictions)
    rules.play.name(row["id"], "quota")
    now = rules.world.now
    least_value = Decimal(least) if least else None
    quota = Quota(row["id"], role, amount, now, now + timedelta(days=days), only, least_value, most)
    rules.world.of(Vouchers).grant(quota)


def _issue(
    rules: Rules,
    issuer: str,
    quota: Quota,
    face: Decimal,
    only: tuple[str, ...],
    days: int | None,
    customers: dict[str, Customer],
) -> None:
    """A partner issues vouchers, for `only` these services and so many days, if either is narrowed."""
    ends = quota.ends if days is None else rules.world.now + timedelta(days=days)
    codes = _codes_of_call(rules, issuer, quota, face, only, ends)
    fields: dict[str, Any] = {"cloud_service_types": list(only)} if only else {}
    fields |= {} if days is None else {"expire_time": ends}
    who, named = caller(rules, issuer)
    issued, failed = _served(rules, issuer, quota, face, list(customers.values()))
    infos = [{"id": one.id, "coupon_id": SOMETHING} for one in issued]
    details = [{"id": one, "error_code": AnyOf(tuple(found))} for one, found in failed.items()]
    answer = rules.call(
        who,
        "CreatePartnerCoupons",
        Refused(*codes) if codes else Given({"coupon_infos": infos, "error_details": details}),
        quota_id=quota.id,
        customer_ids=list(customers),
        face_value=face,
        **fields,
        **named,
    )
    if not codes:
        _note(rules, quota, face, only or quota.services, ends, customers, answer)


def some_quota(rules: Rules, role: str, foreign: bool, pick: int) -> Quota | None:
    """A quota, mostly one of the named partner's own; None where there is none."""
    quotas = rules.world.of(Vouchers).quotas
    found = [one for one in quotas if (one.partner != role) == foreign]
    return one_of(found, pick) if found else None


def _codes_of_call(
    rules: Rules, issuer: str, quota: Quota, face: Decimal, only: tuple[str, ...], ends: Any
) -> list[str]:
    """What refuses a whole issue. A quota that is not the caller's hides everything else."""
    if quota.partner != issuer:
        return ["CBC.99000012"]
    now, codes = rules.world.now, []
    if now >= quota.ends:
        codes.append("CBC.99000017")
    elif quota.state != NORMAL:
        codes.append("CBC.99000012")
    if quota.least is not None and face < quota.least:
        codes.append("CBC.99000018")
    if quota.services and not set(only) <= set(quota.services):
        codes.append("CBC.99000023")
    if ends > quota.ends or ends <= now:
        codes.append("CBC.0100")
    return codes


def _served(
    rules: Rules, issuer: str, quota: Quota, face: Decimal, customers: list[Customer]
) -> tuple[list[Customer], dict[str, list[str]]]:
    """Who gets a voucher, and what stands against the others: one after the other, as the balance goes down."""
    issued: list[Customer] = []
    failed: dict[str, list[str]] = {}
    count, balance = len(rules.world.of(Vouchers).issued(quota)), quota.balance
    for one in customers:
        codes = []
        if one.partner != issuer:
            codes.append("CBC.99000035")
        elif one.association != PARTNER_PAID:
            codes.append("CBC.99000014")
        if quota.most is not None and count >= quota.most:
            codes.append("CBC.99000020")
        if face > balance:
            codes.append("CBC.99000013")
        if codes:
            failed[one.id] = codes
        else:
            issued.append(one)
            count, balance = count + 1, balance - face
    return issued, failed


def _note(
    rules: Rules,
    quota: Quota,
    face: Decimal,
    only: tuple[str, ...],
    ends: Any,
    customers: dict[str, Customer],
    answer: Any,
) -> None:
    """What was issued, and what failed, in the order of the customers."""
    vouchers = rules.world.of(Vouchers)
    issued = {one["id"]: one["coupon_id"] for one in answer["coupon_infos"]}
    for customer in customers:
        if customer not in issued:
            vouchers.note_failure(quota, customer, face)
            continue
        rules.play.name(issued[customer], "voucher")
        vouchers.issue(Voucher(issued[customer], quota, customer, face, only, quota.begins, ends))


# What is listed


def _of_issuer(rules: Rules, role: str) -> Iterator[Listing]:
    vouchers = rules.world.of(Vouchers)
    who, named = caller(rules, role)
    quotas = [quota_row(one) for one in vouchers.quotas if one.partner == role and one.state != TAKEN_BACK]
    yield Listing(who, "ListQuotaCoupons", "quotas", quotas, ("quota_id",), "total_count", fields=named)
    issued = [_held(one) for one in vouchers.vouchers if one.quota.partner == role]
    yield Listing(
        who, "ListIssuedPartnerCoupons", "user_coupons", issued, ("coupon_id",), "total_count", "create_time", named
    )
    records = [
        {
            "operation_type": one.kind,
            "quota_id": one.quota.id,
            "coupon_id": one.voucher,
            "customer_id": one.holder,
            "operation_amount": one.amount,
            "operation_time": one.time,
            "result": "-1" if one.failed else "0",
        }
        for one in vouchers.records
        if one.quota.partner == role
    ]
    key = ("operation_type", "quota_id", "coupon_id", "customer_id", "operation_amount", "operation_time")
    yield Listing(who, "ListPartnerCouponsRecord", "records", records, key, "total_count", "operation_time", named)


def quota_row(quota: Quota) -> dict[str, Any]:
    return {
        "quota_id": quota.id,
        "quota_value": quota.value,
        "balance": quota.balance,
        "quota_status": quota.state,
        "expire_time": quota.ends,
    }


def _held(voucher: Voucher) -> dict[str, Any]:
    return {
        "coupon_id": voucher.id,
        "customer_id": voucher.holder,
        "face_value": voucher.face,
        "balance": voucher.balance,
        "status": voucher.status,
        "expire_time": voucher.ends,
    }
