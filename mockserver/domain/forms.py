"""Accounts and logins as fixtures and the control API describe them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

import msgspec

from mockserver.domain.clock import ClockError, later, parse_instant
from mockserver.domain.entities import (
    IN_REVIEW,
    PARTNER_PAID,
    REFERRAL,
    REFUSED,
    RESELLER_MODEL,
    UNVERIFIED,
    VERIFIED,
    Customer,
    Partner,
)
from mockserver.domain.sandbox import Sandbox

Form = TypeVar("Form")


class FormError(ValueError):
    """A description that cannot be used; the text says what is wrong, where, and what is accepted."""


_LARGEST_AMOUNT = 10**13
_ACCEPTED: dict[str, tuple[object, ...]] = {
    "customer_type": (-1, 0, 1),
    "verified_status": (UNVERIFIED, IN_REVIEW, REFUSED, VERIFIED),
    "freeze_type": ("", "ACCOUNT", "ACCOUNT_AND_RESOURCE"),
    "role": ("operator", "account_manager", "customer_user"),
}


class _Strict(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A form refuses names it does not know, amounts that no account can hold, and values outside a closed list."""

    def __post_init__(self) -> None:
        for name in self.__struct_fields__:
            value = getattr(self, name)
            if isinstance(value, Decimal) and not _is_amount(value):
                raise ValueError(f"{name} takes an amount from 0 with two decimals at most, not {value}")
            if value is not None and value not in _ACCEPTED.get(name, (value,)):
                raise ValueError(f"{name} takes {', '.join(map(repr, _ACCEPTED[name]))}, not {value!r}")


def _is_amount(value: Decimal) -> bool:
    return value.is_finite() and 0 <= value < _LARGEST_AMOUNT and value == round(value, 2)


Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern="^[^/]*$")]
"""Of an account or a login; `account/login` names a login elsewhere."""


class PartnerForm(_Strict):
    """A partner to add, or with the `name` of an existing one, what to change of it."""

    name: Name
    kind: str | None = None
    credential: str | None = None
    corp_name: str | None = None
    distributor: str | None = None
    associated: str | None = None
    xaccount_type: str | None = None
    mobile: str | None = None
    email: str | None = None
    account_manager: str | None = None
    cash: Decimal | None = None
    designated: Decimal | None = None
    credit: Decimal | None = None
    restricted: bool | None = None
    left_programme: bool | None = None
    test_account: bool | None = None
    realname_upload: bool | None = None
    may_set_budgets: bool | None = None
    consumption_quota: Decimal | None = None
    due_amount: Decimal | None = None
    unbilled_amount: Decimal | None = None
    coupon_amount: Decimal | None = None


class CustomerForm(_Strict):
    """A customer to add, or with the `name` of an existing one, what to change of it."""

    name: Name
    credential: str | None = None
    partner: str | None = None
    association: str | None = None
    associated: str | None = None
    xaccount_id: str | None = None
    mobile: str | None = None
    email: str | None = None
    area: str | None = None
    label: str | None = None
    level: str | None = None
    customer_type: int | None = None
    verified_status: int | None = None
    realname: str | None = None
    freeze_type: str | None = None
    manager: str | None = None
    allocated: Decimal | None = None
    cash: Decimal | None = None
    credit: Decimal | None = None
    new_customer_tag: str | None = None
    tag_from: str | None = None
    tag_until: str | None = None
    granting_amount: Decimal | None = None
    granting_amount_used: Decimal | None = None
    enterprise_projects: bool | None = None
    blocked_checks: list[str] | None = None


class UserForm(_Strict):
    """A login to add to an account, or with the `name` of an existing one, what to change of it."""

    account: str
    name: Name
    credential: str | None = None
    role: str | None = None
    items: list[str] | None = None
    actions: list[str] | None = None
    password: str | None = None
    enabled: bool | None = None


class AccessKeyForm(_Strict):
    """A further AK/SK pair for a login; without `user` for the account itself. `credential` publishes it by name."""

    account: str
    user: str | None = None
    credential: str | None = None


def read_form(data: Any, form: type[Form]) -> Form:
    """`data` as a form. Raises `FormError` in one sentence."""
    try:
        return msgspec.convert(data, form, strict=False)
    except msgspec.ValidationError as error:
        raise FormError(str(error).replace("`$.", "`").replace("`$`", "the description")) from None


def account(sandbox: Sandbox, name: str) -> Partner | Customer:
    """The account of that name or id. Raises `FormError`."""
    found = sandbox.account_named(name) or sandbox.partners.get(name) or sandbox.customers.get(name)
    if found is None:
        raise FormError(f"no account {name!r} in sandbox {sandbox.id}")
    return found


def customer_named(sandbox: Sandbox, name: str) -> Customer:
    found = account(sandbox, name)
    if not isinstance(found, Customer):
        raise FormError(f"{name!r} is a partner, not a customer")
    return found


def partner_named(sandbox: Sandbox, name: str) -> Partner:
    found = account(sandbox, name)
    if not isinstance(found, Partner):
        raise FormError(f"{name!r} is a customer, not a partner")
    return found


def association_type(sandbox: Sandbox, word: str) -> str:
    """The wire value of `referral`, `partner_paid` (abroad that is the reseller model) or `reseller_model`."""
    types = {
        "referral": REFERRAL,
        "partner_paid": PARTNER_PAID if sandbox.site == "cn" else RESELLER_MODEL,
        "reseller_model": RESELLER_MODEL,
    }
    if word not in types:
        raise FormError(f"{word!r} is not an association; accepted: {', '.join(types)}")
    return types[word]


def moment(sandbox: Sandbox, text: str) -> datetime:
    """An instant, or a duration counted from now (`-P90D`). Raises `FormError`."""
    try:
        return later(sandbox.now, text) if text.startswith(("P", "-P")) else parse_instant(text)
    except ClockError as error:
        raise FormError(str(error)) from None
