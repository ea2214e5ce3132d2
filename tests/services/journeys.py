"""Random journeys of a customer through the trade: what it does, as far as it is allowed, and what must hold whenever.

The rules of states stand here again, as the documentation has them, so that the emulator's own cannot excuse it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import strategies as st

from mockserver.domain.table import Table
from tests.conftest import START
from tests.driver import Answer, Caller, World
from tests.services.trading import REGION, disk, fund, order, package, pay, server

ORDER_EDGES = {(1, 6), (1, 4), (9, 6), (9, 4), (6, 3), (6, 4), (3, 5)}
RESOURCE_EDGES = {(2, 5), (2, 4), (2, 3), (5, 2), (5, 4), (5, 3), (4, 2), (4, 5), (4, 3)}
EDGES = {"orders": ORDER_EDGES, "resources": RESOURCE_EDGES}
LIVE = {"orders": (6,), "resources": (2, 4, 5), "coupons": (2,)}
"""States in which something can still be done."""

NOTHING = Decimal("0.00")

CUSTOMERS = {
    ("cn", "demo-customer"): "customer",
    ("cn", "demo-referral"): "referral_customer",
    ("intl", "demo-customer"): "customer",
}
"""Credentials of the kinds of customers: partner-paid, referral with a credit line, resold."""

picks = st.integers(0, 9)
waits = st.one_of(st.just(1), st.integers(1, 24 * 40))
steps = st.one_of(
    st.tuples(st.just("order"), st.integers(1, 2), st.integers(1, 3), st.booleans()),
    st.tuples(st.just("order package"), st.integers(1, 3)),
    st.tuples(st.just("use"), st.integers(1, 80)),
    st.tuples(st.just("pay"), st.just(-1), st.booleans(), st.booleans()),
    st.tuples(st.just("pay"), picks, st.booleans(), st.booleans()),
    st.tuples(st.just("cancel"), picks),
    st.tuples(st.just("renew"), picks, st.integers(1, 2), st.booleans()),
    st.tuples(st.just("unsubscribe"), picks, st.sampled_from([1, 2])),
    st.tuples(st.just("renew automatically"), picks, st.integers(0, 2)),
    st.tuples(st.just("stop renewing"), picks),
    st.tuples(st.just("convert at expiry"), picks, st.sampled_from(["SET_UP", "CANCEL"])),
    st.tuples(st.just("convert"), picks),
    st.tuples(st.just("issue"), st.integers(1, 6000)),
    st.tuples(st.just("reclaim"), picks),
    st.tuples(st.just("discount"), st.integers(50, 99)),
    st.tuples(st.just("allocate"), st.integers(1, 20000)),
    st.tuples(st.just("take back"), st.integers(1, 5000)),
    st.tuples(st.just("wait"), waits),
    st.tuples(st.just("wait"), waits),
)
FIRST: Final = [("order", 2, 1, True), ("pay", -1, False, False), ("wait", 1)]
"""Each journey begins with something that runs."""

STEPS = (
    "pay", "cancel", "renew", "unsubscribe", "renew automatically", "stop renewing", "convert at expiry", "convert",
    "issue", "reclaim", "allocate", "take back",
)  # fmt: skip
"""Steps that can be refused."""

journeys = st.lists(steps, min_size=25, max_size=80).map(lambda taken: [*FIRST, *taken])
Step = tuple[Any, ...]


class Journey:
    """One customer in one world. A step that the rules forbid is refused, and that is all right."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.customer: Caller = world.caller(CUSTOMERS[world.site, name])
        self.done: Counter[str] = Counter()
        fund(world, "2000.00", name) if name == "demo-customer" else world.place("top_ups", account=name, amount="400")
        world.place("settings", usage_settlement_hours=24)
        item = {"service": "hws.service.type.obs", "resource": "hws.resource.type.obs", "region": REGION[world.site]}
        placed = world.place("on_demand_resources", customer=name, spec="obs", usage={}, **item)
        self.bucket = str(placed["id"])
        self.quota = str(world.place("quotas", partner="demo-partner", amount="500.00")["id"])

    def take(self, step: Step) -> None:
        """Do one thing, and count it where it is not refused."""
        word, *wish = step
        answer = getattr(self, word.replace(" ", "_"))(*wish)
        if isinstance(answer, Answer):
            self.done[word] += answer.status < 300 and not answer.error_code

    def order(self, pieces: int, months: int, with_disk: bool) -> None:
        item = server(self.world, quantity=pieces, attached=[disk(self.world)] if with_disk else [])
        order(self.world, item, customer=self.name, number=months)

    def order_package(self, months: int) -> None:
        order(self.world, package(self.world), customer=self.name, number=months)

    def use(self, gigabytes: int) -> None:
        """Arrears may have closed the bucket."""
        if not self.world.look("on_demand_resources", id=self.bucket, status="6"):
            self.world.place("usages", resource=self.bucket, usage_type="download.external", amount=gigabytes)

    def pay(self, pick: int, with_coupon: bool, with_discount: bool) -> Answer | None:
        one = self._pick("orders", pick)
        if one is None:
            return None
        coupons = [(row["id"], 301) for row in self._own("coupons")[:1]] if with_coupon else []
        found = (
            self.customer("ListOrderDiscounts", order_id=one["id"]).body.get("discounts", []) if with_discount else []
        )
        chosen = [(row["discount_id"], row["discount_type"]) for row in found[:1]]
        return pay(self.customer, one["id"], *coupons, discount=chosen[0] if chosen else None)

    def cancel(self, pick: int) -> Answer | None:
        one = self._pick("orders", pick)
        return self.customer("CancelCustomerOrder", {"order_id": one["id"]}) if one else None

    def renew(self, pick: int, months: int, paying: bool) -> Answer | None:
        return self._with_resource(pick, "RenewalResources", period_type=2, period_num=months, is_auto_pay=int(paying))

    def unsubscribe(self, pick: int, kind: int) -> Answer | None:
        return self._with_resource(pick, "CancelResourcesSubscription", unsubscribe_type=kind)

    def convert_at_expiry(self, pick: int, operation: str) -> Answer | None:
        return self._with_resource(pick, "UpdatePeriodToOnDemand", operation=operation)

    def convert(self, pick: int) -> Answer | None:
        return self._with_resource(pick, "UpdatePeriodToOnDemandInstantly") if self.world.site == "cn" else None

    def renew_automatically(self, pick: int, times: int) -> Answer | None:
        one = self._pick("resources", pick)
        body = {"auto_renew_times": times}
        return self.customer("AutoRenewalResources", body, resource_id=one["resource_id"]) if one else None

    def stop_renewing(self, pick: int) -> Answer | None:
        one = self._pick("resources", pick)
        return self.customer("CancelAutoRenewalResources", resource_id=one["resource_id"]) if one else None

    def issue(self, cents: int) -> Answer | None:
        if self.world.site == "intl":
            return None
        body = {"quota_id": self.quota, "customer_ids": [self.customer.id], "face_value": Decimal(cents) / 100}
        return self.world.solution_provider("CreatePartnerCoupons", body)

    def reclaim(self, pick: int) -> Answer | None:
        one = self._pick("coupons", pick)
        return self.world.solution_provider("ReclaimPartnerCoupons", {"coupon_id": one["id"]}) if one else None

    def discount(self, percent: int) -> None:
        self.world.place("discounts", customer=self.name, kind="commercial", ratio=str(Decimal(percent) / 100))

    def allocate(self, cents: int) -> Answer | None:
        return self._move("UpdateCustomerAccountAmount", cents)

    def take_back(self, cents: int) -> Answer | None:
        return self._move("ReclaimToPartnerAccount", cents)

    def wait(self, hours: int) -> None:
        self.world.advance(f"PT{hours}H")

    def _move(self, operation: str, cents: int) -> Answer | None:
        body = {"customer_id": self.customer.id, "amount": Decimal(cents) / 100}
        return self.world.solution_provider(operation, body) if self.world.site == "cn" else None

    def _with_resource(self, pick: int, operation_id: str, /, **fields: Any) -> Answer | None:
        one = self._pick("resources", pick)
        return self.customer(operation_id, {"resource_ids": [one["resource_id"]], **fields}) if one else None

    def _own(self, kind: str) -> list[dict[str, Any]]:
        owner = "holder_id" if kind == "coupons" else "customer_id"
        return self.world.look(kind, **{owner: self.customer.id})

    def _pick(self, kind: str, pick: int) -> dict[str, Any] | None:
        """One of the newest rows that something can still be done with, if there is any."""
        rows = [one for one in self._own(kind) if one["status"] in LIVE[kind]][-10:]
        return rows[pick % len(rows)] if rows else None


