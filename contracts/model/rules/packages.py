"""Resource packages: given, in effect, drawn on by usage, given anew each month, over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.comparing import Given
from contracts.model.machine import Listing, Rules, one_of, picks, step
from contracts.model.reference.metering import Metering, OnDemand
from contracts.model.reference.people import People
from contracts.model.reference.prices import REGION, Product
from contracts.model.reference.quotas import CALENDAR, SUBSCRIPTION, Deduction, Kind, Package, Packages
from contracts.model.reference.world import NOTHING, china_day, cut, end_of_term

SERVICE, RESOURCE = "hws.service.type", "hws.resource.type"
KINDS = (
    Kind(f"{SERVICE}.smn", f"{RESOURCE}.smn", "smn.package.request.10k", "smn", "reqNumber", Decimal(10000)),
    Kind(f"{SERVICE}.cdn", f"{RESOURCE}.cdn", "cdn.package.flow.500gb", "cdn", "flow", Decimal(500), CALENDAR),
    Kind(f"{SERVICE}.obs", f"{RESOURCE}.obs", "obs.package.standard.40gb", "obs", "size", Decimal(40), SUBSCRIPTION),
)
HOLDER = "customer"
RECORDS_SHOWN = timedelta(days=90)
PROJECT, ORDER = "model-project", "CS-PACKAGE"
ELSEWHERE = {"cn": "cn-east-3", "intl": "ap-southeast-3"}
kinds = st.sampled_from(KINDS)
places = st.sampled_from(["", "", "", "elsewhere", "project", "order"])


class Drawing(Rules):
    """Usage that packages cover; what they do not cover costs money."""

    def begin(self) -> None:
        for kind in KINDS:
            row = self.play.place("on_demand_resources", **_product(self, kind, kind.metered), usage={})
            self.world.of(Packages).metered[kind] = row["id"]
            self.play.name(row["id"], kind.metered, counted=False)
            product, customer = (
                Product(kind.service, kind.resource, kind.metered),
                self.world.of(People).customer(HOLDER),
            )
            now = self.world.now
            self.world.of(Metering).start(OnDemand(row["id"], customer, product, now, now))
        _give(self, KINDS[2], 0, None)

    @step(kind=kinds, starts=st.sampled_from([0, 0, 1, 20]), lasts=st.sampled_from([None, 2, 45]), place=places)
    def give_package(self, kind: Kind, starts: int, lasts: int | None, place: str) -> None:
        """From some day on, for the usual time or for some days; perhaps of another region, of a project or an order,
        of which two cannot be used."""
        _give(self, kind, starts, lasts, place)

    @step(kind=kinds, place=st.sampled_from(["elsewhere", "project"]), amount=st.integers(1, 50))
    def use_without(self, kind: Kind, place: str, amount: int) -> None:
        """What is used up, or was never there, is not drawn from a package of another region or of a project."""
        left, one = _left(self, kind), _metered(self, kind)
        _give(self, kind, 0, 2, place)
        if one.is_alive:
            self.play.place("usages", resource=one.id, usage_type=kind.usage, amount=left + amount)
            self.world.of(Metering).use(one, kind.usage, left + amount)

    @precondition(lambda self: bool(_in_use(self)))
    @step(pick=picks, share=st.sampled_from(["all", "some", "more"]), percent=st.integers(1, 99))
    def use(self, pick: int, share: str, percent: int) -> None:
        kind = one_of(_in_use(self), pick)
        left = _left(self, kind)
        amount = {"more": left + percent, "all": left}.get(share, cut(left * percent / 100) or left)
        one = _metered(self, kind)
        if one.is_alive:
            self.play.place("usages", resource=one.id, usage_type=kind.usage, amount=amount)
            self.world.of(Metering).use(one, kind.usage, amount)

    @precondition(lambda self: bool(self.world.of(Packages).packages))
    @step(pick=picks)
    def show_usage(self, pick: int) -> None:
        one, now = one_of(self.world.of(Packages).packages, pick), self.world.now
        first, last = one.cycle_at(now)
        row = {"free_resource_id": one.item, "amount": one.left_at(now), "original_amount": one.kind.amount}
        rows = [{**row, "start_time": first, "end_time": last}]
        self.call(HOLDER, "ListFreeResourceUsages", Given({"free_resources": rows}), free_resource_ids=[one.item])

    @step(status=st.sampled_from([0, 1, 2, 3]))
    def filter_packages(self, status: int) -> None:
        own = [one for one in self.world.of(Packages).packages if not one.project]
        found = [one for one in own if one.state_at(self.world.now) == status]
        self.call(HOLDER, "ListFreeResourceInfos", Given({"total_count": len(found)}), status=status)

    def listings(self) -> Iterator[Listing]:
        packages, now = self.world.of(Packages), self.world.now
        for project in ("", PROJECT):
            rows = [_row(self, one) for one in packages.packages if one.project == project]
            named = {"enterprise_project_id": project} if project else {}
            yield Listing(
                HOLDER, "ListFreeResourceInfos", "free_resource_packages", rows, ("order_instance_id",), "total_count",
                "effective_time", named,
            )  # fmt: skip
        first = now - RECORDS_SHOWN
        drawn = [_drawn(one) for one in packages.deductions if china_day(one.time) >= china_day(first)]
        days = {"deduct_time_begin": f"{china_day(first)}", "deduct_time_end": f"{china_day(now)}"}
        yield Listing(
            HOLDER, "ListFreeResourcesUsageRecords", "free_resource_records", drawn,
            ("free_resource_id", "available_amount", "used_amount", "deduct_time"), "total_count", "deduct_time", days,
        )  # fmt: skip


def _give(rules: Rules, kind: Kind, starts: int, lasts: int | None, place: str = "") -> None:
    begins = rules.world.now + timedelta(days=starts)
    ends = end_of_term(begins, 12) if lasts is None else begins + timedelta(days=lasts)
    said: dict[str, Any] = {} if lasts is None else {"expires": f"P{starts + lasts}D"}
    product = _product(rules, kind, kind.spec)
    if place == "elsewhere":
        product["region"] = ELSEWHERE[rules.world.site]
    said |= {"enterprise_project": PROJECT} if place == "project" else {}
    said |= {"order": ORDER} if place == "order" else {}
    row = rules.play.place("packages", **product, effective=f"P{starts}D", **said)
    item = row["items"][0]["free_resource_id"]
    rules.play.name(row["id"], "package")
    rules.play.name(item, "item")
    customer = rules.world.of(People).customer(HOLDER)
    made = Package(
        row["id"], item, customer, kind, begins, ends, kind.amount, begins, product["region"],
        PROJECT if place == "project" else "", ORDER if place == "order" else "",
    )  # fmt: skip
    rules.world.of(Packages).packages.append(made)


def _product(rules: Rules, kind: Kind, spec: str) -> dict[str, Any]:
    name, region = rules.world.of(People).customer(HOLDER).name, REGION[rules.world.site]
    return {"customer": name, "service": kind.service, "resource": kind.resource, "spec": spec, "region": region}


def _metered(rules: Rules, kind: Kind) -> OnDemand:
    """The pay-per-use resource that uses what a kind of packages covers."""
    number = rules.world.of(Packages).metered[kind]
    return next(one for one in rules.world.of(Metering).resources if one.id == number)


def _left(rules: Rules, kind: Kind) -> Decimal:
    """What usage of a kind finds in the packages now."""
    customer = rules.world.of(People).customer(HOLDER)
    found = rules.world.of(Packages).in_effect(customer, kind)
    return sum((one.left_at(rules.world.now) for one in found), NOTHING)


def _in_use(rules: Rules) -> list[Kind]:
    """The kinds of which there is something left."""
    return [kind for kind in KINDS if _left(rules, kind)]


def _row(rules: Rules, package: Package) -> dict[str, Any]:
    now = rules.world.now
    return {
        "order_instance_id": package.id,
        "status": package.state_at(now),
        "effective_time": package.starts,
        "expire_time": package.ends,
        "region_code": package.region,
        "enterprise_project_id": package.project or "0",
        "order_id": package.order,
        "source_type": 0 if package.order else 1,
        "quota_reuse_mode": 1 if package.kind.resets else 2,
        "free_resources": [
            {
                "free_resource_id": package.item,
                "amount": package.left_at(now),
                "original_amount": package.kind.amount,
            }
        ],
    }


def _drawn(deduction: Deduction) -> dict[str, Any]:
    return {
        "free_resource_id": deduction.package.item,
        "deduct_time": deduction.time,
        "available_amount": deduction.before,
        "used_amount": deduction.amount,
        "remaining_amount": deduction.before - deduction.amount,
    }
