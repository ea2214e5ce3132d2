"""Terms of resources: when a renewal would end, and what it costs at the list price."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from mockserver.domain.clock import CHINA
from mockserver.domain.pricing import DAY, Item, charging_mode
from mockserver.domain.products import days_in, end_of_term
from mockserver.domain.resources import RenewalSettings, Resource
from mockserver.domain.sandbox import Sandbox


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


def renewal_of(sandbox: Sandbox, resource: Resource, period_type: int, number: int) -> Renewal | None:
    """The renewal of a resource for `number` periods; None where its product is not sold for so many.

    Where the customer has a common day of expiry the term runs on to the next such day, and the extra days cost their
    thirtieth of a month. Source: api-oce/api_order_00031.
    """
    product, site = resource.product, sandbox.site
    if not product.is_sold_for(site, period_type, number):
        return None
    end = end_of_term(resource.expires_on, period_type, number)
    day = settings_of(sandbox, resource.customer_id).expire_day
    last = end if day is None else on_day(end, day)
    price = product.list_price(site, period_type, number)
    extra = days_in(end, last)
    if extra:
        price += days_price(resource, site, extra)
    return Renewal(resource, period_type, number, last, price)


def days_price(resource: Resource, site: str, days: int) -> Decimal:
    """What days beyond whole periods cost."""
    return resource.product.list_price(site, DAY, days)


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
