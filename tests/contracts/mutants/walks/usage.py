"""Packages, and the metering of usage."""

from __future__ import annotations

from contracts.properties.goods import REGION, SERVER, good
from tests.contracts.mutants.diary import Diary
from tests.contracts.mutants.walks.words import CUSTOMER, ELSEWHERE, REFERRAL, buy


def usage(diary: Diary) -> None:
    """Packages and what draws on them; running into arrears."""
    site = diary.target.site
    if site == "intl":
        diary.place("customers", name=CUSTOMER, freeze_type="")
    package = {"service": "hws.service.type.cdn", "resource": "hws.resource.type.cdn", "spec": "cdn.package.flow.500gb"}
    bought = buy(diary, "customer", CUSTOMER, {**package, "region": REGION[site]})
    for spec, fields in (
        ("obs.package.standard.40gb", {"expires": "P20D"}),
        ("cdn.package.flow.500gb", {"expires": "P3M"}),
    ):
        diary.place("packages", customer=CUSTOMER, **fields, **good(site, spec))
    buckets = [
        diary.place("on_demand_resources", customer=CUSTOMER, usage={}, enterprise_project=project, **good(site, "obs"))
        for project in ("", "world-project")
    ]
    elsewhere = {**good(site, "obs"), "region": ELSEWHERE[site]}
    buckets.append(diary.place("on_demand_resources", customer=CUSTOMER, usage={}, **elsewhere))
    for amount in ("30", "11.123456", "0.001", "2000"):
        for bucket in buckets:
            diary.place("usages", resource=bucket["id"], usage_type="size", amount=amount)
        _look_at_packages(diary)
    diary.call("customer", "CancelResourcesSubscription", {"resource_ids": bought, "unsubscribe_type": 1})
    diary.place("on_demand_resources", customer=REFERRAL, **good(site, SERVER["spec"]))
    for days in ("PT5H", "P1D", "P14D", "P10D", "P20D", "P2M"):
        diary.wait(days)
        _look_at_packages(diary)
        diary.call(
            "solution_provider", "ListCustomerOnDemandResources", {"customer_id": diary.id("customer"), "limit": 100}
        )
        for bucket in buckets:
            diary.place("usages", resource=bucket["id"], usage_type="size", amount="3.3")
    diary.wait("P1Y")
    _look_at_packages(diary)


def _look_at_packages(diary: Diary) -> None:
    for filters in ({}, {"status": 1}, {"status": 3}, {"service_type_code_list": ["HWS.SERVICE.TYPE.OBS"]}):
        found = diary.call("customer", "ListFreeResourceInfos", {"limit": 1000, **filters})
    items = [
        item["free_resource_id"] for one in found.get("free_resource_packages", []) for item in one["free_resources"]
    ]
    if items:
        diary.call("customer", "ListFreeResourceUsages", {"free_resource_ids": items})
    diary.call("referral_customer", "ListFreeResourceInfos", {})
    days = {"deduct_time_begin": "2026-03-01", "deduct_time_end": "2026-05-30"}
    diary.call("customer", "ListFreeResourcesUsageRecords", **days, limit=1000)
    diary.call("customer", "ListFreeResourcesUsageRecords", **days, free_resource_id=items[0] if items else "x")
    diary.call("customer", "ListFreeResourcesUsageRecords", **{**days, "deduct_time_end": "2026-05-31"})
