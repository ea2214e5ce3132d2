"""What the end of an association, or a change of its type, does to money, budgets and coupons."""

from __future__ import annotations

from contracts.model.reference.money import ALLOCATED, CASH, LOCKED, MODEL_CHANGE, UNBINDING, Money, Movement
from contracts.model.reference.orders import UNPAID, Orders
from contracts.model.reference.people import REFERRAL, Customer, People
from contracts.model.reference.vouchers import PARTED, SWITCHED, Vouchers
from contracts.model.reference.world import World


def is_bound(world: World, customer: Customer) -> bool:
    """Whether a customer must stay as it is: it owes something, or its partner has an order of its to pay."""
    money, orders = world.of(Money), world.of(Orders)
    if money.owed[customer.id] or money.credit_used(customer.id):
        return True
    return customer.association != REFERRAL and any(one.status == UNPAID for one in orders.of(customer))


def leave(world: World, customer: Customer) -> None:
    """A customer leaves its partner. What it paid in itself stays its own, and so does its credit."""
    _settle(world, customer, PARTED)
    customer.partner, customer.association, customer.since = "", "", None
    customer.frozen, customer.label = None, ""


def switch(world: World, customer: Customer, association: str) -> None:
    """A customer gets another association with its partner. A referral customer's own cash can only be withdrawn from
    now on."""
    _settle(world, customer, SWITCHED)
    money = world.of(Money)
    cash = money.balance(customer.id, CASH)
    if customer.association == REFERRAL and cash > 0:
        money.move((customer.id, CASH), (customer.id, LOCKED), MODEL_CHANGE, cash, Movement(""), "")
    customer.association, customer.frozen = association, None


def _settle(world: World, customer: Customer, reclaim: str) -> None:
    """Allocated money and coupons go back to the partner, and the budget ends."""
    money, people = world.of(Money), world.of(People)
    rest = money.balance(customer.id, ALLOCATED)
    if rest > 0:
        payee = people.partners[customer.partner].id
        money.move((customer.id, ALLOCATED), (payee, CASH), UNBINDING, rest, Movement(""), customer.id)
    people.end_budget(customer)
    world.of(Vouchers).reclaim_all(customer.id, reclaim, lambda issuer: issuer == customer.partner)