@contextmanager
def documented_edges() -> Iterator[None]:
    """Whatever happens inside: orders and resources only change their state in documented ways."""
    put: Callable[..., Any] = Table.put

    def watched(table: Table[Any], key: str, row: Any) -> Any:
        before = table.get(key)
        if table.name in EDGES and before is not None and before.status != row.status:
            edge = (before.status, row.status)
            assert edge in EDGES[table.name], f"{table.name}: {edge} is no documented step"
        return put(table, key, row)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Table, "put", watched)
        yield


# What holds


def check_everything(journey: Journey) -> None:
    check_books(journey)
    check_orders(journey)
    check_refunds(journey)
    check_coupons(journey)
    check_quota(journey)
    check_packages(journey)
    check_statement(journey)


def check_books(journey: Journey) -> None:
    """Money is conserved, and no balance is below zero but the world's and what is owed."""
    books = journey.world.look("ledger_accounts")
    assert sum((Decimal(one["balance"]) for one in books), NOTHING) == 0
    for one in books:
        assert one["book"] in ("outside", "debt") or Decimal(one["balance"]) >= 0
        assert one["book"] != "credit" or Decimal(one["balance"]) <= Decimal(one["line"])


def check_orders(journey: Journey) -> None:
    """List price - discounts - coupons = paid with money, in one movement for each book."""
    for one in journey._own("orders"):
        if one["kind"] not in (1, 2) or one["paid_on"] is None:
            continue
        list_price = total(line["list_price"] for line in one["lines"])
        off = total(reduction["amount"] for line in one["lines"] for reduction in line["reductions"])
        parts = [part for line in one["lines"] for part in line["parts"]]
        money = total(part["amount"] for part in parts if part["kind"] == "money")
        other = total(part["amount"] for part in parts if part["kind"] != "money")
        assert list_price - off - other == money
        assert journey.world.site == "intl" or money == moved(journey, "PURCHASE", one["id"])


