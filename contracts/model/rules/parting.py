"""Customers that join on the way, change the type of their association, and leave: what becomes of their money, coupons
and budgets, and what their partner may do from then on."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from hypothesis import strategies as st

from contracts.model.comparing import Given, Refused
from contracts.model.machine import Listing, Rules, on, one_of, picks, rarely, step
from contracts.model.reference.associations import is_bound, leave, switch
from contracts.model.reference.issuing import Wish
from contracts.model.reference.money import (
    CASH,
    CREDIT,
    LOCKED,
    TOP_UP,
    USAGE,
    WITHDRAWAL,
    Money,
    Movement,
    books_of,
    purse,
)
from contracts.model.reference.people import PARTNER_PAID, REFERRAL, RESOLD, Customer, People
from contracts.model.reference.prices import MONTH, disk
from contracts.model.reference.vouchers import Vouchers
from contracts.model.reference.world import CENT, NOTHING
from contracts.model.rules.coupons import issue_to
from contracts.model.rules.customers import MOST_GUESTS, caller, join
from contracts.model.rules.money import amount_of, balances, give, shares
from contracts.model.rules.orders import place_purchase

cents = st.integers(1, 20000)


class Parting(Rules):
    """Who comes and goes."""

    @step(partner=st.sampled_from(["partner", "partner", "reseller"]), referral=st.booleans(), drawn=cents)
    def join(self, partner: str, referral: bool, drawn: int) -> None:
        """With some money: what it paid in itself, or what its partner allocated."""
        if len(self.world.of(People).guests) < MOST_GUESTS:
            _join(self, partner, referral, Decimal(drawn) / 100)

    @step(pick=picks, indebted=rarely)
    def leave(self, pick: int, indebted: bool) -> None:
        """Not before what is owed, used credit too, is paid."""
        guest = _some_guest(self, pick)
        if indebted:
            _run_up_credit(self, guest)
        if not guest.partner or is_bound(self.world, guest):
            self.play.refuses("dissociations", customer=guest.name)
        else:
            partner = guest.partner
            self.play.place("dissociations", customer=guest.name)
            leave(self.world, guest)
            _has_no_adjustments(self, partner, guest)

    @step(pick=picks, referral=st.booleans())
    def switch(self, pick: int, referral: bool) -> None:
        guest = _some_guest(self, pick)
        paid = ("partner_paid", PARTNER_PAID) if self.world.site == "cn" else ("reseller_model", RESOLD)
        word, association = ("referral", REFERRAL) if referral else paid
        if guest.association == RESOLD and guest.partner and pick % 2:
            _freeze(self, guest)
        if CREDIT in books_of(guest) and pick % 2:
            line = self.world.of(Money).credit_used(guest.id) + 1
            self.play.place("credit_lines", account=guest.name, amount=line)
            self.world.of(Money).grant_credit(guest.id, line)
        if not guest.partner or guest.association == association or is_bound(self.world, guest):
            self.play.refuses("switches", customer=guest.name, association=word)
        else:
            self.play.place("switches", customer=guest.name, association=word)
            switch(self.world, guest, association)
            if association == REFERRAL:
                _has_no_adjustments(self, guest.partner, guest)

    @step(pick=picks, drawn=cents)
    def pay_in(self, pick: int, drawn: int) -> None:
        guest, amount = _some_guest(self, pick), Decimal(drawn) / 100
        if guest.association == PARTNER_PAID:
            self.play.refuses("top_ups", account=guest.name, amount=amount)
        elif guest.association != RESOLD:
            _pay_in(self, guest, amount)

    @step(pick=picks, share=shares, drawn=cents)
    def withdraw(self, pick: int, share: str, drawn: int) -> None:
        """First of all what a change of the association shut in."""
        guest, money = _some_guest(self, pick), self.world.of(Money)
        book = LOCKED if money.balance(guest.id, LOCKED) else CASH
        held = money.balance(guest.id, book)
        amount = amount_of(held, share, drawn)
        if amount > held:
            self.play.refuses("withdrawals", account=guest.name, amount=amount)
        else:
            row = self.play.place("withdrawals", account=guest.name, amount=amount)
            money.write(guest.id, book, WITHDRAWAL, -amount, Movement(row["id"]))

    @step(pick=picks, drawn=cents, share=st.sampled_from(["any", "used", "less"]))
    def set_credit_line(self, pick: int, drawn: int, share: str) -> None:
        """Not below what is used of it."""
        guest, money = _some_guest(self, pick), self.world.of(Money)
        used = money.credit_used(guest.id)
        line = {"used": used, "less": max(used - CENT, NOTHING)}.get(share, used + Decimal(drawn) / 100)
        if guest.association == PARTNER_PAID or line < used:
            self.play.refuses("credit_lines", account=guest.name, amount=line)
        elif guest.association != RESOLD:
            self.play.place("credit_lines", account=guest.name, amount=line)
            money.grant_credit(guest.id, line)

    @step(pick=picks, share=shares, drawn=cents)
    def consume(self, pick: int, share: str, drawn: int) -> None:
        """Pay-per-use: allocated money or, without that, cash before credit; who is resold to, a budget."""
        guest, money = _some_guest(self, pick), self.world.of(Money)
        if guest.association == RESOLD:
            self.play.refuses("expenses", customer=guest.name, amount=CENT)
            self.play.place("budget_usage", customer=guest.name, amount=CENT)
            self.world.of(People).spend(guest, CENT)
            return
        held = purse(money, guest)
        amount = amount_of(held, share, drawn)
        if amount > held:
            self.play.refuses("expenses", customer=guest.name, amount=amount)
        else:
            _consume(self, guest, amount)

    @step(pick=picks, drawn=st.sampled_from([0, 0, 1, 500]))
    def owe(self, pick: int, drawn: int) -> None:
        """Arrears lower no balance."""
        guest, amount = _some_guest(self, pick), Decimal(drawn) / 100
        self.play.place("arrears", customer=guest.name, amount=amount)
        self.world.of(Money).owed[guest.id] = amount

    @step(pick=picks, size=st.integers(10, 20))
    def order_as_guest(self, pick: int, size: int) -> None:
        guest = _some_guest(self, pick)
        if not guest.collector:
            place_purchase(self, guest, [disk(size)], MONTH, 1)

    @on("intl")
    @step(pick=picks)
    def show_no_account(self, pick: int) -> None:
        """Who is resold to has none."""
        one = one_of([one for one in self.world.of(People).speakers if one.association == RESOLD], pick)
        self.call(one.role, "ShowCustomerAccountBalances", Refused("CBC.99000049"))

    def listings(self) -> Iterator[Listing]:
        """Abroad; the China site lists everybody's money among the rules of money."""
        for one in self.world.of(People).guests if self.world.site == "intl" else ():
            if one.association != RESOLD:
                yield balances(self, one)


