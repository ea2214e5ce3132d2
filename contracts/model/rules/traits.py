"""Resources that are not like others: what their product, their order or the authorities do not allow."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from contracts.model.doing import convert_at_expiry, convert_now, give_up, renew, renew_automatically
from contracts.model.machine import Rules, on, picks, step
from contracts.model.placing import Goods, Wish, place
from contracts.model.reference.orders import Orders
from contracts.model.reference.people import People
from contracts.model.reference.prices import MONTH, SUPPORT, disk
from contracts.model.reference.refusals import FROZEN_FOR, KEPT, TIED
from contracts.model.reference.resources import Resource, Resources
from contracts.model.rules.orders import pass_processing, pay_order, waits
from contracts.model.rules.resources import await_attempt, has_resources, has_room, some_resource

Act = Callable[[Rules, Resource], object]
ACTS: dict[str, Act] = {
    "give up": lambda rules, one: give_up(rules, one.customer, [one], False),
    "give terms up": lambda rules, one: give_up(rules, one.customer, [one], True),
    "change at expiry": lambda rules, one: convert_at_expiry(rules, one.customer, [one], True),
    "renew": lambda rules, one: renew(rules, one.customer, [one], (MONTH, 1), False),
    "renew by itself": lambda rules, one: renew_automatically(rules, one, None, None),
}
CONCERNED = {
    **dict.fromkeys(KEPT, ("give up",)),
    **dict.fromkeys(TIED, ("change at expiry",)),
    "marketplace": ("give up", "change at expiry"),
    "solution": ("renew by itself", "change at expiry", "give up"),
    "discontinued": ("renew", "renew by itself"),
    "not_renewable": ("renew", "renew by itself"),
    "bandwidth_addon": ("give up", "give terms up"),
    "no_five_day_rule": ("give up",),
    "indivisible": ("give up",),
    "bound": ("give up",),
    "bundle": ("renew",),
}
"""What each trait has a say in."""
pairs = st.sampled_from([(trait, act) for trait, acts in CONCERNED.items() for act in acts])
structural = st.sampled_from(["bundle", "indivisible", "bound", "solution"])
some_traits = st.lists(st.sampled_from(sorted(CONCERNED)), max_size=2, unique=True)
reasons = st.sampled_from(["", "", *FROZEN_FOR])


class Treating(Rules):
    """What such resources refuse, and what they do not."""

    @has_room
    @step(trait=structural, extended=st.booleans())
    def buy_tied(self, trait: str, extended: bool) -> None:
        """Two main resources of one order and what is attached to one of them, or what is never pay-per-use."""
        attached = Goods(disk(12), traits=(trait,))
        goods = [Goods(disk(10), 1, (attached,), (trait,)), Goods(disk(11), traits=(trait,))]
        customer = self.world.of(People).customer("customer")
        order = place(self, customer, Wish([*goods, *([Goods(SUPPORT)] if extended else [])]))
        pay_order(self, order, customer, self.world.of(Orders).usual(order), [], waits=True)

    @has_room
    @step(whole=st.booleans(), paid=st.booleans())
    def renew_bundle(self, whole: bool, paid: bool) -> None:
        """Both of two that were bought as a bundle, or the first alone."""
        customer = self.world.of(People).customer("customer")
        order = place(self, customer, Wish([Goods(disk(size), traits=("bundle",)) for size in (10, 11)]))
        pay_order(self, order, customer, self.world.of(Orders).usual(order), [], waits=True)
        found = [one for one in self.world.of(Resources).of(customer) if one.terms[0].order is order]
        if found:
            renew(self, customer, found if whole else found[:1], (MONTH, 1), paid)
            pass_processing(self, True)

    @has_resources
    @step(pick=picks, tried=st.lists(pairs, min_size=1, max_size=4), renewed=st.booleans())
    def try_traits(self, pick: int, tried: list[tuple[str, str]], renewed: bool) -> None:
        """One after the other; perhaps of a resource with a term that has not begun."""
        one = some_resource(self, pick)
        if renewed:
            renew(self, one.customer, [one], (MONTH, 1), True)
            pass_processing(self, True)
        for trait, act in tried:
            if one.is_alive:
                _give_traits(self, one, [trait])
                ACTS[act](self, one)

    @has_resources
    @step(pick=picks, trait=st.sampled_from(["discontinued", "not_renewable"]), again=st.booleans())
    def discontinue(self, pick: int, trait: str, again: bool) -> None:
        """What renews by itself goes on while it can be renewed at all, and tries again the next day."""
        one = some_resource(self, pick)
        main = one.main or one
        if renew_automatically(self, one, None, "MONTH"):
            _give_traits(self, main, [trait])
            await_attempt(self, main, True)
            if again and main.is_alive:
                _give_traits(self, main, [])
                await_attempt(self, main, True)

    @has_resources
    @step(pick=picks, chosen=some_traits)
    def give_traits(self, pick: int, chosen: list[str]) -> None:
        one = some_resource(self, pick)
        if one.is_alive:
            _give_traits(self, one, chosen)

    @has_resources
    @step(pick=picks, reason=reasons)
    def freeze_resource(self, pick: int, reason: str) -> None:
        """For a violation or by the police; without a reason that is lifted."""
        one = some_resource(self, pick)
        if one.is_alive:
            self.play.place("resources", resource=one.id, frozen=reason)
            self.world.of(Resources).bar(one, reason)

    @has_resources
    @step(pick=picks, whole=st.booleans(), paid=st.booleans(), waits=waits)
    def renew_special(self, pick: int, whole: bool, paid: bool, waits: bool) -> None:
        one = some_resource(self, pick)
        renew(self, one.customer, _named(self, one, whole), (MONTH, 1), paid)
        pass_processing(self, waits)

    @has_resources
    @step(pick=picks, waits=waits)
    def renew_special_by_itself(self, pick: int, waits: bool) -> None:
        one = some_resource(self, pick)
        main = one.main or one
        done = renew_automatically(self, one, None, None)
        await_attempt(self, main, done and waits)

    @has_resources
    @step(pick=picks, whole=st.booleans(), renewals_only=st.booleans(), waits=waits)
    def give_special_up(self, pick: int, whole: bool, renewals_only: bool, waits: bool) -> None:
        one = some_resource(self, pick)
        give_up(self, one.customer, _named(self, one, whole), renewals_only)
        pass_processing(self, waits)

    @has_resources
    @step(pick=picks, sets=st.booleans())
    def convert_special_at_expiry(self, pick: int, sets: bool) -> None:
        one = some_resource(self, pick)
        convert_at_expiry(self, one.customer, [one], sets)

    @on("cn")
    @has_resources
    @step(pick=picks, waits=waits)
    def convert_special_now(self, pick: int, waits: bool) -> None:
        one = some_resource(self, pick)
        convert_now(self, one.customer, [one])
        pass_processing(self, waits)


def _named(rules: Rules, one: Resource, whole: bool) -> list[Resource]:
    """A resource, or all main resources of its order that are still there."""
    own = rules.world.of(Resources).resources
    order = [each for each in own if each.terms[0].order is one.terms[0].order and not each.main and each.is_alive]
    return order if whole and order else [one]


def _give_traits(rules: Rules, one: Resource, traits: list[str]) -> None:
    rules.play.place("resources", resource=one.id, traits=traits)
    one.traits = frozenset(traits)