def check_refunds(journey: Journey) -> None:
    """Of no order more comes back than was paid, and it comes back to where it was taken from."""
    paid: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    back: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in journey._own("orders"):
        for line in one["lines"]:
            for part in line["parts"]:
                paid[one["id"], part["place"]] += Decimal(part["amount"])
        for order_id, part in one["returns"]:
            back[order_id, part["place"]] += Decimal(part["amount"])
        if one["status"] == 5 and journey.world.site == "cn":
            returned = total(part["amount"] for _, part in one["returns"] if part["kind"] == "money")
            assert moved(journey, "UNSUBSCRIPTION", one["id"]) == returned
    assert all(amount <= paid[place] for place, amount in back.items())


def check_coupons(journey: Journey) -> None:
    """Face value = used + left + reclaimed + expired; what unsubscriptions return has come back."""
    records = journey.world.look("coupon_records")
    completed = [one for one in journey._own("orders") if one["status"] == 5]
    returns = [part for one in completed for _, part in one["returns"] if part["kind"] == "voucher"]
    given_back = [one["amount"] for one in records if one["change"] == "GIVING_BACK"]
    assert total(part["amount"] for part in returns) == total(given_back)
    for coupon in journey.world.look("coupons"):
        own = [one for one in records if one["coupon_id"] == coupon["id"]]
        amounts: dict[str, Decimal] = defaultdict(Decimal)
        for one in own:
            amounts[one["change"]] += Decimal(one["amount"])
        used = amounts.pop("USE", NOTHING) - amounts.pop("GIVING_BACK", NOTHING)
        face = amounts.pop("ISSUE")
        assert 0 <= used <= face
        assert face == used + Decimal(coupon["balance"]) + sum(amounts.values(), NOTHING)


