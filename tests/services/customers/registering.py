"""Words of the registration tests."""

from __future__ import annotations

from typing import Any

from tests.driver import Answer, Caller, World
from tests.services.customers.contacts import contact


def create(caller: Caller, **fields: object) -> Answer:
    """A customer on the caller's platform, with `fields` besides or instead."""
    body = {"xaccount_id": "user-1", "xaccount_type": caller.credential["xaccount_type"]}
    country = {"domain_area": "MX"} if caller.site == "intl" else {}
    return caller("CreateSubCustomer", {**body, **country, **fields})


def register(world: World, code: str, **fields: object) -> Answer:
    """A customer with the contact of its site, proved by a code."""
    return create(world.solution_provider, **contact(world.site), verification_code=code, **fields)


def account(world: World, answer: Answer) -> dict[str, Any]:
    (row,) = world.look("customers", id=answer["domain_id"])
    return row
