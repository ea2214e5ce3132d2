"""Price queries, and the catalogue."""

from __future__ import annotations

from contracts.properties.goods import REGION, SERVER, disk
from tests.contracts.mutants.diary import Diary


def prices(diary: Diary) -> None:
    """Price queries of all sorts of products, with and without discounts."""
    site = diary.target.site
    region = REGION[site]
    line = {
        "id": "1", "cloud_service_type": SERVER["service"], "resource_type": SERVER["resource"],
        "resource_spec": SERVER["spec"], "region": region, "subscription_num": 3,
    }  # fmt: skip
    volume = disk(site)
    sized = {
        **line, "id": "2", "cloud_service_type": volume["service"], "resource_type": volume["resource"],
        "resource_spec": volume["spec"], "resource_size": 77, "size_measure_id": 17,
    }  # fmt: skip
    for who in ("customer", "customer_user", "referral_customer"):
        for months, period in ((1, 2), (1, 3), (7, 0)):
            lines = [{**one, "period_type": period, "period_num": months} for one in (line, sized)]
            diary.call(who, "ListRateOnPeriodDetail", {"project_id": "p", "product_infos": lines})
        for amount, unit in ((1, 4), ("0.123456789", 4), (5, 6)):
            timed = [
                {**one, "usage_factor": "Duration", "usage_value": amount, "usage_measure_id": unit}
                for one in (line, sized)
            ]
            for precision in ({}, {"inquiry_precision": 0}, {"inquiry_precision": 1}):
                diary.call(who, "ListOnDemandResourceRatings", {"project_id": "p", "product_infos": timed, **precision})
    for query in ("ListRateOnPeriodDetail", "ListOnDemandResourceRatings"):
        twice = {
            **line,
            "period_type": 2,
            "period_num": 1,
            "usage_factor": "Duration",
            "usage_value": 1,
            "usage_measure_id": 4,
        }
        diary.call("customer", query, {"project_id": "p", "product_infos": [twice, twice]})
    kinds = {
        "cloud_service_type": SERVER["service"],
        "resource_type": SERVER["resource"],
        "region_code": region,
        "charge_mode": "1",
    }
    for filters in ([], [{"key": "RESOURCE_SPEC", "value": "vCPU"}], [{"key": "RESOURCE_SPEC", "value": "s6"}]):
        first = diary.call("customer", "ListResourceSpecs", {**kinds, "filters": filters, "limit": 2})
        marker = first.get("page_info", {}).get("next_marker") or "0-0"
        diary.call("customer", "ListResourceSpecs", {**kinds, "filters": filters, "limit": 2, "marker": marker})
        diary.call("customer", "ListResourceSpecs", {**kinds, "limit": 1, "marker": f"2-{'0' * 16}"})
    for language in ("zh_CN", "en_US"):
        diary.call("customer", "ListServiceTypes", X_Language=language, service_type_name="elastic")
        diary.call("customer", "ListMeasureUnits", X_Language=language)
        diary.call("customer", "ListResourceSpecs", kinds, X_Language=language)
    diary.call("customer", "ListConversions", measure_type=1)
    diary.call(
        "solution_provider", "ListIncentiveDiscountPolicies", time="2026-03", service_type_code=SERVER["service"]
    )
    diary.wait("P2Y")
    diary.call("solution_provider", "ListSubCustomerNewTag", {"limit": 200})
    diary.call(
        "customer",
        "ListRateOnPeriodDetail",
        {"project_id": "p", "product_infos": [{**line, "period_type": 2, "period_num": 1}]},
    )
