"""What the vendor and people do about coupons: quotas granted, coupons given in Partner Center or by the vendor itself,
used, given back, frozen; stored-value cards."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from mockserver.control.state import places
from mockserver.domain.coupons import (
    ADJUSTING,
    DISCOUNT,
    FLEXI,
    FLEXI_QUOTA,
    FROZEN,
    INVALID,
    NORMAL,
    PRODUCT,
    VOUCHER,
    VOUCHER_QUOTA,
    Coupon,
    IssueRules,
    Limit,
    Quota,
    StoredValueCard,
    Terms,
)
from mockserver.domain.forms import FormError, account, customer_named, moment, partner_named, read_form
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.table import Table
from mockserver.services.coupons.changes import Unusable, coupon_id, give_back, grant, issue, put_out, use

QUOTA_KINDS = {"voucher": VOUCHER_QUOTA, "flexi": FLEXI_QUOTA}
COUPON_KINDS = {"voucher": VOUCHER, "discount": DISCOUNT, "product": PRODUCT, "flexi": FLEXI}
STATES = {"normal": NORMAL, "invalid": INVALID, "adjusting": ADJUSTING, "frozen": FROZEN}
LARGEST = 10**12

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Row = TypeVar("Row")


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A form that refuses fields it does not know."""


class Validity(_Strict):
    """From when to when: instants, or durations from now."""

    effective: str = "P0D"
    expires: str = "P1Y"


class LimitForm(_Strict):
    """A restriction under its wire name, `chargeScene` say, with the pairs of its values."""

    limit_key: str
    limit_values: list[tuple[str, str]]


class Restrictions(_Strict):
    """For which services and products the coupons may be used; what may be issued, and to which customers."""

    services: list[str] = []
    products: list[str] = []
    limits: list[LimitForm] = []
    least_face_value: Decimal | None = None
    greatest_face_value: Decimal | None = None
    most_coupons: int | None = None
    most_value: Decimal | None = None
    first_association_only: bool = False
    customers: list[str] = []


class QuotaForm(_Strict):
    """A quota that the vendor's operations grant to a partner."""

    partner: str
    amount: Decimal
    type: Literal["voucher", "flexi"] = "voucher"
    validity: Validity = msgspec.field(default_factory=Validity)
    restrictions: Restrictions = msgspec.field(default_factory=Restrictions)


class QuotaStateForm(_Strict):
    """What the vendor's operations make of a quota."""

    quota: str
    state: Literal["normal", "invalid", "adjusting", "frozen"]


class CouponForm(_Strict):
    """A coupon for an account: out of a partner's quota, as in Partner Center, else from the vendor itself."""

    account: str
    amount: Decimal
    quota: str | None = None
    type: Literal["voucher", "discount", "product", "flexi"] | None = None
    validity: Validity | None = None
    memo: str = ""


class CouponUse(_Strict):
    """An amount of a coupon, and the order that it pays for."""

    coupon: str
    amount: Decimal
    order: Text


class CouponHold(_Strict):
    """Whether a coupon is frozen, and which order holds it; an empty one lets it go."""

    coupon: str
    frozen: bool | None = None
    order: Annotated[str, msgspec.Meta(max_length=64)] | None = None


class CardForm(_Strict):
    """A card that a customer bought; without `balance` a new one."""

    customer: str
    face_value: Decimal
    balance: Decimal | None = None
    name: str = ""
    validity: Validity = msgspec.field(default_factory=Validity)


@places("quotas")
def place_quota(sandbox: Sandbox, body: dict[str, Any]) -> Quota:
    """Grant a quota to a solution provider or a distributor; resellers get theirs from their distributor."""
    form = read_form(body, QuotaForm)
    partner, rules = partner_named(sandbox, form.partner), form.restrictions
    if partner.kind == "reseller":
        raise FormError(f"{form.partner!r} is a reseller and gets its quotas from its distributor: UpdateCouponQuotas")
    terms = msgspec.structs.asdict(rules)
    limits = tuple(Limit(one.limit_key, tuple(one.limit_values)) for one in terms.pop("limits"))
    services, products = tuple(terms.pop("services")), tuple(terms.pop("products"))
    terms["customers"] = tuple(customer_named(sandbox, one).id for one in rules.customers)
    scope = msgspec.structs.asdict(form.validity)
    return grant(
        sandbox,
        partner.id,
        QUOTA_KINDS[form.type],
        _above_zero(form.amount),
        _terms(sandbox, form.validity, services, products, limits),
        IssueRules(**terms),
        sandbox.now,
    )
