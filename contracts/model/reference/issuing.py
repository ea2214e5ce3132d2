"""Issuing coupons and taking them back: what refuses it, and who of several customers gets one (China)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from contracts.model.reference.people import PARTNER_PAID, Customer
from contracts.model.reference.vouchers import NORMAL, Quota, Voucher, Vouchers
from contracts.model.reference.world import NOTHING, World


@dataclass(frozen=True)
class Wish:
    """What a partner asks for: coupons of one face value, perhaps for fewer services and days than the quota is."""

    face: Decimal
    only: tuple[str, ...] = ()
    days: int | None = None
    remark: str = ""


def codes_of_issue(
    world: World, issuer: str, quota: Quota, wish: Wish, ends: datetime, customers: list[Customer]
) -> list[str]:
    """What refuses a whole issue. A quota that is not the caller's hides everything else."""
    if quota.partner != issuer:
        return ["CBC.99000012"]
    now, codes = world.now, []
    if not quota.begins <= now < quota.ends:
        codes.append("CBC.99000017")
    if quota.state != NORMAL and now < quota.ends:
        codes.append("CBC.99000012")
    if quota.least is not None and wish.face < quota.least:
        codes.append("CBC.99000018")
    if quota.greatest is not None and wish.face > quota.greatest:
        codes.append("CBC.99000019")
    if quota.receivers and not {one.id for one in customers} <= set(quota.receivers):
        codes.append("CBC.50000020")
    if quota.services and not set(wish.only) <= set(quota.services):
        codes.append("CBC.99000023")
    if not max(now, quota.begins) < ends <= quota.ends:
        codes.append("CBC.0100")
    return codes


def served(
    world: World, issuer: str, quota: Quota, face: Decimal, customers: list[Customer]
) -> tuple[list[Customer], dict[str, list[str]]]:
    """Who gets a voucher, and what stands against the others: one after the other, as the balance goes down."""
    issued: list[Customer] = []
    failed: dict[str, list[str]] = {}
    before = world.of(Vouchers).issued(quota)
    count, balance, value = len(before), quota.balance, sum((one.face for one in before), NOTHING)
    for one in customers:
        codes = []
        if one.partner != issuer:
            codes.append("CBC.99000035")
        elif one.association != PARTNER_PAID:
            codes.append("CBC.99000014")
        if quota.most is not None and count >= quota.most:
            codes.append("CBC.99000020")
        if quota.most_value is not None and value + face > quota.most_value:
            codes.append("CBC.99000021")
        if face > balance:
            codes.append("CBC.99000013")
        if codes:
            failed[one.id] = codes
        else:
            issued.append(one)
            count, balance, value = count + 1, balance - face, value + face
    return issued, failed


def codes_of_reclaim(voucher: Voucher, issuer: str) -> list[str]:
    if voucher.quota is None or voucher.quota.partner != issuer:
        return ["CBC.0100"]
    codes = [] if voucher.as_own == PARTNER_PAID else ["CBC.99000045"]
    return codes if voucher.is_free else [*codes, "CBC.99000048"]
