"""The provinces, cities and counties of China."""

from __future__ import annotations

import pytest

from tests.driver import Answer, World

FIELDS = {"ListProvinces": "provinces", "ListCities": "cities", "ListCounties": "counties"}
SCOPES = {"ListProvinces": {}, "ListCities": {"province_code": "CN-44"}, "ListCounties": {"city_code": "CN-13-001"}}


def listed(world: World, operation: str, **parameters: object) -> Answer:
    return world.solution_provider(operation, **{**SCOPES[operation], **parameters}).ok


def codes(world: World, operation: str, **parameters: object) -> list[str]:
    return [row["code"] for row in listed(world, operation, **parameters)[FIELDS[operation]]]


def test_there_are_31_provinces_by_code(world: World) -> None:
    found = codes(world, "ListProvinces", limit=1000)
    assert len(found) == 31 and found == sorted(found)
    assert listed(world, "ListProvinces", limit=1)["count"] == 31


def test_cities_come_by_the_pinyin_of_their_names(world: World) -> None:
    rows = listed(world, "ListCities", province_code="CN-13", limit=12)["cities"]
    assert [row["name"] for row in rows[:4]] == ["保定市", "沧州市", "承德市", "邯郸市"]


def test_every_area_leads_to_the_areas_in_it(world: World) -> None:
    for province in codes(world, "ListProvinces", limit=31):
        cities = codes(world, "ListCities", province_code=province, limit=1000)
        assert cities and all(city.startswith(f"{province}-") for city in cities)
    for city in codes(world, "ListCities", limit=1000):
        counties = codes(world, "ListCounties", city_code=city, limit=1000)
        assert all(county.startswith(f"{city}-") for county in counties)


def test_a_municipality_is_its_own_only_city(world: World) -> None:
    answer = listed(world, "ListCities", province_code="CN-31")
    assert answer.body == {"count": 1, "cities": [{"code": "CN-31-001", "name": "上海市"}]}
    assert listed(world, "ListCounties", city_code="CN-31-001")["count"] == 16


def test_some_cities_have_no_counties(world: World) -> None:
    assert listed(world, "ListCounties", city_code="CN-44-017").body == {"count": 0, "counties": []}


@pytest.mark.parametrize("operation", FIELDS)
def test_ten_rows_come_unless_more_are_asked_for(world: World, operation: str) -> None:
    assert len(codes(world, operation)) == 10 < listed(world, operation)["count"]


@pytest.mark.parametrize("operation", FIELDS)
def test_pages_join_without_gaps(world: World, operation: str) -> None:
    assert codes(world, operation, limit=4) + codes(world, operation, offset=4, limit=1000) == codes(
        world, operation, limit=1000
    )


@pytest.mark.parametrize("operation", FIELDS)
def test_an_empty_offset_is_none_but_an_empty_limit_is_refused(world: World, operation: str) -> None:
    assert codes(world, operation, offset="") == codes(world, operation, offset="null") == codes(world, operation)
    for nothing in ("", "null", '""', 1001):
        answer = world.solution_provider(operation, **SCOPES[operation], limit=nothing)
        assert answer.refused == (400, "CBC.0100")


@pytest.mark.parametrize(("operation", "scope"), [("ListCities", "province_code"), ("ListCounties", "city_code")])
def test_an_unknown_area_has_nothing_in_it_and_none_at_all_is_refused(world: World, operation: str, scope: str) -> None:
    assert listed(world, operation, **{scope: "CN-99"}).body == {"count": 0, FIELDS[operation]: []}
    assert world.solution_provider(operation).refused == (400, "CBC.0100")


@pytest.mark.parametrize("language", ["zh_cn", "en_us", "en_US"])
def test_names_are_chinese_whatever_language_is_asked_for(world: World, language: str) -> None:
    answer = world.solution_provider("ListProvinces", X_Language=language)
    assert answer["provinces"][0]["name"] == "北京市"


@pytest.mark.parametrize("operation", FIELDS)
def test_customers_see_the_same_as_partners_and_resellers_nothing(world: World, operation: str) -> None:
    assert world.customer(operation, **SCOPES[operation]).body == listed(world, operation).body
    assert world.reseller(operation, **SCOPES[operation]).refused == (403, "CBC.0151")


@pytest.mark.parametrize("operation", FIELDS)
def test_areas_are_not_served_abroad(abroad: World, operation: str) -> None:
    assert abroad.solution_provider(operation, **SCOPES[operation]).status == 404
