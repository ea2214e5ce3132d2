"""What stands against doing something with resources: the codes, as the operations document them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

from contracts.model.reference.orders import UNPAID
from contracts.model.reference.prices import ON_SALE
from contracts.model.reference.renewals import Renewals
from contracts.model.reference.resources import FROZEN, IN_USE, Resource, Resources
from contracts.model.reference.world import World

UNRENEWABLE = {"discontinued", "not_renewable"}
LONGEST = timedelta(days=3652)
"""Nothing is renewed beyond ten years; the day itself is left to the service."""
KEPT = {
    "savings_plan": "CBC.30000053",
    "invoiced": "CBC.99003643",
    "no_refund_package": "CBC.99003647",
    "trial": "CBC.99003649",
    "marketplace": "CBC.99003650",
    "codearts": "CBC.99003652",
    "unpriced": "CBC.99006066",
}
"""Traits of what cannot be unsubscribed."""
TIED = {"marketplace": "CBC.99003608", "no_on_demand": "CBC.99003609", "solution": "CBC.99003622"}
"""Traits of what cannot become pay-per-use."""
FROZEN_FOR = {"violation": "CBC.99003624", "police": "CBC.99003625"}
IN_RETENTION = "CBC.99003610"


# Renewing


def of_renewing(world: World, named: Sequence[Resource]) -> list[str]:
    """What refuses a whole renewal before its resources are looked at one by one."""
    codes = []
    for one in named:
        if not one.is_alive:
            codes.append("CBC.99003016")
        under_way = [each.order for each in world.of(Resources).family(one) if each.order is not None]
        codes += ["CBC.99003100" if each.status == UNPAID else "CBC.99003144" for each in under_way]
    return codes or _of_bundles(world, named)


def _of_bundles(world: World, named: Sequence[Resource]) -> list[str]:
    """What was bought as a bundle is renewed as a whole and by itself."""
    for bundle in [one.terms[0].order for one in named if _is_bundled(one)]:
        whole = [one for one in world.of(Resources).resources if _is_bundled(one) and one.terms[0].order is bundle]
        if {id(one) for one in named} != {id(one) for one in whole}:
            return ["CBC.99003634"]
    return []


def _is_bundled(one: Resource) -> bool:
    return one.main is None and one.is_alive and "bundle" in one.traits


def of_renewal(world: World, one: Resource, period: int, number: int) -> list[str]:
    """What keeps one resource from being renewed while others are."""
    codes = [] if one.main is None else ["CBC.30010036"]
    if number not in ON_SALE[period] or is_unrenewable(world, one):
        codes.append("CBC.30010069")
    return codes


def is_unrenewable(world: World, one: Resource) -> bool:
    return any(UNRENEWABLE & each.traits for each in world.of(Resources).family(one))


def of_terms(world: World, good: Sequence[Resource], period: int, number: int) -> list[str]:
    """What refuses a whole renewal when its terms are reckoned: one that is over already, one that is too long."""
    own = world.of(Resources)
    ends = [
        line.ends for one in good for line in world.of(Renewals).renewal(own.family(one), period, number) if line.ends
    ]
    codes = ["CBC.99000092"] if any(end <= world.now for end in ends) else []
    return [*codes, *(["CBC.99003154"] if any(end > world.now + LONGEST for end in ends) else [])]


def of_automatic_renewal(world: World, one: Resource) -> list[str]:
    if not one.is_alive:
        return ["CBC.99003012"]
    main = one.main or one
    codes = ["CBC.99003602"] if one.status != IN_USE or main.status != IN_USE else []
    barred = is_unrenewable(world, main) or any("solution" in each.traits for each in world.of(Resources).family(main))
    return [*codes, *(["CBC.30010001"] if barred else [])]


def of_renewal_price(world: World, one: Resource, period: int, number: int) -> str:
    """What keeps one resource from being priced while others are. What is under way comes before the product."""
    if not one.is_alive:
        return "CBC.30050009"
    if one.main is not None:
        return "CBC.30050007"
    under_way = [each.order for each in world.of(Resources).family(one) if each.order is not None]
    if under_way:
        return "CBC.30050010" if under_way[0].status == UNPAID else "CBC.30050011"
    if is_unrenewable(world, one):
        return "CBC.30050013"
    return "" if number in ON_SALE[period] else "CBC.30050008"


# Giving up


def of_unsubscribing(world: World, group: Sequence[Resource], named: Collection[str], renewals_only: bool) -> list[str]:
    """What stands against giving up a resource with what is attached to it; `named` are the ids of the call."""
    if not group[0].is_alive:
        return ["CBC.30000067"]
    codes = [code for one in group for code in _of_one(one, renewals_only)]
    if renewals_only and not group[0].coming(world.now):
        codes.append("CBC.99003128")
    if not renewals_only and not _is_whole(world, group, named):
        codes.append("CBC.99003185")
    return codes


def _of_one(one: Resource, renewals_only: bool) -> list[str]:
    codes = [code for trait, code in KEPT.items() if trait in one.traits]
    if one.status == FROZEN or one.frozen_by or one.customer.frozen:
        codes.append("CBC.99003656")
    if one.order is not None:
        codes.append("CBC.99003100" if one.order.status == UNPAID else "CBC.99003651")
    if renewals_only and "bandwidth_addon" in one.traits:
        codes.append("CBC.99003654")
    return codes


def _is_whole(world: World, group: Sequence[Resource], named: Collection[str]) -> bool:
    """What is bound goes with its main resource only, what the service handles as a whole with all of its order."""
    if group[0].main is not None and "bound" in group[0].traits:
        return False
    orders = [one.terms[0].order for one in group if "indivisible" in one.traits]
    own = [one for one in world.of(Resources).resources if one.is_alive and one.terms[0].order in orders]
    return all(one.id in named or (one.main is not None and one.main.id in named) for one in own)


# Becoming pay-per-use


def of_conversion(world: World, one: Resource) -> list[str]:
    """What stands against a resource, or else against what is attached to it, becoming pay-per-use."""
    if not one.is_alive:
        return ["CBC.99003012"]
    if one.customer.frozen:
        return ["CBC.99003626"]
    found = (_ties_of(world, each) for each in world.of(Resources).family(one))
    return next((codes for codes in found if codes), [])


def _ties_of(world: World, one: Resource) -> list[str]:
    if one.frozen_by:
        return [FROZEN_FOR[one.frozen_by]]
    if one.status != IN_USE:
        return [IN_RETENTION]
    codes = [code for trait, code in TIED.items() if trait in one.traits]
    codes += [] if one.product.usage(world.site) else ["CBC.99003609"]
    return [*codes, *(["CBC.99003623"] if one.order is not None and one.order.status != UNPAID else [])]
