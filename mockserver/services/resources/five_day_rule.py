"""The five-day rule: what was bought lately can be given back at no cost (China site).

Source: usermanual-billing/unsubscription_topic_20000081.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from mockserver.domain.clock import china_day
from mockserver.domain.resources import Resource
from mockserver.domain.sandbox import Sandbox

TERM = timedelta(days=5)
"""From the provisioning of a resource."""

INSTANCES_A_YEAR = 10
"""Of one account, in a calendar year of China time."""


def free_instances(sandbox: Sandbox, group: Sequence[Resource], now: datetime) -> tuple[str, ...]:
    """The instances among resources that are given up together which the rule covers. Where the quota of the year does
    not reach, the first ones are."""
    taken = _taken(sandbox, group[0].customer_id, now)
    found = dict.fromkeys(instance_of(one, group) for one in group if is_new(sandbox, one, now))
    more = [one for one in found if one not in taken][: max(0, INSTANCES_A_YEAR - len(taken))]
    return tuple(one for one in found if one in taken or one in more)


def is_new(sandbox: Sandbox, resource: Resource, now: datetime) -> bool:
    """Whether a resource is young enough, and not excepted by a promotion."""
    return sandbox.site == "cn" and now - resource.created_on <= TERM and not resource.has("no_five_day_rule")


def instance_of(resource: Resource, group: Sequence[Resource]) -> str:
    """What a resource counts as. What is bound counts with its main resource; a solution, and a service that is only
    handled as a whole, once for each order."""
    main = next((one for one in group if one.resource_id == resource.main_id), None)
    counted = main if main and resource.has("bound") else resource
    whole = counted.has("indivisible") or counted.has("solution")
    return counted.terms[0].order_id if whole else counted.resource_id


def _taken(sandbox: Sandbox, customer_id: str, now: datetime) -> set[str]:
    """The instances of the quota that are used up in the year of China time."""
    year = china_day(now).year
    own = (one for one in sandbox.orders if one.customer_id == customer_id and one.free_instances)
    return {instance for one in own if china_day(one.created_on).year == year for instance in one.free_instances}
