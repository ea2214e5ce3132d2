"""The list of a customer's yearly/monthly resources."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import catalogue
from mockserver.domain.entities import Customer
from mockserver.domain.resources import Resource
from mockserver.domain.sandbox import Sandbox
from mockserver.services.acting import calling_customer, calling_partner, sees
from mockserver.services.paging import page
from mockserver.services.periods import between
from mockserver.services.registry import serves


@serves("ListPayPerUseCustomerResources")
def list_resources(call: Call) -> Answer:
    """The yearly/monthly resources of one customer, in spite of the operation's name: the newest first, what is
    attached behind its main resource.

    A partner names its customer, a distributor also one of its resellers'; a customer sees its own.
    Source: api-bpconsole/api_order_00021.
    """
    customer = _customer(call)
    found = [one for one in _in_order(call.sandbox, customer) if _matches(call, one)] if customer else []
    return {"data": [_row(call, one) for one in page(call, found)], "total_count": len(found)}


def _customer(call: Call) -> Customer | None:
    """Whose resources are asked for; None for whom the caller does not see, who seems to have none."""
    if call.principal.customer is not None:
        return calling_customer(call)
    if not (customer_id := call.body.get("customer_id")):
        raise call.refused("CBC.0100", "a partner must name the customer")
    customer = call.sandbox.customers.get(customer_id)
    partner = call.sandbox.partners.get(customer.partner_id) if customer else None
    if customer is None or partner is None or not sees(call, customer):
        return None
    return customer if calling_partner(call).id in (partner.id, partner.distributor_id) else None


def _in_order(sandbox: Sandbox, customer: Customer) -> Iterator[Resource]:
    """Resources are kept in the order of their provisioning."""
    attached_to = defaultdict(list)
    for one in sandbox.resources:
        if one.customer_id == customer.id:
            attached_to[one.main_id].append(one)
    for main in reversed(attached_to[""]):
        yield main
        yield from attached_to[main.resource_id]


def _matches(call: Call, resource: Resource) -> bool:
    sent = call.body
    return (
        _is_wanted(call, resource)
        and sent.get("order_id") in (None, *_order_ids(call.sandbox, resource))
        and ("status_list" not in sent or resource.status in sent["status_list"])
        and sent.get("service_type_code") in (None, resource.product.service)
        and between(sent, "expire_time", resource.expires_on)
    )


def _is_wanted(call: Call, resource: Resource) -> bool:
    """Whether a resource is named, or main as asked for. What is attached comes with a main resource that is named; if
    it is named itself, it comes whatever is asked for."""
    with_attached = call.body["only_main_resource"] == 0
    if "resource_ids" not in call.body:
        return resource.is_main or with_attached
    named = call.body["resource_ids"]
    return resource.resource_id in named or (with_attached and resource.main_id in named)


def _order_ids(sandbox: Sandbox, resource: Resource) -> tuple[str, ...]:
    """The order that created a resource, and the combination that this was paid in."""
    created_by = sandbox.orders[resource.terms[0].order_id]
    return (created_by.id, created_by.combination_id) if created_by.combination_id else (created_by.id,)


def _row(call: Call, resource: Resource) -> dict[str, Any]:
    product, language = resource.product, call.names_language
    project_id, project_name = resource.project
    return {
        "id": resource.id,
        "resource_id": resource.resource_id,
        "resource_name": resource.name,
        "region_code": product.region,
        "service_type_code": product.service,
        "resource_type_code": product.resource,
        "resource_type_name": catalogue().resources[product.resource].name(language),
        "service_type_name": catalogue().services[product.service].name(language),
        "resource_spec_code": product.spec,
        "project_id": resource.project_id,
        "product_id": resource.product_id,
        "parent_resource_id": resource.main_id or None,
        "is_main_resource": int(resource.is_main),
        "status": resource.status,
        "effective_time": resource.effective_on,
        "expire_time": resource.expires_on,
        "expire_policy": resource.policy,
        "product_spec_desc": product.description(language),
        "spec_size": product.size,
        "spec_size_measure_id": product.size_measure,
        "update_time": resource.updated_on,
        "enterprise_project": {"id": project_id, "name": project_name},
    }
