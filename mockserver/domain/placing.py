"""Putting accounts, logins, keys, money and settings into a sandbox, as a fixture or the control API describes them."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import msgspec

from mockserver.domain.entities import UNVERIFIED, AccessKey, Customer, Partner, User
from mockserver.domain.forms import (
    AccessKeyForm,
    CustomerForm,
    FormError,
    PartnerForm,
    UserForm,
    account,
    association_type,
    moment,
    partner_named,
)
from mockserver.domain.ledger import ALLOCATED, CASH, OUTSIDE, Trade
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.settings import DEFAULTS

_LARGEST_SETTING = 10**6
"""Of days, so many still lie within the calendar."""

_PARTNER_FIELDS = (
    "corp_name", "xaccount_type", "mobile", "email", "account_manager", "restricted", "test_account", "left_programme",
    "realname_upload", "may_set_budgets", "consumption_quota", "due_amount", "unbilled_amount", "coupon_amount",
)  # fmt: skip
_CUSTOMER_FIELDS = (
    "xaccount_id", "mobile", "email", "area", "label", "level", "customer_type", "verified_status", "realname",
    "new_customer_tag", "tag_from", "tag_until", "granting_amount", "granting_amount_used", "enterprise_projects",
)  # fmt: skip


def _given(form: msgspec.Struct, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(form, name)) is not None}


def place_partner(sandbox: Sandbox, form: PartnerForm) -> Partner:
    """Add or change a partner."""
    known = sandbox.account_named(form.name)
    if isinstance(known, Customer):
        raise FormError(f"{form.name!r} is a customer, not a partner")
    changes = _given(form, *_PARTNER_FIELDS)
    if known is None:
        known = _new_partner(sandbox, form)
    else:
        _keep_settled(sandbox, form, known, "kind", "distributor", "associated")
    partner = sandbox.partners.put(known.id, replace(known, **changes))
    if form.cash is not None:
        set_cash(sandbox, partner.id, CASH, form.cash)
    if form.designated is not None:
        sandbox.ledger.designate(partner.id, form.designated)
    if form.credit is not None:
        sandbox.ledger.grant_credit(partner.id, form.credit, sandbox.now)
    return partner


def _new_partner(sandbox: Sandbox, form: PartnerForm) -> Partner:
    if form.kind not in ("solution_provider", "distributor", "reseller"):
        raise FormError(f"partner {form.name!r} needs a kind: solution_provider, distributor or reseller")
    if (form.kind == "reseller") != (form.distributor is not None):
        raise FormError(f"partner {form.name!r}: a reseller, and only a reseller, names its distributor")
    distributor = partner_named(sandbox, form.distributor) if form.distributor else None
    if distributor is not None and distributor.kind != "distributor":
        raise FormError(f"partner {form.name!r}: {form.distributor!r} is a {distributor.kind}, not a distributor")
    partner = sandbox.add_partner(
        Partner(
            id=sandbox.ids.hex32("partner"),
            name=form.name,
            kind=form.kind,
            corp_name=form.name,
            xaccount_type=f"{form.name}_IDP".replace("-", "_").upper(),
            distributor_id=distributor.id if distributor else None,
            associated_on=moment(sandbox, form.associated or "P0D"),
        )
    )
    _add_main_user(sandbox, partner, form.credential)
    sandbox.ledger.open(partner.id, CASH)
    return partner


def place_customer(sandbox: Sandbox, form: CustomerForm) -> Customer:
    """Add or change a customer."""
    known = sandbox.account_named(form.name)
    if isinstance(known, Partner):
        raise FormError(f"{form.name!r} is a partner, not a customer")
    changes = _given(form, *_CUSTOMER_FIELDS)
    if form.blocked_checks is not None:
        changes["blocked_checks"] = tuple(form.blocked_checks)
    if form.freeze_type is not None:
        changes["freeze_type"] = form.freeze_type or None
    if form.manager is not None:
        changes["manager_id"] = _manager(sandbox, form.manager)
    if known is None:
        known = _new_customer(sandbox, form)
    else:
        _keep_settled(sandbox, form, known, "partner", "association", "associated")
    customer = sandbox.customers.put(known.id, replace(known, **changes))
    if form.allocated is not None:
        set_cash(sandbox, customer.id, ALLOCATED, form.allocated)
    if form.cash is not None:
        set_cash(sandbox, customer.id, CASH, form.cash)
    if form.credit is not None:
        sandbox.ledger.grant_credit(customer.id, form.credit, sandbox.now)
    return customer


def _new_customer(sandbox: Sandbox, form: CustomerForm) -> Customer:
    partner = partner_named(sandbox, form.partner) if form.partner else None
    since = moment(sandbox, form.associated or "P0D")
    customer = sandbox.add_customer(
        Customer(
            id=sandbox.ids.hex32("customer"),
            name=form.name,
            created_on=since,
            partner_id=partner.id if partner else None,
            association_type=association_type(sandbox, form.association or "partner_paid") if partner else "",
            associated_on=since if partner else None,
            xaccount_id=form.name,
            xaccount_type=partner.xaccount_type if partner else "",
            verified_status=UNVERIFIED,
        )
    )
    _add_main_user(sandbox, customer, form.credential)
    return customer


def _manager(sandbox: Sandbox, name: str) -> str | None:
    """The user id of an account manager named `account/user`; empty for none."""
    if not name:
        return None
    owner, _, login = name.partition("/")
    user = sandbox.user_named(account(sandbox, owner).id, login)
    if user is None:
        raise FormError(f"no user {name!r}; an account manager is written account/user")
    return user.id


def place_user(sandbox: Sandbox, form: UserForm) -> User:
    """Add or change a login. Tokens issued to it before a change of password, items or actions are void."""
    owner = account(sandbox, form.account)
    changes: dict[str, Any] = _given(form, "password", "enabled", "role")
    if form.items is not None:
        changes |= {"items": frozenset(form.items) - {"*"}, "every_item": "*" in form.items}
    if form.actions is not None:
        changes["actions"] = frozenset(form.actions)
    known = sandbox.user_named(owner.id, form.name)
    if known is not None:
        if form.credential is not None:
            _give_key(sandbox, known, form.credential)
        return sandbox.change_user(known, **changes)
    role = "operator" if isinstance(owner, Partner) else "customer_user"
    fields = {"role": role, "password": sandbox.password_for(f"{owner.name}/{form.name}"), **changes}
    user = sandbox.add_user(User(id=sandbox.ids.hex32("user"), account_id=owner.id, name=form.name, **fields))
    _give_key(sandbox, user, form.credential)
    return user


def place_access_key(sandbox: Sandbox, form: AccessKeyForm) -> AccessKey:
    """Give a login an AK/SK pair."""
    owner = account(sandbox, form.account)
    user = sandbox.user_named(owner.id, form.user or owner.name)
    if user is None:
        raise FormError(f"account {owner.name!r} has no user {form.user!r}")
    return _give_key(sandbox, user, form.credential)


def _add_main_user(sandbox: Sandbox, owner: Partner | Customer, credential: str | None) -> None:
    user = User(sandbox.ids.hex32("user"), owner.id, owner.name, sandbox.password_for(owner.name), main=True)
    _give_key(sandbox, sandbox.add_user(user), credential)


def _give_key(sandbox: Sandbox, user: User, credential: str | None) -> AccessKey:
    """An access key for `user`, published if `credential` names it."""
    if credential in sandbox.credential_names:
        raise FormError(f"the credential name {credential!r} is taken")
    return sandbox.add_access_key(user, credential)


def _keep_settled(sandbox: Sandbox, form: PartnerForm | CustomerForm, known: Partner | Customer, *names: str) -> None:
    """Refuse what only a new account can be given. A credential can be published later, too."""
    if given := _given(form, *names):
        raise FormError(f"{known.name!r} exists: its {', '.join(given)} cannot be changed")
    if form.credential is not None:
        _give_key(sandbox, sandbox.main_user(known.id), form.credential)


def set_cash(sandbox: Sandbox, owner_id: str, book: str, amount: Decimal) -> None:
    """Top up or withdraw until the book holds `amount`."""
    sandbox.ledger.open(owner_id, book)
    missing = amount - sandbox.ledger.balance(owner_id, book)
    if missing > 0:
        sandbox.ledger.transfer(("", OUTSIDE), (owner_id, book), missing, Trade.RECHARGE, sandbox.now)
    elif missing < 0:
        sandbox.ledger.transfer((owner_id, book), ("", OUTSIDE), -missing, Trade.WITHDRAWAL, sandbox.now)


def place_settings(sandbox: Sandbox, values: dict[str, Any]) -> None:
    """Set knobs of the sandbox. Raises `FormError` for a name or a type that is not one."""
    for name, value in values.items():
        if name not in DEFAULTS:
            raise FormError(f"no setting {name!r}; accepted: {', '.join(DEFAULTS)}")
        wanted = type(DEFAULTS[name].value)
        if type(value) is not wanted:
            raise FormError(f"setting {name!r} takes {wanted.__name__}, not {type(value).__name__}")
        if wanted is int and not 0 <= value <= _LARGEST_SETTING:
            raise FormError(f"setting {name!r} takes a number from 0 to {_LARGEST_SETTING}, not {value}")
        accepted = DEFAULTS[name].accepted
        if accepted and value not in accepted:
            raise FormError(f"setting {name!r} takes {', '.join(map(repr, accepted))}, not {value!r}")
        sandbox.set(name, value)
