"""The specifications on sale, and their list prices: pages that follow one another by a marker."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import (
    CURRENCIES,
    HOUR,
    MONTH,
    ON_DEMAND,
    ONE_TIME,
    PACKAGE,
    PERIOD,
    YEAR,
    Price,
    Spec,
    catalogue,
    offering_id,
)
from mockserver.domain.ids import digest
from mockserver.services.registry import serves

CHARGE_MODES = {"1": PERIOD, "3": ON_DEMAND}
_LONGEST_NUMBER = 9
"""Digits of a position, as far as markers go."""


@serves("ListResourceSpecs")
def list_resource_specs(call: Call) -> Answer:
    """The specifications of one resource type that a region sells for one way of charging. A filter looks for a part
    of the code or of the name. Source: api-bpconsole/qct_00008."""
    body = call.body
    mode, text = body["charge_mode"], _filter(call).get("RESOURCE_SPEC", "").lower()
    rows = [
        spec
        for spec, price in _sold(call, body["cloud_service_type"], body["resource_type"])
        if CHARGE_MODES[mode] in price.modes and text in f"{spec.code}\n{spec.name(call.names_language)}".lower()
    ]
    shown, marker = _marked_page(call, rows)
    return {
        "page_info": {"next_marker": marker},
        "cloud_service_basics": [
            {**_named(call, spec), "charge_mode": mode, "region_code": body["region_code"]} for spec in shown
        ],
    }


@serves("ListResourceSpecsPrice")
def list_resource_specs_price(call: Call) -> Answer:
    """The specifications that a region sells, on request with attributes and list prices. Filters compare exactly; one
    by the way of charging keeps only the prices of that way. Source: intl/zh-cn/api-bpconsole/qct_00009."""
    code, mode = _filter(call).get("RESOURCE_SPEC"), _filter(call).get("CHARGING_MODE")
    sold = _sold(call, call.body.get("cloud_service_type"), call.body.get("resource_type"))
    rows = [
        (spec, price) for spec, price in sold if code in (None, spec.code) and (mode is None or mode in price.modes)
    ]
    shown, marker = _marked_page(call, rows)
    return {
        "page_info": {"next_marker": marker},
        "region_code": call.body["region_code"],
        "resource_spec_infos": [
            {
                **_named(call, spec),
                "attributes": _attributes(call, spec) if call.body["need_attributes"] else None,
                "price_lists": _prices(call, spec, price, mode) if call.body["need_price"] else None,
            }
            for spec, price in shown
        ],
    }


def _filter(call: Call) -> dict[str, str]:
    return {one["key"]: one["value"] for one in call.body.get("filters") or ()}


def _sold(call: Call, service: str | None, resource: str | None) -> list[tuple[Spec, Price]]:
    """What the region asked for sells, with its prices."""
    everything = catalogue()
    return [
        (spec, price)
        for spec in everything.specs.values()
        if resource in (None, spec.resource)
        and service in (None, everything.owners[spec.resource])
        and everything.sells(spec, call.body["region_code"], call.site)
        and (price := everything.price(spec, call.site)) is not None
    ]


def _named(call: Call, spec: Spec) -> dict[str, Any]:
    """The service, the resource type and the specification, with their names."""
    service = catalogue().services[catalogue().owners[spec.resource]]
    return {
        "cloud_service_type": service.code,
        "cloud_service_type_name": service.name(call.names_language),
        "resource_type": spec.resource,
        "resource_type_name": catalogue().resources[spec.resource].name(call.names_language),
        "resource_spec": spec.code,
        "resource_spec_name": spec.name(call.names_language),
    }


def _marked_page(call: Call, rows: Sequence[Any]) -> tuple[Sequence[Any], str | None]:
    """The page that `marker` points to, and the marker of the next. A limit counts only together with a marker."""
    marker = call.body.get("marker")
    start = _position(call, marker) if marker else 0
    end = start + (call.body["limit"] if marker else _usual_limit(call))
    return rows[start:end], _marker(call, end) if end < len(rows) else None


def _usual_limit(call: Call) -> int:
    assert call.view.body_schema is not None
    limit: int = call.view.body_schema["properties"]["limit"]["default"]
    return limit


def _marker(call: Call, position: int) -> str:
    """A marker holds for one query: everything but the page belongs to it, the language too."""
    query = sorted((name, str(value)) for name, value in call.body.items() if name not in ("marker", "limit"))
    return f"{position}-{digest(call.operation.id, call.site, call.names_language, query, position, size=8)}"


def _position(call: Call, marker: str) -> int:
    """Where a marker points to; one that was not handed out for this query is refused."""
    number = marker.partition("-")[0]
    if not number.isdecimal() or len(number) > _LONGEST_NUMBER or _marker(call, int(number)) != marker:
        raise call.refused("CBC.0100", f"{marker} is no marker of this query")
    return int(number)


def _attributes(call: Call, spec: Spec) -> list[dict[str, Any]]:
    """The attributes in words; for a linear product its sizes too."""
    meanings = catalogue().attributes
    rows: list[dict[str, Any]] = [
        {"code": code, "name": meanings[code].name(call.names_language), "value": value, "unit": meanings[code].unit}
        for code, value in spec.attributes.items()
    ]
    if spec.size is not None:
        sizes = {"min": spec.size.min, "max": spec.size.max, "step": spec.size.step}
        unit = catalogue().measures(call.site)[spec.size.measure].name(call.names_language)
        rows.append(
            {"code": "size", "name": meanings["size"].name(call.names_language), "unit": unit, "linear_range": sizes}
        )
    return rows


def _prices(call: Call, spec: Spec, price: Price, mode: str | None) -> list[dict[str, Any]]:
    """A row for each list price, or for those of one way of charging."""
    region, currency = call.body["region_code"], CURRENCIES[call.site]
    return [
        {
            "offering_id": offering_id(spec, region, call.site, charging, more.get("period_type") or 0),
            "currency": currency,
            "official_price": amount,
            "charging_mode": charging,
            **more,
        }
        for charging, amount, more in _amounts(call, spec, price)
        if amount is not None and mode in (None, charging)
    ]


def _amounts(call: Call, spec: Spec, price: Price) -> list[tuple[str, Decimal | None, dict[str, Any]]]:
    """By month and by year, for each usage type, one-time, and of a package by month."""
    numbers = catalogue().price_list.period_nums
    by_month = {"period_type": MONTH, "period_nums": numbers["month"]}
    by_year = {"period_type": YEAR, "period_nums": numbers["year"]}
    return [
        (PERIOD, price.month, by_month),
        (PERIOD, catalogue().price_of_year(price), by_year),
        *((ON_DEMAND, amount, _usage(call, spec, code)) for code, amount in price.usage.items()),
        (ONE_TIME, price.once, {}),
        (PACKAGE, price.package, by_month),
    ]


def _usage(call: Call, spec: Spec, code: str) -> dict[str, Any]:
    """What is said of a usage price: the usage type, and the hour where usage is time."""
    usage = catalogue().usage_type(spec.resource, code)
    assert usage is not None, "every usage price names a usage type"
    timed = catalogue().is_time(usage, call.site)
    return {"period_type": HOUR if timed else None, "period_nums": (), "billing_usage_factor": code}
