"""Words of the coupon tests: granting, issuing, looking."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.driver import Answer, Caller, World

ISSUE, RECLAIM = "CreatePartnerCoupons", "ReclaimPartnerCoupons"


def grant(world: World, partner: str = "demo-partner", amount: str = "1000", **fields: Any) -> str:
    """A quota that the vendor grants; its id."""
    return str(world.place("quotas", partner=partner, amount=amount, **fields)["id"])


def issue(caller: Caller, quota: str, *customers: str, face_value: Any = 100, **fields: Any) -> Answer:
    return caller(ISSUE, {"quota_id": quota, "customer_ids": list(customers), "face_value": face_value, **fields})


def coupon(world: World, quota: str, face_value: Any = 100, **fields: Any) -> str:
    """A coupon of the demo customer; its id."""
    answer = issue(world.solution_provider, quota, world.customer.id, face_value=face_value, **fields)
    return str(answer["coupon_infos"][0]["coupon_id"])


def reclaim(caller: Caller, coupon_id: str, **fields: Any) -> Answer:
    return caller(RECLAIM, {"coupon_id": coupon_id, **fields})


def balance(world: World, quota: str) -> Any:
    return Decimal(world.look("quotas", id=quota)[0]["balance"])


def coupon_row(world: World, coupon_id: str) -> Any:
    """The coupon as its issuer sees it."""
    return world.solution_provider("ListIssuedPartnerCoupons", coupon_id=coupon_id)["user_coupons"][0]


def failures(answer: Answer) -> list[tuple[str, str]]:
    """Code and customer of each entry of error_details."""
    return [(one["error_code"], one["id"]) for one in answer["error_details"]]


def issue_records(world: World, **filters: Any) -> list[Any]:
    return list(world.solution_provider("ListPartnerCouponsRecord", **filters)["records"])
