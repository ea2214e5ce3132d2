"""When the money for an automatic renewal is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

from mockserver.domain.clock import CHINA, china_day
from mockserver.domain.resources import Resource
from mockserver.domain.sandbox import Sandbox
from mockserver.services.resources.terms import settings_of

HOUR = time(3, tzinfo=CHINA)


def plan_deduction(sandbox: Sandbox, resource: Resource, now: datetime) -> Resource:
    """Plan when a main resource tries next to renew by itself; nothing for one that does not.

    Whatever was planned before is void: only the attempt that the resource names counts.
    """
    renewal = resource.auto_renewal
    if renewal is None or not resource.is_main:
        return resource
    due = next_attempt(sandbox, resource, now)
    if due == renewal.next_on:
        return resource
    sandbox.timeline.plan(due, "automatic_renewal", resource_id=resource.resource_id)
    planned = replace(resource, auto_renewal=replace(renewal, next_on=due))
    return sandbox.resources.put(planned.resource_id, planned)


def next_attempt(sandbox: Sandbox, resource: Resource, now: datetime) -> datetime:
    """At 03:00 China time so many days before the expiry, or else daily at that time.

    Source: api-bpconsole/api_order_00022, api-oce/api_order_00031.
    """
    days = settings_of(sandbox, resource.customer_id).deduction_days
    first = datetime.combine(china_day(resource.expires_on) - timedelta(days=days), HOUR)
    today = datetime.combine(china_day(now), HOUR)
    coming = today if today > now else today + timedelta(days=1)
    return max(first, coming).astimezone(now.tzinfo)