def check_quota(journey: Journey) -> None:
    """Balance = granted - issued + returned."""
    records = [one for one in journey.world.look("coupon_records") if one["quota_id"] == journey.quota]
    issued = total(one["amount"] for one in records if one["change"] == "ISSUE" and not one["failure"])
    back = {"RECLAIM", "DISSOCIATION", "EXPIRY", "UNSUBSCRIPTION", "ASSOCIATION", "SWITCH"}
    returned = total(one["amount"] for one in records if one["change"] in back)
    (quota,) = journey.world.look("quotas", id=journey.quota)
    assert Decimal(quota["balance"]) == Decimal(quota["value"]) - issued + returned


def check_packages(journey: Journey) -> None:
    """Each deduction leaves what it should; what a package has left is what its deductions say."""
    left: dict[str, Decimal] = {}
    for one in journey.world.look("deductions", customer_id=journey.customer.id):
        before, amount = Decimal(one["before"]), Decimal(one["amount"])
        item = one["free_resource_id"]
        assert 0 < amount <= before
        assert left.get(item, before) == before
        left[item] = before - amount
    items = [item for one in journey._own("packages") for item in one["items"]]
    assert all(Decimal(one["left"]) == left.get(one["free_resource_id"], Decimal(one["original"])) for one in items)


def check_statement(journey: Journey) -> None:
    """Every movement of the customer's money is once in its records, and they add up to what it has."""
    if journey.world.site == "intl":
        return
    check_records(journey, "BALANCE_TYPE_DEBIT", "cash", "allocated")
    check_records(journey, "BALANCE_TYPE_CREDIT", "credit")


def check_records(journey: Journey, balance_type: str, *books: str) -> None:
    rows, signs = list(statement(journey, balance_type)), {"REVENUE": 1, "EXPENSE": -1}
    own = [one for one in journey.world.look("ledger_accounts", owner_id=journey.customer.id) if one["book"] in books]
    changes = (signs[row["revenue_expense_type"]] * Decimal(row["change_amount"]) for row in rows)
    assert sum(changes, NOTHING) == total(one["balance"] for one in own)
    assert len(rows) == sum(one["postings"] for one in own)


def statement(journey: Journey, balance_type: str) -> Iterator[dict[str, Any]]:
    """All records of one account of the customer: pages of each year."""
    for year in range(int(START[:4]), int(journey.world.now[:4]) + 2):
        offset, count = 0, 1
        while offset < count:
            days = {"trade_time_begin": f"{year}-01-01", "trade_time_end": f"{year}-12-31"}
            answer = journey.customer(
                "ListCustomerAccountChangeRecords", balance_type=balance_type, limit=100, offset=offset, **days
            ).ok
            yield from answer["records"]
            offset, count = offset + 100, answer["total_count"]


def moved(journey: Journey, trade: str, order_id: str) -> Decimal:
    rows = journey.world.look("movements", trade=trade, order_id=order_id)
    return total(one["amount"] for one in rows)


def total(amounts: Any) -> Decimal:
    return sum(map(Decimal, amounts), NOTHING)
