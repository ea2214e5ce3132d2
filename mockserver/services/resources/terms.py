"""Terms of resources: when a renewal would end, and what it costs at the list price."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from mockserver.domain.clock import CHINA
from mockserver.domain.orders import Order
from mockserver.domain.pricing import DAY, Item, charging_mode
from mockserver.domain.products import ONE_OFF, days_in, end_of_term
from mockserver.domain.resources import RenewalSettings, Resource
from mockserver.domain.sandbox import Sandbox

UNRENEWABLE = ("discontinued", "not_renewable")
"""Traits of what is not renewed any more."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A further term of a resource. It begins where the present one ends, also in the grace and retention periods."""

    resource: Resource
    period_type: int
    period_num: int
    ends_on: datetime
    list_price: Decimal

    @property
    def starts_on(self) -> datetime:
        return self.resource.expires_on


def renewals_of(sandbox: Sandbox, resources: Sequence[Resource], period_type: int, number: int) -> list[Renewal]:
    """The renewals of resources that renew together, for `number` periods; none where one of their products is not
    sold for so many."""
    sold = all(one.product.is_sold_for(sandbox.site, period_type, number) for one in resources)
    return [_renewal(sandbox, one, period_type, number) for one in resources] if sold else []


def _renewal(sandbox: Sandbox, resource: Resource, period_type: int, number: int) -> Renewal:
    """Where the customer has a common day of expiry the term runs on to the next such day, and the extra days cost
    their thirtieth of a month. Source: api-oce/api_order_00031."""
    product, site = resource.product, sandbox.site
    end = end_of_term(resource.expires_on, period_type, number)
    day = settings_of(sandbox, resource.customer_id).expire_day
    last = end if day is None else on_day(end, day)
    price = product.list_price(site, period_type, number) + product.list_price(site, DAY, days_in(end, last))
    return Renewal(resource, period_type, number, last, price)


def settings_of(sandbox: Sandbox, customer_id: str) -> RenewalSettings:
    """The customer's choices, or the usual ones."""
    return sandbox.renewal_settings.get(customer_id) or RenewalSettings(customer_id)


def on_day(end: datetime, day: int) -> datetime:
    """The first instant from `end` on that has the same time on the `day` of a month; -1 is the month's last."""
    local = end.astimezone(CHINA)
    while local.day != _day_in(local, day):
        local += timedelta(days=1)
    return local.astimezone(end.tzinfo)


def _day_in(moment: datetime, day: int) -> int:
    return calendar.monthrange(moment.year, moment.month)[1] if day == -1 else day


def can_be_renewed(resource: Resource) -> bool:
    """Whether there is a further term to order at all; what was paid once does not expire."""
    return resource.terms[-1].period_type != ONE_OFF and not any(resource.has(one) for one in UNRENEWABLE)


def order_under_way(sandbox: Sandbox, resources: Iterable[Resource]) -> Order | None:
    """The order that holds any of the resources, unpaid or being processed."""
    orders = (sandbox.orders.get(one.order_id) for one in resources)
    return next((one for one in orders if one is not None), None)


def family(sandbox: Sandbox, main: Resource) -> list[Resource]:
    """A main resource with those that are attached to it and not closed."""
    attached = (one for one in sandbox.resources if one.main_id == main.resource_id and one.is_alive)
    return [main, *attached]


def items_of(sandbox: Sandbox, renewals: Sequence[Renewal]) -> list[Item]:
    """Renewals as lines to price: discounts look at the service, the specification and the way of charging."""
    return [
        Item(
            id=one.resource.resource_id,
            product_id=one.resource.product.product_id(sandbox.site, one.period_type),
            service=one.resource.product.service,
            spec=one.resource.product.spec,
            charging_mode=charging_mode(one.period_type, one.period_num),
            exact=one.list_price,
        )
        for one in renewals
    ]
