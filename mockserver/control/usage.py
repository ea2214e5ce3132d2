"""Pay-per-use resources and their usage, which come about in the consoles of the cloud services, and packages."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

import msgspec

from mockserver.control.state import places
from mockserver.domain.catalogue import MONTH, PACKAGE, Spec, UsageType, catalogue, offering_id
from mockserver.domain.forms import FormError, customer_named, moment, read_form
from mockserver.domain.packages import Package
from mockserver.domain.products import end_of_term
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.usage import OnDemandResource, UsageCharge
from mockserver.services.metering import record_usage
from mockserver.services.on_demand import provide_on_demand, release_on_demand, running_time
from mockserver.services.packages import provide_package

FIRST_YEAR, LAST_YEAR = 1970, 3000
MOST = Decimal(10) ** 12
DECIMALS = 10

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class _Product(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A product, found by the four keys of a price query, for a customer."""

    customer: str
    service: Name
    resource: Name
    spec: Name
    region: Name
    enterprise_project: Annotated[str, msgspec.Meta(max_length=64)] = ""


class OnDemandForm(_Product):
    """`usage` is how much it uses an hour, by usage type; without it the resource just runs."""

    size: Decimal | None = None
    usage: dict[str, Decimal] | None = None
    name: Annotated[str, msgspec.Meta(max_length=64)] = ""
    effective: str = "P0D"
    availability_zone: Annotated[str, msgspec.Meta(max_length=64)] = ""


class ReleaseForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The pay-per-use resource to end."""

    resource: str


class PackageForm(_Product):
    """With an `order` the package was bought, else it is a gift. Without `expires` it lasts as long as usual."""

    order: Annotated[str, msgspec.Meta(max_length=64)] = ""
    effective: str = "P0D"
    expires: str | None = None


class UsageForm(ReleaseForm):
    """`amount` in units of `measure`, or else of the usage type."""

    usage_type: str
    amount: Decimal
    measure: int | None = None


@places("on_demand_resources")
def place_on_demand(sandbox: Sandbox, body: dict[str, Any]) -> OnDemandResource:
    """A customer starts a pay-per-use resource; what it uses is charged from now on."""
    form = read_form(body, OnDemandForm)
    spec, effective = _spec(sandbox, form), _instant(sandbox, form.effective)
    if effective > sandbox.now:
        raise FormError("effective must not be later than now: a resource exists when it is placed")
    return provide_on_demand(
        sandbox,
        customer_named(sandbox, form.customer),
        spec,
        form.region,
        effective=effective,
        metered_from=sandbox.now,
        name=form.name,
        size=_size(spec, form.size),
        usage=_usage_an_hour(sandbox, spec, form.usage),
        availability_zone=form.availability_zone,
        enterprise_project=form.enterprise_project,
    )


@places("releases")
def release(sandbox: Sandbox, body: dict[str, Any]) -> OnDemandResource:
    """A customer ends a pay-per-use resource; what it used until now is charged."""
    form = read_form(body, ReleaseForm)
    return release_on_demand(sandbox, _alive(sandbox, form.resource), sandbox.now)


@places("packages")
def place_package(sandbox: Sandbox, body: dict[str, Any]) -> Package:
    """A customer gets a resource package, as a gift or by an order of another place."""
    form = read_form(body, PackageForm)
    spec = _spec(sandbox, form)
    content = catalogue().packages.get((spec.code, spec.resource))
    if content is None:
        names = ", ".join(code for code, _ in catalogue().packages)
        raise FormError(f"{form.spec!r} is no resource package; accepted: {names}")
    effective = _instant(sandbox, form.effective)
    expires = _instant(sandbox, form.expires) if form.expires else end_of_term(effective, MONTH, content.months)
    if expires <= effective:
        raise FormError("expires must be later than effective")
    return provide_package(
        sandbox,
        customer_named(sandbox, form.customer),
        spec,
        form.region,
        product_id=offering_id(spec, form.region, sandbox.site, PACKAGE, MONTH),
        effective=effective,
        expires=expires,
        order_id=form.order,
        enterprise_project=form.enterprise_project,
    )


@places("usages")
def place_usage(sandbox: Sandbox, body: dict[str, Any]) -> UsageCharge:
    """A pay-per-use resource uses something at this moment, beside what it uses each hour; it is charged at once."""
    form = read_form(body, UsageForm)
    resource = _alive(sandbox, form.resource)
    usage = _usage_type(sandbox, resource.product.in_catalogue, form.usage_type)
    amount = _check_amount("amount", form.amount)
    if form.measure is not None:
        converted = catalogue().convert(amount, form.measure, usage.measure, sandbox.site)
        if converted is None:
            raise FormError(f"{usage.code} is not measured in unit {form.measure}, but in {usage.measure}")
        amount = converted
    return record_usage(sandbox, resource.id, usage.code, amount, sandbox.now, sandbox.now)


def _spec(sandbox: Sandbox, form: _Product) -> Spec:
    spec = catalogue().on_sale(form.service, form.resource, form.spec, form.region, sandbox.site)
    if spec is None:
        keys = f"{form.service}, {form.resource}, {form.spec} in {form.region}"
        raise FormError(f"{keys} is not on sale on site {sandbox.site}: see ListResourceSpecs")
    return spec


def _instant(sandbox: Sandbox, text: str) -> datetime:
    """An instant with room before and after it for what is counted from it."""
    instant = moment(sandbox, text)
    if not FIRST_YEAR <= instant.year < LAST_YEAR:
        raise FormError(f"{text!r} is not a time from {FIRST_YEAR} to {LAST_YEAR}")
    return instant


def _alive(sandbox: Sandbox, resource_id: str) -> OnDemandResource:
    resource = sandbox.on_demand_resources.get(resource_id)
    if resource is None or not resource.is_alive:
        raise FormError(f"no pay-per-use resource {resource_id!r}")
    return resource


def _usage_type(sandbox: Sandbox, spec: Spec, code: str) -> UsageType:
    usage, charged = catalogue().usage_type(spec.resource, code), _charged(sandbox, spec)
    if usage is None or usage.code not in charged:
        raise FormError(f"{spec.code!r} is not charged by {code!r}; accepted: {', '.join(charged)}")
    return usage


def _charged(sandbox: Sandbox, spec: Spec) -> dict[str, Decimal]:
    """The prices of usage."""
    price = catalogue().price(spec, sandbox.site)
    if price is None or not price.usage:
        raise FormError(f"{spec.code!r} is not sold as pay-per-use")
    return price.usage


def _usage_an_hour(sandbox: Sandbox, spec: Spec, usage: dict[str, Decimal] | None) -> dict[str, Decimal]:
    """What a resource uses an hour; if nothing is said it runs, where it is charged by time."""
    _charged(sandbox, spec)
    if usage is None:
        return running_time(sandbox, spec)
    named = {_usage_type(sandbox, spec, code).code: amount for code, amount in usage.items()}
    return {code: _check_amount(f"usage of {code}", amount) for code, amount in named.items()}


def _size(spec: Spec, size: Decimal | None) -> Decimal | None:
    """The size of a linear product; others have none."""
    sizes = spec.size
    if sizes is None:
        return None
    if size is None or not size.is_finite() or not sizes.min <= size <= sizes.max or size % sizes.step:
        raise FormError(f"{spec.code!r} needs a size from {sizes.min} to {sizes.max} in steps of {sizes.step}")
    return size


def _check_amount(name: str, amount: Decimal) -> Decimal:
    if not amount.is_finite() or not 0 < amount <= MOST or amount != round(amount, DECIMALS):
        raise FormError(f"{name} must be above 0 and at most {MOST:f}, with {DECIMALS} decimals at most")
    return amount
