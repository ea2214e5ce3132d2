"""What the walks have in common: whom they are about, ordering, paying."""

from __future__ import annotations

from typing import Any

from contracts.properties.goods import REGION, SERVER, disk
from tests.contracts.mutants.diary import Diary

ELSEWHERE = {"cn": "cn-east-3", "intl": "ap-southeast-3"}
"""Regions beside the usual ones."""

CUSTOMER, REFERRAL, PARTNER = "demo-customer", "demo-referral", "demo-partner"


def server(diary: Diary) -> dict[str, Any]:
    return {**SERVER, "region": REGION[diary.target.site]}


def volume(diary: Diary) -> dict[str, Any]:
    return {**disk(diary.target.site), "region": REGION[diary.target.site]}


def placed(diary: Diary, name: str, *items: dict[str, Any], **fields: Any) -> str:
    return str(diary.place("orders", customer=name, items=list(items) or [server(diary)], **fields)["id"])


def pay(diary: Diary, who: str, order: str, *coupons: tuple[str, int], discount: tuple[str, int] | None = None) -> None:
    body: dict[str, Any] = {"order_id": order, "use_coupon": "NO", "use_discount": "NO"}
    if coupons:
        body |= {"use_coupon": "YES", "coupon_infos": [{"id": one, "type": kind} for one, kind in coupons]}
    if discount:
        body |= {"use_discount": "YES", "discount_infos": [{"id": discount[0], "type": discount[1]}]}
    diary.call(who, "PayOrders", body)


def buy(diary: Diary, who: str, name: str, *items: dict[str, Any], **fields: Any) -> list[str]:
    """The ids of the resources that come of a paid order."""
    order = placed(diary, name, *items, **fields)
    pay(diary, who, order)
    diary.wait("PT3S")
    diary.wait("PT1M")
    return [
        one["resource_id"] for one in diary.target.controls.look("resources") if one["terms"][0]["order_id"] == order
    ]
