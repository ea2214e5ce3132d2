"""A partner's customers, and which of them count as new."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.clock import CHINA, parse_instant
from mockserver.domain.entities import VERIFIED, Customer
from mockserver.services.acting import acting_partner, customers_of
from mockserver.services.paging import page
from mockserver.services.registry import serves

Filter = Callable[[Customer], bool]

NOT_FROZEN, ACCOUNT_FROZEN, RESOURCES_FROZEN = 0, 1, 2


@serves("ListSubCustomers")
def list_customers(call: Call) -> Answer:
    """The partner's customers that match every filter given, newest association first.

    A new customer appears when its association is complete. Source: api-bpconsole/mc_00021.
    """
    filters = list(_filters(call))
    customers = [one for one in _newest_first(call) if all(matches(one) for matches in filters)]
    return {"count": len(customers), "customer_infos": [_shown(call, one) for one in page(call, customers)]}


@serves("ListSubCustomerNewTag")
def list_new_customer_tags(call: Call) -> Answer:
    """Whether each customer counts as new, and in which months of China time.

    Ids that are not the partner's are left out. Source: api-bpconsole/zh-cn_topic_0000001684055189.
    """
    customers = _newest_first(call)
    if wanted := set(call.body.get("customer_ids", ())):
        customers = [one for one in customers if one.id in wanted]
    return {"new_customer_tags": [_tag(call, one) for one in page(call, customers)]}


def _newest_first(call: Call) -> list[Customer]:
    customers = reversed(customers_of(call, acting_partner(call)))
    return sorted(customers, key=_associated_on, reverse=True)


def _associated_on(customer: Customer) -> datetime:
    assert customer.associated_on is not None, "a partner's customer is associated"
    return customer.associated_on


def _filters(call: Call) -> Iterator[Filter]:
    """A test for each filter given. Names are found without regard to case, labels with; both ends of the time range
    are outside of it."""
    body = call.body
    if account_name := body.get("account_name"):
        yield lambda one: account_name.casefold() in one.name.casefold()
    if real_name := body.get("customer"):
        yield lambda one: real_name.casefold() in _real_name(one).casefold()
    if label := body.get("label"):
        yield lambda one: label in one.label
    if association_type := body.get("association_type"):
        yield lambda one: one.association_type == association_type
    if customer_id := body.get("customer_id"):
        yield lambda one: one.id == customer_id
    yield from _time_filters(body.get("associated_on_begin"), body.get("associated_on_end"))


def _time_filters(begin: str | None, end: str | None) -> Iterator[Filter]:
    if begin:
        after = parse_instant(begin)
        yield lambda one: _associated_on(one) > after
    if end:
        before = parse_instant(end)
        yield lambda one: _associated_on(one) < before


def _real_name(customer: Customer) -> str:
    return customer.realname if customer.verified_status == VERIFIED else ""


def _shown(call: Call, customer: Customer) -> dict[str, Any]:
    manager = call.sandbox.users.get(customer.manager_id)
    return {
        "customer": _real_name(customer) or None,
        "account_name": customer.name,
        "customer_id": customer.id,
        "associated_on": customer.associated_on,
        "association_type": customer.association_type,
        "label": customer.label or None,
        "telephone": customer.mobile or None,
        "verified_status": str(customer.verified_status),
        "country_code": "0086" if customer.mobile else None,
        "customer_type": customer.customer_type,
        "is_frozen": _is_frozen(call, customer),
        "account_managers": [{"account_name": manager.name}] if manager else [],
        "xaccount_id": customer.xaccount_id or None,
        "xaccount_type": customer.xaccount_type or None,
        "customer_level": customer.level,
        "email": customer.email or None,
    }


def _is_frozen(call: Call, customer: Customer) -> int:
    """Abroad a customer is frozen or not; China reserves the field and a third value."""
    if customer.freeze_type is None:
        return NOT_FROZEN
    if call.site == "cn" and customer.freeze_type == "ACCOUNT_AND_RESOURCE":
        return RESOURCES_FROZEN
    return ACCOUNT_FROZEN


def _tag(call: Call, customer: Customer) -> dict[str, Any]:
    """The tag of one customer. Without real-name authentication it is empty; past its last month it is N."""
    shown: dict[str, Any] = {"customer_id": customer.id, "customer_tag_type": "SMB"}
    if customer.verified_status != VERIFIED:
        return {**shown, "new_customer_tag": ""}
    month = call.now.astimezone(CHINA).strftime("%Y-%m")
    expired = customer.tag_until and customer.tag_until < month
    return {
        **shown,
        "new_customer_tag": "N" if expired else customer.new_customer_tag or "UNDETERMINED",
        "effective_time": customer.tag_from or None,
        "expire_time": customer.tag_until or None,
    }
