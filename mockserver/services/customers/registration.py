"""Registering customers: is a name still free, and the account itself."""

from __future__ import annotations

from mockserver.domain.call import Answer, Call
from mockserver.domain.entities import Customer, Partner, User
from mockserver.domain.sandbox import Sandbox
from mockserver.services.acting import acting_partner, calling_partner
from mockserver.services.association import begin_association
from mockserver.services.customers.verification import REGISTRATION, check_code
from mockserver.services.registry import serves

CHINA_PREFIX = "0086"


@serves("CheckUserIdentity")
def check_user_identity(call: Call) -> Answer:
    """Whether a name, an address or a number can still be registered. Nothing is reserved.

    A name or an address is taken by one account; a number by as many customers as may share it.
    Source: api-bpconsole/mc_00023.
    """
    value = call.body["search_value"]
    if call.body["search_type"] == "mobile":
        left = _registrations_left(call.sandbox, value)
        return {"check_result": _verdict(left > 0), "mobile_remain_available_num": left}
    if call.body["search_type"] == "email":
        return {"check_result": _verdict(not _email_taken(call.sandbox, value))}
    return {"check_result": _verdict(call.sandbox.account_named(value) is None)}


@serves("CreateSubCustomer")
def create_customer(call: Call) -> Answer:
    """Create a customer's account at once and begin its association with the partner.

    The customer has one login, named like the account. Source: api-bpconsole/mc_00016.
    """
    partner = _future_partner(call)
    _check_partner(call, partner)
    _check_platform_identity(call, partner)
    if (name := call.body.get("domain_name")) and call.sandbox.account_named(name):
        raise call.refused("CBC.99000038", f"{name} is taken")
    _check_password(call)
    _check_contact(call)
    customer = _add_account(call)
    begin_association(call, customer, partner)
    return {"domain_id": customer.id, "domain_name": customer.name}


def _verdict(available: bool) -> str:
    return "available" if available else "used_by_user"


def _registrations_left(sandbox: Sandbox, full_number: str) -> int:
    """How many more customers can have a number written with its country code. Only numbers of mainland China can be
    registered at all, so of others every registration is left."""
    prefix, _, number = full_number.partition("-")
    most: int = sandbox.setting("customers_per_mobile")
    if prefix != CHINA_PREFIX:
        return most
    if number in sandbox.setting("taken_mobiles"):
        return 0
    return max(most - _registrations(sandbox, number), 0)


def _registrations(sandbox: Sandbox, mobile: str) -> int:
    return sum(customer.mobile == mobile for customer in sandbox.customers)


def _email_taken(sandbox: Sandbox, email: str) -> bool:
    return any(one.email == email for one in (*sandbox.partners, *sandbox.customers))


def _future_partner(call: Call) -> Partner:
    """The partner that gets the customer: the caller, or for a distributor the reseller that it must name."""
    partner = acting_partner(call)
    if partner.kind == "distributor":
        raise call.refused("CBC.50010059")
    return partner


def _check_partner(call: Call, partner: Partner) -> None:
    """Whether the partner may have new customers: no test account, no company in trouble, nor its distributor's."""
    distributor = call.sandbox.partners.get(partner.distributor_id)
    if calling_partner(call).test_account:
        raise call.refused("CBC.99005035")
    if distributor and distributor.left_programme:
        raise call.refused("CBC.50010065")
    if partner.restricted:
        raise call.refused("CBC.50010085")
    if distributor and distributor.restricted:
        raise call.refused("CBC.50010086")


def _check_platform_identity(call: Call, partner: Partner) -> None:
    """The platform must be the partner's or the calling distributor's, the user's id on it new."""
    platform, user = call.body["xaccount_type"], call.body["xaccount_id"]
    if platform not in (partner.xaccount_type, calling_partner(call).xaccount_type):
        raise call.refused("CBC.0101", f"{platform} is no platform of the partner")
    if any((one.xaccount_type, one.xaccount_id) == (platform, user) for one in call.sandbox.customers):
        raise call.refused("CBC.99000039", f"{user} of {platform} has an account")


def _check_password(call: Call) -> None:
    """What the pattern cannot say: not the account's name or its reverse, without the number or address."""
    password, name, contact = call.body.get("password", ""), call.body.get("domain_name", ""), _contact(call)
    if password and (password in (name, name[::-1]) or (contact and contact in password)):
        raise call.refused("CBC.99000036", "the password repeats the account's name, number or address")


def _contact(call: Call) -> str:
    """The mobile number (China) or the e-mail address (abroad) of the new customer; empty for none."""
    field = "mobile_phone" if call.site == "cn" else "email"
    return str(call.body.get(field, ""))


def _check_contact(call: Call) -> None:
    """A number or an address must be free, no lead of the vendor's, and proved by its code. The code comes last of all
    checks, because a wrong one is counted."""
    contact = _contact(call)
    if not contact:
        return
    if call.site == "cn":
        _check_mobile(call, contact)
    elif _email_taken(call.sandbox, contact):
        raise call.refused("CBC.99000029", "the address is in use")
    if contact in call.sandbox.setting("reported_leads"):
        raise call.refused("CBC.99000051")
    code = call.body["verification_code"]
    check_code(call, contact, REGISTRATION, code, expired="CBC.99004008", wrong="CBC.99004010", too_many="CBC.99004009")


def _check_mobile(call: Call, mobile: str) -> None:
    if mobile in call.sandbox.setting("taken_mobiles"):
        raise call.refused("CBC.99000029")
    if _registrations(call.sandbox, mobile) >= call.sandbox.setting("customers_per_mobile"):
        raise call.refused("CBC.99000030")


def _add_account(call: Call) -> Customer:
    """The account and its login. What an account manager creates is his to manage: he would not see it otherwise."""
    sandbox, body, principal = call.sandbox, call.body, call.principal
    customer = Customer(
        id=sandbox.ids.hex32("customer"),
        name=body.get("domain_name") or _random_name(sandbox),
        created_on=call.now,
        xaccount_id=body["xaccount_id"],
        xaccount_type=body["xaccount_type"],
        mobile=body.get("mobile_phone", ""),
        email=body.get("email", ""),
        area=body.get("domain_area", "CN"),
        marketing_closed=body["is_close_market_ms"] == "true",
        manager_id=principal.user.id if principal.manages_own_customers_only else None,
    )
    password = body.get("password") or sandbox.ids.letters(32, "password")
    sandbox.add_user(User(sandbox.ids.hex32("user"), customer.id, customer.name, password, main=True))
    return sandbox.add_customer(customer)


def _random_name(sandbox: Sandbox) -> str:
    """32 characters that begin with a letter, as account names do."""
    return f"a{sandbox.ids.hex32('domain_name')[1:]}"
