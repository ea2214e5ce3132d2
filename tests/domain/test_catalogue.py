"""The reference data holds together: what refers to something refers to something that exists."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

import pytest

from mockserver.contract.documents import SITES
from mockserver.domain.catalogue import CURRENCIES, Catalogue, Price, Spec, catalogue, offering_id
from mockserver.resources import folder

DATA = catalogue()
SPECS = list(DATA.specs.values())
PRICES = [
    (resource, code, currency, price)
    for resource, specs in DATA.price_list.prices.items()
    for code, currencies in specs.items()
    for currency, price in currencies.items()
]
CAPITALS = {
    "CN-13-001": 22, "CN-14-001": 10, "CN-15-001": 9, "CN-21-001": 13, "CN-22-001": 11, "CN-23-001": 18,
    "CN-32-001": 11, "CN-33-001": 13, "CN-34-001": 9, "CN-35-001": 13, "CN-36-001": 9, "CN-37-001": 12,
    "CN-41-001": 12, "CN-42-001": 13, "CN-43-001": 9, "CN-44-001": 11, "CN-45-001": 12, "CN-46-001": 4,
    "CN-51-001": 20, "CN-52-001": 10, "CN-53-001": 14, "CN-54-001": 8, "CN-61-001": 13, "CN-62-001": 8,
    "CN-63-001": 7, "CN-64-001": 6, "CN-65-001": 8, "CN-11-001": 16, "CN-12-001": 16, "CN-31-001": 16, "CN-50-001": 38,
}  # fmt: skip
"""How many counties the capitals and the municipalities have."""


def repeated(values: Iterable[object]) -> list[object]:
    return [value for value, count in Counter(values).items() if count > 1]


# Services, resources, usage


def test_every_service_has_resource_types_that_exist() -> None:
    assert DATA.services.keys() == DATA.service_resources.keys()
    assert all(DATA.service_resources.values())
    assert {code for codes in DATA.service_resources.values() for code in codes} == DATA.resources.keys()


def test_every_resource_type_belongs_to_one_service() -> None:
    assert repeated(code for codes in DATA.service_resources.values() for code in codes) == []


def test_every_usage_type_names_a_resource_type_and_a_unit_of_both_sites() -> None:
    assert {one.resource for one in DATA.usage_types} <= DATA.resources.keys()
    for site in SITES:
        assert {one.measure for one in DATA.usage_types} <= DATA.measures(site).keys()


def test_usage_types_are_found_in_any_case_of_letters() -> None:
    found = DATA.usage_type("hws.resource.type.vm", "duration")
    assert found is not None and found.code == "Duration"
    assert DATA.usage_type("hws.resource.type.vm", "upflow") is None


@pytest.mark.parametrize(
    ("name", "field", "keys"),
    [
        ("service_types", "service_types", ("code",)),
        ("resource_types", "resource_types", ("code",)),
        ("usage_types", "usage_types", ("resource", "code")),
        ("measures", "measures", ("id", "sites")),
        ("conversions", "conversions", ("measure", "into", "sites")),
        ("conversions", "measure_types", ("id",)),
        ("regions", "regions", ("code",)),
        ("areas", "provinces", ("code",)),
    ],
)
def test_rows_are_unique_and_in_the_order_of_the_api(name: str, field: str, keys: tuple[str, ...]) -> None:
    rows = json.loads((folder("fixtures") / "catalogue" / f"{name}.json").read_text(encoding="utf-8"))[field]
    found = [tuple(row.get(key, list(SITES)) for key in keys) for row in rows]
    assert found == sorted(found)
    assert repeated(map(str, found)) == []


def test_every_file_says_what_is_documented_and_what_is_not() -> None:
    files = sorted((folder("fixtures") / "catalogue").glob("*.json"))
    assert len(files) == 11
    for file in files:
        comment = json.loads(file.read_text(encoding="utf-8"))["$comment"].lower()
        assert any(word in comment for word in ("documented", "invented")), file.name


# Units


@pytest.mark.parametrize("site", SITES)
def test_conversions_join_units_of_one_type(site: str) -> None:
    units = DATA.measures(site)
    for one in DATA.conversions(site):
        assert units[one.measure].type == units[one.into].type


@pytest.mark.parametrize("site", SITES)
def test_no_unit_stands_twice_on_a_site(site: str) -> None:
    measures = [one for one in DATA._measures if site in one.sites]
    assert repeated(one.id for one in measures) == []


def test_units_convert_over_several_steps_and_back() -> None:
    assert DATA.convert(Decimal(2), 10, 13, "cn") == 2 * 1024**3
    assert DATA.convert(Decimal(3600), 6, 4, "cn") == 1
    assert DATA.convert(Decimal("1.5"), 0, 4, "intl") == 36
    assert DATA.convert(Decimal(5), 15, 15, "cn") == 5


def test_units_of_different_types_do_not_convert() -> None:
    assert DATA.convert(Decimal(1), 10, 17, "cn") is None


# Specifications and prices


def test_every_specification_is_of_a_resource_type_and_priced() -> None:
    for spec in SPECS:
        assert spec.resource in DATA.resources
        assert any(DATA.price(spec, site) for site in SITES), spec.code


def test_every_price_is_of_a_specification() -> None:
    assert {(code, resource) for resource, code, _, _ in PRICES} == DATA.specs.keys()
    assert {currency for _, _, currency, _ in PRICES} == set(CURRENCIES.values())


def test_every_usage_price_names_a_usage_type() -> None:
    for resource, code, _, price in PRICES:
        for factor in price.usage:
            assert DATA.usage_type(resource, factor), f"{code} {factor}"


def test_every_price_can_be_paid() -> None:
    for _, code, _, price in PRICES:
        assert price.modes, code
        amounts = [price.month, price.once, price.package, *price.usage.values()]
        assert all(amount > 0 for amount in amounts if amount is not None), code


def test_a_year_costs_ten_months() -> None:
    assert DATA.price_of_year(Price(month=Decimal("32.20"))) == Decimal("322.00")
    assert DATA.price_of_year(Price(once=Decimal(1))) is None


def test_every_attribute_and_every_size_has_a_meaning() -> None:
    for spec in SPECS:
        assert spec.attributes.keys() <= DATA.attributes.keys()
        assert spec.size is None or spec.size.measure in DATA.measures("cn")
        assert spec.size is None or 0 < spec.size.min <= spec.size.max


def test_disks_are_sized_in_gigabytes_and_bandwidth_in_megabits() -> None:
    linear = {spec.resource: spec.size.measure for spec in SPECS if spec.size}
    assert linear["hws.resource.type.volume"] == 17
    assert linear["hws.resource.type.bandwidth"] == linear["hws.resource.type.share_bandwidth"] == 15


def test_regions_of_specifications_exist() -> None:
    assert {region for spec in SPECS for region in spec.regions} <= DATA.regions.keys()


def test_codes_and_names_fit_the_fields_of_the_api() -> None:
    for spec in SPECS:
        assert len(spec.code) <= 64 and len(spec.zh) <= 200 and len(spec.en) <= 200


@pytest.mark.parametrize(
    ("keys", "known"),
    [
        (("hws.service.type.ec2", "hws.resource.type.vm", "s6.small.1.linux", "cn-north-1"), True),
        (("hws.service.type.ebs", "hws.resource.type.vm", "s6.small.1.linux", "cn-north-1"), False),
        (("hws.service.type.ec2", "hws.resource.type.volume", "s6.small.1.linux", "cn-north-1"), False),
        (("hws.service.type.ec2", "hws.resource.type.vm", "s6.small.1", "cn-north-1"), False),
        (("hws.service.type.ec2", "hws.resource.type.vm", "s6.small.1.linux", "mars-1"), False),
        (("hws.service.type.ec2", "hws.resource.type.vm", "c3.3xlarge.2.linux", "cn-north-4"), False),
    ],
)
def test_a_product_is_found_by_its_four_keys(keys: tuple[str, str, str, str], known: bool) -> None:
    assert (DATA.on_sale(*keys, site="cn") is not None) is known


def test_what_has_no_price_in_dollars_is_not_sold_abroad() -> None:
    keys = ("hws.service.type.vpc", "hws.resource.type.ip", "5_sbgp", "ap-southeast-1")
    assert DATA.on_sale(*keys, site="cn")
    assert DATA.on_sale(*keys, site="intl") is None


def test_offerings_have_ids_in_the_form_of_their_site() -> None:
    spec = Spec(zh="", en="", code="SSD", resource="hws.resource.type.volume")
    assert offering_id(spec, "cn-north-1", "cn", "PERIOD").startswith("00301-")
    assert len(offering_id(spec, "ap-southeast-1", "intl", "PERIOD", 2)) == len("OFFI690221704366104581")
    assert offering_id(spec, "cn-north-1", "cn", "PERIOD") != offering_id(spec, "cn-north-4", "cn", "PERIOD")


# Packages


def test_every_package_on_sale_says_what_it_contains() -> None:
    sold = {(code, resource) for resource, code, _, price in PRICES if price.package is not None}
    assert DATA.packages.keys() == sold


def test_packages_contain_usage_that_is_charged() -> None:
    for one in DATA.packages.values():
        charged = {factor for resource, _, _, price in PRICES if resource == one.resource for factor in price.usage}
        assert {item.usage for item in one.items} <= charged
        assert all(item.amount > 0 for item in one.items) and one.months > 0
        assert one.reset is None or one.reset.cycle in range(1, 6)


# Areas


def test_there_are_31_provinces() -> None:
    assert len(DATA.provinces) == 31


def test_codes_of_areas_are_unique_and_begin_with_those_above() -> None:
    codes = list(DATA.provinces)
    for province in DATA.provinces.values():
        for city in province.cities:
            assert city.code.startswith(f"{province.code}-")
            assert all(county.code.startswith(f"{city.code}-") for county in city.counties)
            codes += [city.code, *(county.code for county in city.counties)]
    assert repeated(codes) == []


def test_cities_and_counties_are_numbered_without_gaps() -> None:
    for province in DATA.provinces.values():
        assert sorted(int(city.code[-3:]) for city in province.cities) == list(range(1, len(province.cities) + 1))
        for city in province.cities:
            assert [int(county.code[-2:]) for county in city.counties] == list(range(1, len(city.counties) + 1))


def test_names_are_not_repeated_within_an_area() -> None:
    for province in DATA.provinces.values():
        assert repeated(city.name for city in province.cities) == []
        for city in province.cities:
            assert repeated(county.name for county in city.counties) == []


@pytest.mark.parametrize(("code", "counties"), CAPITALS.items())
def test_capitals_have_all_their_counties(code: str, counties: int) -> None:
    assert len(DATA.cities[code].counties) == counties


def test_the_codes_of_the_documented_examples_are_right() -> None:
    assert DATA.cities["CN-13-006"].name == "保定市"
    assert [city.code for city in DATA.provinces["CN-13"].cities][:2] == ["CN-13-006", "CN-13-009"]
    assert (DATA.cities["CN-13-001"].counties[0].code, DATA.cities["CN-13-001"].counties[0].name) == (
        "CN-13-001-01",
        "长安区",
    )


# Loading


def test_nothing_is_read_before_somebody_asks() -> None:
    assert vars(Catalogue()) == {}
    code = "import mockserver.services, mockserver.domain.catalogue as c; print(c.catalogue.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "0"


def test_the_catalogue_is_read_once() -> None:
    assert catalogue() is catalogue()
    assert catalogue().specs is catalogue().specs
