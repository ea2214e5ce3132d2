"""Discounts and incentive policies, which people at the vendor and at partners decide."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from mockserver.control.state import places
from mockserver.domain.catalogue import catalogue
from mockserver.domain.clock import CHINA
from mockserver.domain.discounts import CHARGING_MODES, COMMERCIAL, KINDS, Discount, IncentivePolicy
from mockserver.domain.entities import Customer
from mockserver.domain.forms import FormError, customer_named, moment, read_form
from mockserver.domain.sandbox import Sandbox

NAMES = {
    "commercial": {"cn": "商务折扣", "intl": "Commercial discount"},
    "partner_granted": {"cn": "伙伴授予折扣", "intl": "Partner authorized discount"},
    "partner_set": {"cn": "伙伴折扣", "intl": "Partner discount"},
}
RATIO_DIGITS = 4


class DiscountForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """`ratio` is what the customer pays of the list price. The validity is given by instants or by durations from now.
    Without service types, specifications or charging modes the discount is for all."""

    customer: str
    kind: Literal["commercial", "partner_granted", "partner_set"]
    ratio: Decimal
    name: Annotated[str, msgspec.Meta(max_length=256)] | None = None
    effective: str = "P0D"
    expires: str = "P1Y"
    service_types: list[str] = []
    specs: list[str] = []
    charging_modes: list[str] = []


class PolicyForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """What holds for a service from a month like 2026-03 on; from the present one if none is given."""

    service_type: str
    incentive_policy: Literal["0", "1", "2", "13"] = "0"
    allow_discount: bool = True
    month: Annotated[str, msgspec.Meta(pattern="^[0-9]{4}-(0[1-9]|1[0-2])$")] | None = None


@places("discounts")
def place_discount(sandbox: Sandbox, body: dict[str, Any]) -> Discount:
    """Give a customer one more discount."""
    form = read_form(body, DiscountForm)
    customer = customer_named(sandbox, form.customer)
    _check_limits(form)
    number, kind = sandbox.ids.count("discount_number"), KINDS[form.kind]
    discount = Discount(
        id=sandbox.ids.hex32("discount"),
        number=number,
        customer_id=customer.id,
        kind=kind,
        ratio=_ratio(form.ratio),
        name=NAMES[form.kind][sandbox.site] if form.name is None else form.name,
        effective_on=moment(sandbox, form.effective),
        expires_on=moment(sandbox, form.expires),
        partner_id=None if kind == COMMERCIAL else _partner_of(customer),
        service_types=tuple(form.service_types),
        specs=tuple(form.specs),
        charging_modes=tuple(form.charging_modes),
    )
    if discount.effective_on >= discount.expires_on:
        raise FormError("expires must be later than effective")
    return sandbox.discounts.put(discount.id, discount)


@places("incentive_policies")
def place_policy(sandbox: Sandbox, body: dict[str, Any]) -> IncentivePolicy:
    """Change the policy of a service from a month on."""
    form = read_form(body, PolicyForm)
    _check_known("service_type", [form.service_type], _services())
    month = form.month or f"{sandbox.now.astimezone(CHINA):%Y-%m}"
    policy = IncentivePolicy(form.service_type, month, form.incentive_policy, form.allow_discount)
    return sandbox.incentive_policies.put(f"{form.service_type} {month}", policy)


def _ratio(ratio: Decimal) -> Decimal:
    if not ratio.is_finite() or not 0 < ratio < 1 or ratio != round(ratio, RATIO_DIGITS):
        raise FormError(f"ratio must be above 0 and below 1 with {RATIO_DIGITS} decimals at most; 0.85 takes 15 % off")
    return ratio


def _partner_of(customer: Customer) -> str:
    if customer.partner_id is None:
        raise FormError(f"{customer.name!r} has no partner that could give it a discount")
    return customer.partner_id


def _check_limits(form: DiscountForm) -> None:
    _check_known("service_types", form.service_types, _services())
    _check_known("specs", form.specs, [code for code, _ in catalogue().specs])
    _check_known("charging_modes", form.charging_modes, CHARGING_MODES)


def _services() -> list[str]:
    return [one.code for one in catalogue().services.values() if not one.koogallery]


def _check_known(name: str, values: list[str], known: Any) -> None:
    unknown = [value for value in values if value not in known]
    if unknown:
        shown = ", ".join(known) if len(known) < 50 else "those that ListResourceSpecs lists"
        raise FormError(f"{name}: no {unknown[0]!r}; accepted: {shown}")