def _join(rules: Rules, partner: str, referral: bool, amount: Decimal) -> Customer:
    other = PARTNER_PAID if rules.world.site == "cn" else RESOLD
    guest = join(rules, partner, REFERRAL if referral else other)
    if referral:
        _pay_in(rules, guest, amount)
    elif rules.world.site == "cn":
        give(rules, partner, guest, amount)
        own = [one for one in rules.world.of(Vouchers).quotas if one.partner == partner]
        if own:
            issue_to(rules, partner, own[0], Wish(Decimal(1)), [guest])
    return guest


def _some_guest(rules: Rules, pick: int) -> Customer:
    """Mostly one that has a partner; somebody joins where nobody is there."""
    guests = rules.world.of(People).guests
    if not guests:
        return _join(rules, "partner", pick % 2 == 1, Decimal(7))
    return one_of([one for one in guests if one.partner or pick % 3 == 0] or guests, pick)


def _run_up_credit(rules: Rules, guest: Customer) -> None:
    """A customer with money of its own spends that, and credit with it."""
    money = rules.world.of(Money)
    if CREDIT in books_of(guest):
        line = money.credit_used(guest.id) + 1
        rules.play.place("credit_lines", account=guest.name, amount=line)
        money.grant_credit(guest.id, line)
        _consume(rules, guest, purse(money, guest))
        rules.play.place("credit_lines", account=guest.name, amount=line + 5)
        money.grant_credit(guest.id, line + 5)


def _consume(rules: Rules, guest: Customer, amount: Decimal) -> None:
    money = rules.world.of(Money)
    rows = rules.play.place("expenses", customer=guest.name, amount=amount)
    books = [one for one in books_of(guest) if money.balance(guest.id, one)]
    for row, book in zip(rows, books, strict=False):
        part = min(amount, money.balance(guest.id, book))
        money.write(guest.id, book, USAGE, -part, Movement(row["id"]))
        amount -= part


def _freeze(rules: Rules, guest: Customer) -> None:
    who, named = caller(rules, guest.partner)
    foretold = Given({"error_details": []})
    fields = {"customer_ids": [guest.id], "freeze_type": "ACCOUNT_AND_RESOURCE", "reason": "model"}
    rules.call(who, "FreezeSubCustomers", foretold, **fields, **named)
    guest.frozen = "ACCOUNT_AND_RESOURCE"


def _has_no_adjustments(rules: Rules, partner: str, guest: Customer) -> None:
    """Asked for by its id, who is not paid for has none, whatever there was."""
    if rules.world.site == "cn":
        who, named = caller(rules, partner)
        foretold = Given({"total_count": 0})
        rules.call(who, "ListPartnerAdjustRecords", foretold, customer_id=guest.id, **named)


def _pay_in(rules: Rules, guest: Customer, amount: Decimal) -> None:
    row = rules.play.place("top_ups", account=guest.name, amount=amount)
    rules.world.of(Money).write(guest.id, CASH, TOP_UP, amount, Movement(row["id"]))
