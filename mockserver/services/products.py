"""Products: what the vendor sells, by what usage it charges, and in which units. Reference data, read only."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import ResourceType, UsageType, catalogue
from mockserver.services.paging import page
from mockserver.services.registry import serves


@serves("ListServiceTypes")
def list_service_types(call: Call) -> Answer:
    """The cloud services without those of KooGallery; service_type_name is a part of the name in the language asked
    for. Source: api-bpconsole/zh-cn_topic_0000001256679455."""
    _refuse_another_site(call)
    wanted = (call.parameters.get("service_type_name") or "").lower()
    rows = [
        one
        for one in catalogue().services.values()
        if not one.koogallery and wanted in one.name(call.names_language).lower()
    ]
    return {
        "total_count": len(rows),
        "service_types": [
            {
                "service_type_name": one.name(call.names_language),
                "service_type_code": one.code,
                "abbreviation": one.abbreviation,
            }
            for one in page(call, rows)
        ],
    }


def _refuse_another_site(call: Call) -> None:
    """Clients probe with this call whether an account belongs to the site. Which accounts do not is placed."""
    code = call.sandbox.setting("accounts_of_another_site").get(call.principal.account_name)
    if code and call.view.row(code):
        raise call.refused(code, f"{call.principal.account_name} is placed as an account of another site")


@serves("ListResourceTypes")
def list_resource_types(call: Call) -> Answer:
    """The resource types of all services. Source: api-bpconsole/zh-cn_topic_0000001256519451."""
    rows = list(catalogue().resources.values())
    return {
        "total_count": len(rows),
        "resource_types": [
            {
                "resource_type_code": one.code,
                "resource_type_name": one.name(call.names_language),
                "resource_type_desc": one.description(call.names_language),
                "service_type_code": catalogue().owners[one.code],
            }
            for one in page(call, rows)
        ],
    }


@serves("ListServiceResources")
def list_service_resources(call: Call) -> Answer:
    """The resource types of one service; none for a KooGallery service. Source: api-bpconsole/qct_00003."""
    rows = _resources_of(call.parameters["service_type_code"])
    return {
        "total_count": len(rows),
        "infos": [
            {
                "basic_info": {
                    "resource_type_code": one.code,
                    "product_owner_service": catalogue().owners[one.code],
                    "name": one.name(call.names_language),
                    "description": one.description(call.names_language),
                }
            }
            for one in page(call, rows)
        ],
    }


def _resources_of(service_code: str) -> Sequence[ResourceType]:
    service = catalogue().services.get(service_code)
    if service is None or service.koogallery:
        return ()
    return [catalogue().resources[code] for code in catalogue().service_resources[service_code]]


@serves("ListUsageTypes")
def list_usage_types(call: Call) -> Answer:
    """By what usage is charged, of all resource types or of one. Source: api-bpconsole/qct_00004."""
    wanted = call.parameters.get("resource_type_code")
    rows = [one for one in catalogue().usage_types if wanted in (None, one.resource)]
    return {"total_count": len(rows), "usage_types": [_usage_type(call, one) for one in page(call, rows)]}


def _usage_type(call: Call, one: UsageType) -> dict[str, str]:
    service = catalogue().services[catalogue().owners[one.resource]]
    return {
        "code": one.code,
        "name": one.name(call.names_language),
        "resource_type_code": one.resource,
        "service_type_code": service.code,
        "resource_type_name": catalogue().resources[one.resource].name(call.names_language),
        "service_type_name": service.name(call.names_language),
    }


@serves("ListMeasureUnits")
def list_measure_units(call: Call) -> Answer:
    """The whole table of units, which differs between the sites. Source: api-bpconsole/qct_00006."""
    return {
        "measure_units": [
            {
                "measure_id": one.id,
                "measure_name": one.name(call.names_language),
                "abbreviation": one.abbreviation,
                "measure_type": one.type,
            }
            for one in catalogue().measures(call.site).values()
        ]
    }


@serves("ListConversions")
def list_conversions(call: Call) -> Answer:
    """How many units of one kind make another, for all measure types or for one. Source: api-bpconsole/qct_00007."""
    wanted = call.parameters.get("measure_type")
    units = catalogue().measures(call.site)
    return {
        "conversions": [
            {
                "measure_id": one.measure,
                "ref_measure_id": one.into,
                "conversion_ratio": one.ratio,
                "measure_type": units[one.measure].type,
            }
            for one in catalogue().conversions(call.site)
            if wanted in (None, units[one.measure].type)
        ]
    }
