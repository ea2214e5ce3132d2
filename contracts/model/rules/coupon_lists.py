"""Coupons, quotas and their records by every filter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition

from contracts.model.coupon_rows import change_row, held_row, issued_by, issued_row, quota_row, record_row
from contracts.model.machine import Listing, Rules, compare, on, one_of, picks, step
from contracts.model.reference.issuing import Wish
from contracts.model.reference.people import PARTNER_PAID, People
from contracts.model.reference.vouchers import (
    DISCOUNT,
    FLEXI,
    USABLE,
    USED,
    VOUCHER,
    Quota,
    Vouchers,
)
from contracts.model.reference.world import CENT, china_day
from contracts.model.rules.coupons import issue_to
from contracts.model.rules.customers import caller, join
from contracts.model.rules.statements import bounds, is_between, seconds

HELD = "ListSubCustomerCoupons"
sides = st.sampled_from(["partner", "partner", "distributor", "reseller"])
has_coupons = precondition(lambda self: bool(self.world.of(Vouchers).coupons))


class CouponLists(Rules):
    """What of all coupons is asked for."""

    @on("cn")
    @step(pick=picks, frozen=st.booleans())
    def look_for_usable(self, pick: int, frozen: bool) -> None:
        """Who asks for usable ones that a partner issued does not mean those that are frozen."""
        own = self.world.of(Vouchers)
        issued = [one for one in issued_by(own, "partner") if one.is_free and one in own.others]
        if not issued:
            people = self.world.of(People)
            quota = next(one for one in own.quotas if one.partner == "partner")
            guests = [one for one in people.of("partner") if one.collector and one.association == PARTNER_PAID]
            issue_to(
                self, "partner", quota, Wish(CENT), guests or [join(self, "partner", PARTNER_PAID, collector=True)]
            )
        elif frozen:
            chosen = one_of(issued, pick)
            self.play.place("coupon_holds", coupon=chosen.id, frozen=True)
            chosen.frozen = True
        rows = [issued_row(one) for one in issued_by(own, "partner") if one.status == USABLE and not one.frozen]
        self._list("partner", "ListIssuedPartnerCoupons", "user_coupons", rows, ("coupon_id",), {"status": USABLE})

    @has_coupons
    @step(
        who=picks,
        pick=picks,
        kind=st.sampled_from([None, None, VOUCHER, FLEXI, DISCOUNT]),
        status=st.sampled_from([None, None, USABLE, USED, 4, 5]),
        which=st.sampled_from(["", "", "coupon_id", "order_id", "source_id", "times"]),
        after=seconds,
        before=seconds,
    )
    def filter_held(
        self,
        who: int,
        pick: int,
        kind: int | None,
        status: int | None,
        which: str,
        after: int | None,
        before: int | None,
    ) -> None:
        """By their holder."""
        people = self.world.of(People)
        holder: Any = one_of([*people.speakers, people.partners["partner"]], who)
        own = [one for one in self.world.of(Vouchers).coupons if one.holder == holder.id]
        rows = [held_row(self, one) for one in own]
        fields: dict[str, Any] = {"coupon_type": kind, "status": status}
        if rows:
            row = one_of(rows, pick)
            fields |= {which: (row[which] or "").partition(";")[0]} if which not in ("", "times") else {}
            if which == "times":
                said = bounds("active", row["create_time"], after, before)
                fields |= {"active_start_time": said.get("active_begin"), "active_end_time": said.get("active_end")}
        fields = {name: value for name, value in fields.items() if value}
        within = {"at_begin": fields.get("active_start_time", ""), "at_end": fields.get("active_end_time", "Z")}
        found = [
            one
            for one in rows
            if _has(one, fields, "coupon_type", "status", "coupon_id", "source_id")
            and _is_of_order(one, fields)
            and is_between(within, "at", one["create_time"])
        ]
        listing = Listing(holder.role, HELD, "user_coupons", found, ("coupon_id",), "count", fields=fields)
        compare(self.play, listing)

    @on("cn")
    @step(
        role=sides,
        pick=picks,
        kind=st.sampled_from([None, None, VOUCHER, FLEXI]),
        status=st.sampled_from([None, None, USABLE, USED, 4, 5]),
        which=st.sampled_from(["", "coupon_id", "customer_id", "order_id"]),
        times=st.sampled_from(["", "create_time", "effective_time", "expire_time"]),
        after=seconds,
        before=seconds,
    )
    def filter_issued(
        self,
        role: str,
        pick: int,
        kind: int | None,
        status: int | None,
        which: str,
        times: str,
        after: int | None,
        before: int | None,
    ) -> None:
        """By their issuer. Who asks for usable ones does not mean those that are frozen."""
        rows = [issued_row(one) for one in issued_by(self.world.of(Vouchers), role)]
        fields: dict[str, Any] = {"coupon_type": kind, "status": status}
        if rows:
            row = one_of(rows, pick)
            fields |= {which: (row[which] or "").partition(";")[0]} if which else {}
            fields |= bounds(times, row[times], after, before) if times else {}
        fields = {name: value for name, value in fields.items() if value}
        found = [
            one
            for one in rows
            if _has(one, fields, "coupon_type", "status", "coupon_id", "customer_id")
            and _is_of_order(one, fields)
            and not (status == USABLE and one["is_frozen"] == "1")
            and all(is_between(fields, name, one[name]) for name in ("create_time", "effective_time", "expire_time"))
        ]
        self._list(role, "ListIssuedPartnerCoupons", "user_coupons", found, ("coupon_id",), fields)

    @on("cn")
    @step(
        role=sides,
        pick=picks,
        types=st.sampled_from([None, None, ["1"], ["2", "4"], ["3", "5", "7", "8"]]),
        result=st.sampled_from([None, None, "0", "-1", "7"]),
        which=st.sampled_from(["", "quota_id", "customer_id", "customer_id", "quota_type", "coupon_ids"]),
        after=seconds,
        before=seconds,
    )
    def filter_records(
        self,
        role: str,
        pick: int,
        types: list[str] | None,
        result: str | None,
        which: str,
        after: int | None,
        before: int | None,
    ) -> None:
        """A result that there is not asks for nothing."""
        rows = [record_row(one) for one in self.world.of(Vouchers).records if one.quota.partner == role]
        fields: dict[str, Any] = {"operation_types": types, "result": result}
        if rows:
            row = one_of(rows, pick)
            if which == "coupon_ids":
                fields[which] = [row["coupon_id"] or "CP0", one_of(rows, pick + 1)["coupon_id"] or "CP0"]
            elif which:
                fields[which] = row[which]
            if which == "customer_id":
                fields[which] = one_of(self.world.of(People).customers, pick).id
            fields |= bounds("operation_time", row["operation_time"], after, before)
        fields = {name: value for name, value in fields.items() if value is not None}
        found = [
            one
            for one in rows
            if _has(one, fields, "quota_id", "customer_id", "quota_type")
            and one["operation_type"] in fields.get("operation_types", (one["operation_type"],))
            and one["coupon_id"] in fields.get("coupon_ids", (one["coupon_id"],))
            and (result in (None, "7") or one["result"] == result)
            and is_between(fields, "operation_time", one["operation_time"])
        ]
        key = ("operation_type", "quota_id", "coupon_id", "customer_id", "operation_amount", "operation_time")
        self._list(role, "ListPartnerCouponsRecord", "records", found, key, fields)

    @on("cn")
    @step(
        role=sides,
        pick=picks,
        kind=st.integers(0, 1),
        states=st.sampled_from([None, None, [0], [3, 5], [4]]),
        some=st.booleans(),
        times=st.sampled_from(["", "create_time", "effective_time", "expire_time"]),
        after=seconds,
        before=seconds,
    )
    def filter_quotas(
        self,
        role: str,
        pick: int,
        kind: int,
        states: list[int] | None,
        some: bool,
        times: str,
        after: int | None,
        before: int | None,
    ) -> None:
        rows = [quota_row(one) for one in _quotas(self, role) if one.kind == kind]
        fields: dict[str, Any] = {"quota_type": kind, **({"quota_status_list": states} if states else {})}
        if rows:
            row = one_of(rows, pick)
            fields |= {"quota_ids": [row["quota_id"]]} if some else {}
            fields |= bounds(times, row[times], after, before) if times else {}
        found = [
            one
            for one in rows
            if one["quota_status"] in fields.get("quota_status_list", (one["quota_status"],))
            and one["quota_id"] in fields.get("quota_ids", (one["quota_id"],))
            and all(is_between(fields, name, one[name]) for name in ("create_time", "effective_time", "expire_time"))
        ]
        self._list(role, "ListQuotaCoupons", "quotas", found, ("quota_id",), fields)

    @on("cn")
    @has_coupons
    @step(
        who=picks,
        pick=picks,
        direction=st.sampled_from([None, None, "REVENUE", "EXPENSE"]),
        sort=st.sampled_from([None, None, "ADJUST", "DEDEUCT", "REFUND", "EXPIRED", "COUPONCANCEL"]),
        which=st.sampled_from(["", "coupon", "order"]),
        first=st.sampled_from([None, -1, 0, 1]),
        last=st.sampled_from([None, -1, 0]),
    )
    def filter_coupon_statement(
        self,
        who: int,
        pick: int,
        direction: str | None,
        sort: str | None,
        which: str,
        first: int | None,
        last: int | None,
    ) -> None:
        """By their holder, on days of China time."""
        customer = one_of(self.world.of(People).speakers, who)
        changes = [one for one in self.world.of(Vouchers).changes if one.voucher.holder == customer.id]
        if not changes or (first is not None and last is not None and last < first):
            return
        chosen = one_of(changes, pick)
        said: dict[str, Any] = {"revenue_expense_type": direction, "trade_type": sort}
        said |= {"coupon_id": chosen.voucher.id} if which == "coupon" else {}
        said |= {"trade_id": chosen.order} if which == "order" and chosen.order else {}
        for name, off in (("trade_time_begin", first), ("trade_time_end", last)):
            said[name] = None if off is None else str(china_day(chosen.time) + timedelta(days=off))
        said = {name: value for name, value in said.items() if value}
        today = str(china_day(self.world.now))
        if said.get("trade_time_begin", today) > said.get("trade_time_end", today):
            return
        found = [
            change_row(customer, one)
            for one in changes
            if direction in (None, one.what[2])
            and sort in (None, one.what[0])
            and said.get("coupon_id") in (None, one.voucher.id)
            and said.get("trade_id") in (None, one.order)
            and said.get("trade_time_begin", "") <= str(china_day(one.time)) <= said.get("trade_time_end", "9")
        ]
        key = ("coupon_id", "trade_detail_type", "change_amount", "balance_after_change", "trade_time")
        fields = {"balance_type": "BALANCE_TYPE_COUPON", **said}
        listing = Listing(
            customer.role, "ListCustomerCouponChangeRecords", "records", found, key, "total_count", "trade_time", fields
        )
        compare(self.play, listing)

    def _list(
        self, role: str, operation: str, rows: str, found: list[dict[str, Any]], key: tuple[str, ...],
        fields: dict[str, Any],
    ) -> None:  # fmt: skip
        who, named = caller(self, role)
        compare(self.play, Listing(who, operation, rows, found, key, "total_count", fields={**fields, **named}))


def _quotas(rules: Rules, role: str) -> Sequence[Quota]:
    return [one for one in rules.world.of(Vouchers).quotas if one.partner == role and one.state != 6]


def _has(row: dict[str, Any], fields: dict[str, Any], *names: str) -> bool:
    return all(name not in fields or row[name] == fields[name] for name in names)


def _is_of_order(row: dict[str, Any], fields: dict[str, Any]) -> bool:
    return "order_id" not in fields or fields["order_id"] in (row["order_id"] or "").split(";")
