"""What is placed from outside: customers of the model's partners, their discounts, coupons of the vendor."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from contracts.model.machine import Rules
from contracts.model.play import credential_name
from contracts.model.reference.people import PARTNER_PAID, REFERRAL, RESOLD, Customer, People
from contracts.model.reference.prices import COMMERCIAL, PARTNER_SET, Discount
from contracts.model.reference.vouchers import DISCOUNT, FLEXI, PRODUCT, VOUCHER, Voucher
from contracts.model.reference.world import text_of

ASSOCIATIONS = {REFERRAL: "referral", PARTNER_PAID: "partner_paid", RESOLD: "reseller_model"}
COUPON_KINDS = {VOUCHER: "voucher", DISCOUNT: "discount", PRODUCT: "product", FLEXI: "flexi"}


def placed(rules: Rules, role: str, partner: str, association: str, **said: Any) -> Customer:
    """A new customer that calls by its role; what is `said` goes with it. Among the people it is not yet counted."""
    row = rules.play.place(
        "customers",
        name=f"model-{role}",
        partner=f"model-{partner}",
        association=ASSOCIATIONS[association],
        credential=credential_name(role),
        **said,
    )
    rules.play.name(row["id"], role, counted=False)
    of = rules.world.of(People).partners.get(partner)
    return Customer(
        row["id"], row["name"], partner, association, rules.world.now, role, row["freeze_type"] if said else None,
        platform=of.platform if of else "", user=row["name"],
    )  # fmt: skip


def placed_discount(rules: Rules, customer: Customer, kind: str, ratio: Decimal, **said: Any) -> Discount:
    """A new discount of a kind; what is `said` goes with it. Among those of orders it is not yet counted."""
    row = rules.play.place("discounts", customer=customer.name, kind=kind, ratio=ratio, **said)
    rules.play.name(row["id"], "discount")
    paid_as = COMMERCIAL if kind == "commercial" else PARTNER_SET
    return Discount(row["id"], paid_as, ratio, granted=kind == "partner_granted")


def placed_coupon(rules: Rules, coupon: Voucher, account: str, **said: Any) -> None:
    """A coupon from outside, which gets its id here; the vendor's own where nothing is `said` in place of its form."""
    form = said or {
        "type": COUPON_KINDS[coupon.kind],
        "validity": {"effective": text_of(coupon.begins), "expires": text_of(coupon.ends)},
        "services": list(coupon.services),
        "products": list(coupon.products),
        "limits": [{"limit_key": key, "limit_values": [list(pair) for pair in pairs]} for key, pairs in coupon.limits],
    }
    coupon.id = rules.play.place("coupons", account=account, amount=coupon.face, **form)["id"]
    rules.play.name(coupon.id, "coupon")
