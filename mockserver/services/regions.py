"""The provinces, cities and counties of China. Reference data, read only, in Chinese whatever language is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from mockserver.domain.call import Answer, Call
from mockserver.domain.catalogue import City, County, Province, catalogue
from mockserver.services.paging import page
from mockserver.services.registry import serves

Area = Province | City | County


@serves("ListProvinces")
def list_provinces(call: Call) -> Answer:
    """The 31 provinces. Source: api-bpconsole/mpf_02001."""
    return _listed(call, "provinces", list(catalogue().provinces.values()))


@serves("ListCities")
def list_cities(call: Call) -> Answer:
    """The cities of one province; none of an unknown one. Source: api-bpconsole/mpf_02002."""
    province = catalogue().provinces.get(call.parameters["province_code"])
    return _listed(call, "cities", province.cities if province else ())


@serves("ListCounties")
def list_counties(call: Call) -> Answer:
    """The counties and districts of one city; none of an unknown one, and some cities have none.
    Source: api-bpconsole/mpf_02003."""
    city = catalogue().cities.get(call.parameters["city_code"])
    return _listed(call, "counties", city.counties if city else ())


def _listed(call: Call, field: str, areas: Sequence[Area]) -> Answer:
    """One page, and how many there are in all."""
    return {"count": len(areas), field: [{"code": one.code, "name": one.name} for one in page(call, areas)]}
