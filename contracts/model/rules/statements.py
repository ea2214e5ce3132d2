"""Statements and balances by every filter: sort, direction, days of China time, ids, ways of payment, several customers
in one call (China)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from contracts.model.comparing import Given, Refused
from contracts.model.machine import Listing, Rules, compare, one_of, picks, rarely, step
from contracts.model.reference.money import ALLOCATED, CASH, CREDIT, SORTS, TOP_UP, Entry, Money, Movement
from contracts.model.reference.people import PARTNER_PAID, Customer, People
from contracts.model.reference.world import china_day, text_of
from contracts.model.rules.customers import acting, caller, join, some_customer
from contracts.model.rules.money import BOOKS, adjustments, customer_line, partner_line, statement

sorts = st.sampled_from([None, None, *sorted({sort for sort, _ in SORTS.values()})])
kinds = st.sampled_from(["DEBIT", "DEBIT", "CREDIT"])
ways = st.sampled_from([("5", "N-1"), ("5", "N-2"), ("", "")])
days = st.sampled_from([None, None, -1, 0, 1])
"""From the day of a line; without one there is no bound."""
seconds = st.sampled_from([None, None, -1, 0, 1])
cents = st.integers(0, 20000)


class Statements(Rules):
    """What statements are asked for."""

    sites = ("cn",)

    @step(pick=picks, drawn=cents, way=ways)
    def pay_in_by(self, pick: int, drawn: int, way: tuple[str, str]) -> None:
        """A partner or a referral customer, by bank or phone."""
        people, amount = self.world.of(People), Decimal(drawn + 1) / 100
        referral = people.customer("referral")
        payers: list[Any] = [people.partners["partner"], people.partners["distributor"], referral, referral]
        payer = one_of(payers, pick)
        channel, number = way
        said = {"channel": channel, "channel_number": number} if channel else {}
        row = self.play.place("top_ups", account=payer.name, amount=amount, **said)
        self.world.of(Money).write(payer.id, CASH, TOP_UP, amount, Movement(row["id"]), channel=way)

    @step(role=st.sampled_from(["partner", "distributor"]), drawn=cents)
    def grant_partner_credit(self, role: str, drawn: int) -> None:
        partner, line = self.world.of(People).partners[role], Decimal(drawn) / 100
        self.play.place("credit_lines", account=partner.name, amount=line)
        self.world.of(Money).grant_credit(partner.id, line)

    @step(role=acting, kind=kinds, sort=sorts, pick=picks, first=days, last=days)
    def filter_partner_statement(
        self, role: str, kind: str, sort: str | None, pick: int, first: int | None, last: int | None
    ) -> None:
        owner = self.world.of(People).partners[role].id
        entries = self.world.of(Money).statement(owner, CREDIT if kind == "CREDIT" else CASH)
        who, named = caller(self, role)
        said = _days(entries, pick, first, last)
        found = [one for one in entries if sort in (None, one.facts[0]) and _is_within(one, said)]
        fields = {**named, **said, **({"trade_type": sort} if sort else {})}
        lines = [partner_line(self, one) for one in found]
        self._read(statement(who, "ListPartnerAccountChangeRecords", lines, fields, kind))

    def _read(self, listing: Listing) -> None:
        """Without a first day it is a year before today, and the last day must not be later than today then."""
        last = listing.fields.get("trade_time_end")
        if last and "trade_time_begin" not in listing.fields and last > str(china_day(self.world.now)):
            self.call(listing.who, listing.operation, Refused("CBC.0100"), **listing.query)
        else:
            compare(self.play, listing)

    @step(
        who=picks,
        kind=kinds,
        sort=sorts,
        direction=st.sampled_from([None, None, "REVENUE", "EXPENSE"]),
        which=st.sampled_from([None, None, "trade_id", "payment_channel_id", "payment_channel_no"]),
        pick=picks,
        first=days,
        last=days,
    )
    def filter_own_statement(
        self,
        who: int,
        kind: str,
        sort: str | None,
        direction: str | None,
        which: str | None,
        pick: int,
        first: int | None,
        last: int | None,
    ) -> None:
        customer = one_of(self.world.of(People).speakers, who)
        entries = _read_by(self, customer, kind)
        asked: dict[str, Any] = {"trade_type": sort, "revenue_expense_type": direction}
        if which and entries:
            value = _facts(one_of(entries, pick))[which]
            asked[which] = f"319,{value}" if which == "payment_channel_id" else value
        asked = {name: value for name, value in asked.items() if value}
        said = _days(entries, pick, first, last)
        found = [one for one in entries if _has(one, asked) and _is_within(one, said)]
        lines = [customer_line(customer, one) for one in found]
        fields = {**asked, **said}
        self._read(statement(customer.role, "ListCustomerAccountChangeRecords", lines, fields, kind))

    @step(role=acting, own=st.booleans(), over=st.booleans(), coupons=st.booleans())
    def ask_for_a_year(self, role: str, own: bool, over: bool, coupons: bool) -> None:
        """Until the same date a year later, and not a day more."""
        today = china_day(self.world.now)
        end = today + timedelta(days=1 if over else 0)
        fields: dict[str, Any] = {"trade_time_begin": _year_before(today), "trade_time_end": str(end)}
        foretold = Refused("CBC.0100") if over else Given()
        if coupons:
            self.call(
                "customer", "ListCustomerCouponChangeRecords", foretold, balance_type="BALANCE_TYPE_COUPON", **fields
            )
            return
        who, named = ("customer", {}) if own else caller(self, role)
        operation = f"List{'Customer' if own else 'Partner'}AccountChangeRecords"
        self.call(who, operation, foretold, balance_type="BALANCE_TYPE_DEBIT", **fields, **named)

    @step(
        role=acting,
        kind=st.sampled_from([None, None, "BEADJUST", "BERETRIEVE", "BEUNBIND"]),
        which=st.sampled_from([None, None, "trans_id", "customer_id"]),
        foreign=rarely,
        pick=picks,
        after=seconds,
        before=seconds,
    )
    def filter_adjustments(
        self,
        role: str,
        kind: str | None,
        which: str | None,
        foreign: bool,
        pick: int,
        after: int | None,
        before: int | None,
    ) -> None:
        rows, fields = list(adjustments(self, self.world.of(People).partners[role].id)), dict[str, Any]()
        rows = [one for one in rows if isinstance(one["trans_id"], str)] if which == "trans_id" else rows
        if rows:
            row = one_of(rows, pick)
            moment: datetime = row["operation_time"]
            fields |= {which: row[which]} if which else {}
            fields |= bounds("operation_time", moment, after, before)
        if foreign:
            fields["customer_id"] = one_of(self.world.of(People).customers, pick).id
        fields |= {"operation_type": f"SOURCE_OPERATION_{kind}"} if kind else {}
        found = [] if _asks_in_vain(self, role, fields) else [one for one in rows if _is_asked_for(one, fields)]
        self._list_adjustments(role, found, fields)

    def _list_adjustments(self, role: str, found: list[dict[str, Any]], fields: dict[str, Any]) -> None:
        who, named = caller(self, role)
        listing = Listing(
            who, "ListPartnerAdjustRecords", "records", found, ("trans_id", "operation_time", "amount"),
            "total_count", "operation_time", {**fields, **named},
        )  # fmt: skip
        if "trans_id" not in fields or isinstance(fields["trans_id"], str):
            compare(self.play, listing)

    @step(role=acting, chosen=st.lists(picks, min_size=1, max_size=5))
    def show_some_balances(self, role: str, chosen: list[int]) -> None:
        """In the order asked for, each once; who is not paid for by the partner is left out."""
        people = self.world.of(People)
        if role == "partner" and sum(one.association == PARTNER_PAID for one in people.of(role)) < 3:
            join(self, role, PARTNER_PAID)
        asked = [some_customer(self, role, pick) for pick in chosen]
        who, named = caller(self, role)
        money, once = self.world.of(Money), {one.id: one for one in asked}
        rows = [
            {
                "customer_id": one.id,
                "amount": money.balance(one.id, ALLOCATED),
                "debt_amount": money.owed[one.id],
                "currency": "CNY",
            }
            for one in once.values()
            if one.partner == role and one.association == PARTNER_PAID
        ]
        infos = [{"customer_id": one.id} for one in asked]
        foretold = Given({"customer_balances": rows})
        self.call(who, "ListCustomersBalancesDetail", foretold, customer_infos=infos, **named)


def _read_by(rules: Rules, customer: Customer, kind: str) -> list[Entry]:
    if kind == "CREDIT" and customer.association == PARTNER_PAID:
        return []
    return rules.world.of(Money).statement(customer.id, *BOOKS[kind])


def _days(entries: list[Entry], pick: int, first: int | None, last: int | None) -> dict[str, Any]:
    """Days around that of a line."""
    if not entries:
        return {}
    day = china_day(one_of(entries, pick).time)
    said = {"trade_time_begin": first, "trade_time_end": last}
    return {name: str(day + timedelta(days=off)) for name, off in said.items() if off is not None}


def _is_within(entry: Entry, said: dict[str, Any]) -> bool:
    """Both days belong to the range."""
    day = str(china_day(entry.time))
    return bool(said.get("trade_time_begin", day) <= day <= said.get("trade_time_end", day))


def _facts(entry: Entry) -> dict[str, str]:
    sort, channel = entry.facts
    return {
        "trade_type": sort,
        "revenue_expense_type": "REVENUE" if entry.amount > 0 else "EXPENSE",
        "trade_id": entry.trade.id,
        "payment_channel_id": entry.channel[0] or channel,
        "payment_channel_no": entry.channel[1],
    }


def _has(entry: Entry, asked: dict[str, str]) -> bool:
    facts = _facts(entry)
    ways_asked = asked.get("payment_channel_id", facts["payment_channel_id"]).split(",")
    rest = {name: value for name, value in asked.items() if name != "payment_channel_id"}
    return facts["payment_channel_id"] in ways_asked and rest.items() <= facts.items()


def _asks_in_vain(rules: Rules, role: str, fields: dict[str, Any]) -> bool:
    """Only a partner-paid customer has adjustments of its own, and a reseller by its distributor."""
    if "customer_id" not in fields:
        return False
    people = rules.world.of(People)
    if any(one.id == fields["customer_id"] and one.distributor == role for one in people.partners.values()):
        return False
    return not any(one.id == fields["customer_id"] and one.association == PARTNER_PAID for one in people.of(role))


def _is_asked_for(row: dict[str, Any], fields: dict[str, Any]) -> bool:
    names = ("customer_id", "operation_type", "trans_id")
    return is_between(fields, "operation_time", row["operation_time"]) and all(
        fields.get(name) in (None, row[name]) for name in names
    )


def bounds(name: str, moment: datetime, after: int | None, before: int | None) -> dict[str, str]:
    """A range of instants around one, by seconds from it."""
    said = {f"{name}_begin": after, f"{name}_end": before}
    return {each: text_of(moment + timedelta(seconds=off)) for each, off in said.items() if off is not None}


def is_between(fields: dict[str, Any], name: str, moment: datetime) -> bool:
    """Both ends of the range are outside of it."""
    return bool(fields.get(f"{name}_begin", "") < text_of(moment) < fields.get(f"{name}_end", "Z"))


def _year_before(day: date) -> str:
    return f"{day.year - 1}{str(day)[4:]}"
