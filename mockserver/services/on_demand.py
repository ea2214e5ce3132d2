"""Pay-per-use resources: how they come and go, and the partner's list of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import Spec, catalogue
from mockserver.domain.entities import REFERRAL, Customer
from mockserver.domain.products import Product
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.usage import CLOSED, OnDemandResource
from mockserver.services.acting import acting_partner, customer_of
from mockserver.services.metering import move, plan_settlement, settle
from mockserver.services.paging import page
from mockserver.services.periods import between
from mockserver.services.registry import serves


def provide_on_demand(
    sandbox: Sandbox,
    customer: Customer,
    spec: Spec,
    region: str,
    *,
    effective: datetime,
    resource_id: str = "",
    name: str = "",
    size: Decimal | None = None,
    usage: Mapping[str, Decimal] | None = None,
    metered_from: datetime | None = None,
    availability_zone: str = "",
    project_id: str = "",
    enterprise_project: str = "",
) -> OnDemandResource:
    """A pay-per-use resource of a customer, whose usage is settled from `effective` or `metered_from` on.

    `usage` is how much it uses an hour, by usage type; if nothing is said it runs, where it is charged by time.
    """
    service = catalogue().services[catalogue().owners[spec.resource]]
    resource_id = resource_id or sandbox.ids.uuid("on_demand_resource")
    resource = OnDemandResource(
        id=resource_id,
        customer_id=customer.id,
        product=Product(service.code, spec.resource, spec.code, region, size),
        name=name or f"{service.abbreviation.lower()}-{resource_id[:4]}",
        effective_on=effective,
        metered_until=metered_from or effective,
        usage=running_time(sandbox, spec) if usage is None else usage,
        availability_zone=availability_zone or f"{region}a",
        project_id=project_id,
        enterprise_project=enterprise_project,
    )
    plan_settlement(sandbox, customer.id)
    return sandbox.on_demand_resources.put(resource.id, resource)


def running_time(sandbox: Sandbox, spec: Spec) -> dict[str, Decimal]:
    """What a resource uses that just runs: an hour each hour, of what is charged by time."""
    price = catalogue().price(spec, sandbox.site)
    usages = [catalogue().usage_type(spec.resource, code) for code in price.usage] if price else []
    return {one.code: Decimal(1) for one in usages if one and catalogue().is_time(one, sandbox.site)}


def release_on_demand(sandbox: Sandbox, resource: OnDemandResource, now: datetime) -> OnDemandResource:
    """End a resource; its usage until then is settled."""
    return move(sandbox, settle(sandbox, resource, now), CLOSED, now)


@serves("ListCustomerOnDemandResources")
def list_on_demand_resources(call: Call) -> Answer:
    """The pay-per-use resources of one customer, the newest first. A referral customer's are not the partner's to see.

    Both ends of the time asked for are exclusive. Source: api-bpconsole/mqr_01002.
    """
    customer = customer_of(call, acting_partner(call), call.body["customer_id"])
    if customer.association_type == REFERRAL:
        raise call.refused("CBC.99000000", f"{customer.name} is a referral customer")
    own = [one for one in call.sandbox.on_demand_resources if one.customer_id == customer.id]
    matching = [one for one in reversed(own) if _matches(call, one)]
    found = sorted(matching, key=lambda one: one.effective_on, reverse=True)
    return {"resources": [_row(call, one) for one in page(call, found)], "total_count": len(found)}


def _matches(call: Call, resource: OnDemandResource) -> bool:
    sent, product = call.body, resource.product
    return (
        sent.get("region_code") in (None, product.region)
        and sent.get("service_type_code") in (None, product.service)
        and sent.get("status") in (None, resource.status)
        and ("resource_ids" not in sent or resource.id in sent["resource_ids"])
        and between(sent, "effective_time", resource.effective_on)
    )


def _row(call: Call, resource: OnDemandResource) -> dict[str, Any]:
    product = resource.product
    return {
        "customer_id": resource.customer_id,
        "region_code": product.region,
        "availability_zone_code": resource.availability_zone,
        "service_type_code": product.service,
        "resource_type_code": product.resource,
        "service_type_name": catalogue().services[product.service].name(call.names_language),
        "resource_type_name": catalogue().resources[product.resource].name(call.names_language),
        "resource_id": resource.id,
        "resource_name": resource.name,
        "effective_time": resource.effective_on,
        "expire_time": resource.expires_on,
        "status": resource.status,
        "resource_spec_code": product.spec,
        "resource_info": None if product.size is None else f'{{"specSize":{product.size:.1f}}}',
        "product_spec_desc": product.description(call.names_language),
    }
