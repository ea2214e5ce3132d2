"""The reference data of `fixtures/catalogue/`: what is sold, where, in which units and at which list price.

Read at the first use, then shared by all sandboxes: it never changes. Rows stand in the order in which the API lists
them. What is documented and what is invented is said in each file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, Literal, TypeVar

import msgspec

from mockserver.contract.documents import SITES, ContractError
from mockserver.domain.ids import digest
from mockserver.resources import folder

CURRENCIES = {"cn": "CNY", "intl": "USD"}
PERIOD, ON_DEMAND, ONE_TIME, PACKAGE = "PERIOD", "ON_DEMAND", "ONE_TIME", "ON_DEMAND_PKG"
"""The ways of charging."""

MONTH, YEAR, HOUR = 2, 3, 4
"""Period types of prices."""

_DURATION = 2
"""The measure type of hours."""


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """What has a name in Chinese and English."""

    zh: str
    en: str

    def name(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


class ServiceType(Named, frozen=True):
    """A cloud service, such as ECS. A KooGallery service stands in orders and bills only."""

    code: str
    abbreviation: str
    koogallery: bool = False


class ResourceType(Named, frozen=True):
    """What a service consists of, such as VM."""

    code: str
    zh_description: str = ""
    en_description: str = ""

    def description(self, language: str) -> str:
        """The description; the name where there is none."""
        return (self.zh_description if language == "zh" else self.en_description) or self.name(language)


class UsageType(Named, frozen=True):
    """By what the usage of a resource type is charged, in units of `measure`."""

    resource: str
    code: str
    measure: int


class MeasureType(Named, frozen=True):
    """What a unit measures."""

    id: int
    sites: tuple[str, ...] = SITES


class Measure(Named, frozen=True):
    """A unit."""

    id: int
    abbreviation: str
    type: int
    sites: tuple[str, ...] = SITES


class Conversion(msgspec.Struct, frozen=True):
    """One `measure` is `ratio` times `into`."""

    measure: int
    into: int
    ratio: int
    sites: tuple[str, ...] = SITES


class Region(Named, frozen=True):
    """A cloud region."""

    code: str
    sites: tuple[str, ...] = SITES


class County(msgspec.Struct, frozen=True):
    """A county or district of a Chinese city."""

    code: str
    name: str


class City(msgspec.Struct, frozen=True):
    """A Chinese city."""

    code: str
    name: str
    counties: tuple[County, ...]


class Province(msgspec.Struct, frozen=True):
    """A Chinese province."""

    code: str
    name: str
    cities: tuple[City, ...]


class Sizes(msgspec.Struct, frozen=True):
    """The sizes of a linear product, in units of `measure`."""

    measure: int
    min: int
    max: int
    step: int


class Attribute(Named, frozen=True):
    """What an attribute of specifications means."""

    unit: str = ""


class Spec(Named, frozen=True):
    """A specification, such as s6.small.1.linux. Without `regions` it is sold in all of them."""

    code: str
    attributes: dict[str, str] = {}
    regions: tuple[str, ...] = ()
    resource: str = ""
    size: Sizes | None = None


class SpecGroup(msgspec.Struct, frozen=True):
    """The specifications of one resource type."""

    resource: str
    specs: tuple[Spec, ...]
    size: Sizes | None = None


class Price(msgspec.Struct, frozen=True):
    """The list prices of a specification in one currency; for a linear product those of one unit of its size."""

    month: Decimal | None = None
    usage: dict[str, Decimal] = {}
    once: Decimal | None = None
    package: Decimal | None = None

    @property
    def modes(self) -> tuple[str, ...]:
        """The ways of charging that have a price."""
        ways = {PERIOD: self.month, ON_DEMAND: self.usage, ONE_TIME: self.once, PACKAGE: self.package}
        return tuple(mode for mode, price in ways.items() if price)


class PriceList(msgspec.Struct, frozen=True):
    """Prices by resource type, specification and currency; a year costs `year_in_months` months."""

    year_in_months: int
    period_nums: dict[str, tuple[int, ...]]
    prices: dict[str, dict[str, dict[str, Price]]]


class SpecFile(msgspec.Struct, frozen=True):
    """The file of specifications."""

    attributes: dict[str, Attribute]
    resources: tuple[SpecGroup, ...]


class Reset(msgspec.Struct, frozen=True):
    """How often a package gives its quota anew, and whether from the calendar or from the day of its purchase."""

    cycle: int
    by: Literal["calendar", "subscription"]


class PackageItem(msgspec.Struct, frozen=True):
    """How much of a usage type a package contains, in the unit of the usage type."""

    usage: str
    amount: Decimal


class PackageContent(msgspec.Struct, frozen=True):
    """What a package contains. Without `reset` one quota lasts for its whole life: of `months`, if nobody buys it."""

    resource: str
    spec: str
    months: int
    items: tuple[PackageItem, ...]
    reset: Reset | None = None


Row = TypeVar("Row")


def _read(name: str, form: type[Row]) -> Row:
    file = folder("fixtures") / "catalogue" / f"{name}.json"
    try:
        return msgspec.json.decode(file.read_bytes(), type=form)
    except (OSError, msgspec.DecodeError) as error:
        raise ContractError(f"{file}: {error}") from None


def _rows(name: str, kind: Any, field: str = "") -> Any:
    """The list `field` of file `name`, of its own name if none is given; other fields are passed over."""
    field = field or name
    form = msgspec.defstruct(name, [(field, kind)])
    return getattr(_read(name, form), field)


class Catalogue:
    """All reference data. Each part is read when it is first asked for."""

    # Services, resources, usage

    @cached_property
    def services(self) -> Mapping[str, ServiceType]:
        """Service types by code."""
        return {row.code: row for row in _rows("service_types", tuple[ServiceType, ...])}

    @cached_property
    def resources(self) -> Mapping[str, ResourceType]:
        """Resource types by code."""
        return {row.code: row for row in _rows("resource_types", tuple[ResourceType, ...])}

    @cached_property
    def service_resources(self) -> Mapping[str, tuple[str, ...]]:
        """The codes of the resource types of each service type."""
        return dict(_rows("service_resources", dict[str, tuple[str, ...]]))

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """The service type that each resource type belongs to."""
        return {resource: service for service, codes in self.service_resources.items() for resource in codes}

    @cached_property
    def usage_types(self) -> Sequence[UsageType]:
        return tuple(_rows("usage_types", tuple[UsageType, ...]))

    def usage_type(self, resource: str, code: str) -> UsageType | None:
        """A usage type of a resource type; upper and lower case of the code are one."""
        wanted = code.lower()
        return next((row for row in self.usage_types if row.resource == resource and row.code.lower() == wanted), None)

    def is_time(self, usage: UsageType, site: str) -> bool:
        """Whether usage is measured in time."""
        return self.measures(site)[usage.measure].type == _DURATION

    # Units

    @cached_property
    def _measures(self) -> Sequence[Measure]:
        return tuple(_rows("measures", tuple[Measure, ...]))

    @cached_property
    def _conversions(self) -> Sequence[Conversion]:
        return tuple(_rows("conversions", tuple[Conversion, ...]))

    @cached_property
    def measure_types(self) -> Mapping[int, MeasureType]:
        return {row.id: row for row in _rows("conversions", tuple[MeasureType, ...], "measure_types")}

    def measures(self, site: str) -> Mapping[int, Measure]:
        """The units of a site by id: those whose type the site lists."""
        types = self.measure_types
        return {row.id: row for row in self._measures if site in row.sites and site in types[row.type].sites}

    def conversions(self, site: str) -> Sequence[Conversion]:
        return [row for row in self._conversions if site in row.sites]

    def convert(self, amount: Decimal, measure: int, into: int, site: str) -> Decimal | None:
        """An amount in units of `into`, over as many conversions as it takes; None if there is no way."""
        ratio = self._ratios(measure, site).get(into)
        return None if ratio is None else amount * ratio.numerator / ratio.denominator

    def _ratios(self, measure: int, site: str) -> Mapping[int, Fraction]:
        """How many of each other unit make one of `measure`."""
        ways = self.conversions(site)
        steps = [(one.measure, one.into, Fraction(one.ratio)) for one in ways]
        steps += [(one.into, one.measure, Fraction(1, one.ratio)) for one in ways]
        found, waiting = {measure: Fraction(1)}, [measure]
        while waiting:
            here = waiting.pop()
            for start, end, ratio in steps:
                if start == here and end not in found:
                    found[end] = found[here] * ratio
                    waiting.append(end)
        return found

    # Places

    @cached_property
    def regions(self) -> Mapping[str, Region]:
        """Cloud regions by code."""
        return {row.code: row for row in _rows("regions", tuple[Region, ...])}

    @cached_property
    def provinces(self) -> Mapping[str, Province]:
        """The provinces of China by code."""
        return {row.code: row for row in _rows("areas", tuple[Province, ...], "provinces")}

    @cached_property
    def cities(self) -> Mapping[str, City]:
        """The cities of China by code."""
        return {city.code: city for province in self.provinces.values() for city in province.cities}

    # Specifications and prices

    @cached_property
    def _spec_file(self) -> SpecFile:
        return _read("specs", SpecFile)

    @cached_property
    def attributes(self) -> Mapping[str, Attribute]:
        """What the attributes of specifications mean, by code."""
        return self._spec_file.attributes

    @cached_property
    def specs(self) -> Mapping[tuple[str, str], Spec]:
        """Specifications by code and resource type, in that order: one code can stand for several resource types."""
        groups = self._spec_file.resources
        rows = [
            msgspec.structs.replace(spec, resource=one.resource, size=one.size) for one in groups for spec in one.specs
        ]
        return {(row.code, row.resource): row for row in sorted(rows, key=lambda row: (row.code, row.resource))}

    @cached_property
    def price_list(self) -> PriceList:
        return _read("prices", PriceList)

    @cached_property
    def packages(self) -> Mapping[tuple[str, str], PackageContent]:
        """What resource packages contain, by specification and resource type."""
        return {(row.spec, row.resource): row for row in _rows("packages", tuple[PackageContent, ...])}

    def price(self, spec: Spec, site: str) -> Price | None:
        """The list prices of a specification on a site, or None where it is not on sale."""
        return self.price_list.prices.get(spec.resource, {}).get(spec.code, {}).get(CURRENCIES[site])

    def price_of_year(self, price: Price) -> Decimal | None:
        return price.month * self.price_list.year_in_months if price.month else None

    def sells(self, spec: Spec, region: str, site: str) -> bool:
        """Whether a specification is on sale in a region of a site."""
        place = self.regions.get(region)
        sold_there = place is not None and site in place.sites and (not spec.regions or region in spec.regions)
        return sold_there and self.price(spec, site) is not None

    def on_sale(self, service: str, resource: str, code: str, region: str, site: str) -> Spec | None:
        """The product that the four keys of the price queries name, or None."""
        spec = self.specs.get((code, resource))
        known = spec is not None and self.owners.get(resource) == service
        return spec if spec and known and self.sells(spec, region, site) else None


@cache
def catalogue() -> Catalogue:
    """The one catalogue."""
    return Catalogue()


def offering_id(spec: Spec, region: str, site: str, mode: str, period_type: int = 0) -> str:
    """The product id of one way to buy a specification: the form is documented, the number made up of its parts."""
    number = int(digest(site, region, spec.resource, spec.code, mode, period_type, size=8), 16)
    return f"00301-{number % 10**6:06d}-0--0" if site == "cn" else f"OFFI{number % 10**18:018d}"


def usage_offering_id(spec: Spec, usage: UsageType, region: str, site: str) -> str:
    """The product id of a specification that is paid by use."""
    return offering_id(spec, region, site, ON_DEMAND, HOUR if catalogue().is_time(usage, site) else 0)


def period_offering_id(spec: Spec, region: str, site: str, period_type: int) -> str:
    """The product id of a specification that is paid by period. Parts of a month are of the monthly product."""
    return offering_id(spec, region, site, PERIOD, YEAR if period_type == YEAR else MONTH)
