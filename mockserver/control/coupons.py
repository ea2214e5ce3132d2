"""What the vendor and people do about coupons: quotas granted, coupons given in Partner Center or by the vendor itself,
used, given back, frozen; stored-value cards."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
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
    TAKEN_BACK,
    USABLE,
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
from mockserver.services.orders.fitting import LEAST_RATIO
from mockserver.services.orders.usable import LIMIT_KEYS

QUOTA_KINDS = {"voucher": VOUCHER_QUOTA, "flexi": FLEXI_QUOTA}
COUPON_KINDS = {"voucher": VOUCHER, "discount": DISCOUNT, "product": PRODUCT, "flexi": FLEXI}
STATES = {"normal": NORMAL, "invalid": INVALID, "adjusting": ADJUSTING, "frozen": FROZEN}
LARGEST = 10**12
RATIO = re.compile(r"0\.[0-9]{1,4}|1", re.ASCII)

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
    """A coupon for an account: out of a partner's quota, as in Partner Center, else from the vendor itself, which
    chooses type, validity, group and restrictions. The amount of a discount coupon is the ratio that is left of a
    price."""

    account: str
    amount: Decimal
    quota: str | None = None
    type: Literal["voucher", "discount", "product", "flexi"] | None = None
    validity: Validity | None = None
    group: Annotated[int, msgspec.Meta(ge=0, le=3)] | None = None
    services: list[str] = []
    products: list[str] = []
    limits: list[LimitForm] = []
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
    partner, asked = partner_named(sandbox, form.partner), form.restrictions
    if partner.kind == "reseller":
        raise FormError(f"{form.partner!r} is a reseller and gets its quotas from its distributor: UpdateCouponQuotas")
    terms = replace(
        _validity(sandbox, form.validity),
        services=tuple(asked.services),
        products=tuple(asked.products),
        limits=tuple(_limit(one) for one in asked.limits),
    )
    amount = _above_zero(form.amount)
    return grant(sandbox, partner.id, QUOTA_KINDS[form.type], amount, terms, _rules(sandbox, asked), sandbox.now)


@places("quota_states")
def place_quota_state(sandbox: Sandbox, body: dict[str, Any]) -> Quota:
    """Freeze a quota, take it out of use, bring it back."""
    form = read_form(body, QuotaStateForm)
    quota = _row(sandbox.quotas, form.quota, "quota")
    if quota.state == TAKEN_BACK or quota.terms.expires_on <= sandbox.now:
        raise FormError(f"quota {quota.id} has expired or was taken back; its state is final")
    return sandbox.quotas.put(quota.id, replace(quota, state=STATES[form.state], changed_on=sandbox.now))


@places("coupons")
def place_coupon(sandbox: Sandbox, body: dict[str, Any]) -> Coupon:
    """Give an account a coupon. In Partner Center partners serve customers, too, that the API does not."""
    form = read_form(body, CouponForm)
    if form.quota is None:
        return _coupon_of_the_vendor(sandbox, form)
    holder, amount = account(sandbox, form.account), _above_zero(form.amount)
    quota = _row(sandbox.quotas, form.quota, "quota")
    if form.validity or form.type or form.group or form.services or form.products or form.limits:
        raise FormError("a coupon out of a quota has the quota's type, validity and restrictions, and no group")
    if quota.state != NORMAL or not quota.terms.hold_at(sandbox.now) or amount > quota.balance:
        raise FormError(f"quota {quota.id} has {quota.balance} left, in state {quota.state}, and gives no {amount}")
    return issue(sandbox, quota, holder, amount, quota.terms, sandbox.now, form.memo)


def _coupon_of_the_vendor(sandbox: Sandbox, form: CouponForm) -> Coupon:
    amount = _above_zero(form.amount)
    if form.type == "discount" and amount >= 1:
        raise FormError("the amount of a discount coupon is the ratio that is left of a price, like 0.9")
    unknown = [one.limit_key for one in form.limits if one.limit_key not in LIMIT_KEYS]
    if unknown:
        raise FormError(f"no restriction {unknown[0]!r}; accepted: {', '.join(LIMIT_KEYS)}")
    terms = replace(
        _validity(sandbox, form.validity or Validity()),
        services=tuple(form.services),
        products=tuple(form.products),
        limits=tuple(_limit(one) for one in form.limits),
    )
    coupon = Coupon(
        id=coupon_id(sandbox, sandbox.now),
        holder_id=account(sandbox, form.account).id,
        kind=COUPON_KINDS[form.type or "voucher"],
        face_value=amount,
        balance=amount,
        created_on=sandbox.now,
        terms=terms,
        group=form.group or 0,
    )
    return put_out(sandbox, coupon)


def _limit(form: LimitForm) -> Limit:
    """A restriction as it is, but a least ratio must be one."""
    if form.limit_key == LEAST_RATIO and not all(RATIO.fullmatch(first) for first, _ in form.limit_values):
        raise FormError(f"{LEAST_RATIO} is a ratio of the price, like 0.9")
    return Limit(form.limit_key, tuple(form.limit_values))


@places("coupon_uses")
def use_coupon(sandbox: Sandbox, body: dict[str, Any]) -> Coupon:
    """An order is paid with an amount of a coupon."""
    return _change_use(sandbox, body, use)


@places("coupon_returns")
def return_coupon(sandbox: Sandbox, body: dict[str, Any]) -> Coupon:
    """An order is unsubscribed, and an amount that a coupon paid for it is given back."""
    return _change_use(sandbox, body, give_back)


@places("coupon_holds")
def hold_coupon(sandbox: Sandbox, body: dict[str, Any]) -> Coupon:
    """Freeze a coupon or let an order hold it, and the other way round."""
    form = read_form(body, CouponHold)
    coupon = _row(sandbox.coupons, form.coupon, "coupon")
    if coupon.status != USABLE:
        raise FormError(f"coupon {coupon.id} is in state {coupon.status}; only usable ones are frozen or held")
    frozen = coupon.frozen if form.frozen is None else form.frozen
    order_id = coupon.lock_order_id if form.order is None else form.order
    return sandbox.coupons.put(coupon.id, replace(coupon, frozen=frozen, lock_order_id=order_id))


@places("stored_value_cards")
def place_card(sandbox: Sandbox, body: dict[str, Any]) -> StoredValueCard:
    """A customer gets a stored-value card."""
    form = read_form(body, CardForm)
    customer, face_value = customer_named(sandbox, form.customer), _above_zero(form.face_value)
    balance = face_value if form.balance is None else form.balance
    if not balance.is_finite() or not 0 <= balance <= face_value or balance != round(balance, 2):
        raise FormError(f"balance must be a number like 12.34, from 0 to the face value {face_value}")
    terms = _validity(sandbox, form.validity)
    card_id = f"userSVCId{sandbox.ids.digits(10, 'stored_value_card')}"
    name = form.name or f"Stored-value card {face_value}"
    card = StoredValueCard(card_id, customer.id, name, face_value, balance, terms.effective_on, terms.expires_on)
    return sandbox.stored_value_cards.put(card_id, card)


def _change_use(
    sandbox: Sandbox, body: dict[str, Any], change: Callable[[Sandbox, Coupon, Decimal, str, datetime], Coupon]
) -> Coupon:
    form = read_form(body, CouponUse)
    coupon = _row(sandbox.coupons, form.coupon, "coupon")
    try:
        return change(sandbox, coupon, _above_zero(form.amount), form.order, sandbox.now)
    except Unusable as error:
        raise FormError(str(error)) from None


def _validity(sandbox: Sandbox, form: Validity) -> Terms:
    terms = Terms(moment(sandbox, form.effective), moment(sandbox, form.expires))
    if not max(terms.effective_on, sandbox.now) < terms.expires_on:
        raise FormError("validity must end after its beginning, and after now")
    return terms


def _rules(sandbox: Sandbox, form: Restrictions) -> IssueRules:
    return IssueRules(
        least_face_value=form.least_face_value,
        greatest_face_value=form.greatest_face_value,
        most_coupons=form.most_coupons,
        most_value=form.most_value,
        first_association_only=form.first_association_only,
        customers=tuple(customer_named(sandbox, one).id for one in form.customers),
    )


def _row(table: Table[Row], row_id: str, name: str) -> Row:
    row = table.get(row_id)
    if row is None:
        raise FormError(f"no {name} {row_id!r}")
    return row


def _above_zero(amount: Decimal) -> Decimal:
    if not amount.is_finite() or not 0 < amount < LARGEST or amount != round(amount, 2):
        raise FormError(f"amount must be a number like 12.34, above zero and below {LARGEST}")
    return amount
