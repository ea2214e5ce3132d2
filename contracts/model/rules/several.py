"""Several resources in one call, good and bad ones."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from contracts.model.doing import UNKNOWN, convert_at_expiry, convert_now, give_up, renew
from contracts.model.machine import Rules, on, one_of, picks, rarely, step
from contracts.model.placing import Goods, Wish, place, place_combined
from contracts.model.reference.orders import Orders
from contracts.model.reference.people import Customer, People
from contracts.model.reference.prices import ADDRESS, MONTH, SERVER, YEAR, bandwidth, disk
from contracts.model.reference.resources import GRACE, Resource, Resources
from contracts.model.rules.orders import pass_processing, pay_order, waits
from contracts.model.rules.resources import FORESEEN, has_resources, has_room
from contracts.model.rules.time import is_late

several = st.lists(picks, min_size=1, max_size=4)
terms = st.sampled_from([(MONTH, 1), (MONTH, 1), (MONTH, 2), (MONTH, 10), (YEAR, 1)])
HOUR = timedelta(hours=1)
mostly = st.sampled_from([True, True, False])


class Bundling(Rules):
    """What is done to several resources at once."""

    def begin(self) -> None:
        customer = self.world.of(People).customer("customer")
        order = place(self, customer, Wish([Goods(disk(10), 2)]))
        pay_order(self, order, customer, None, [], waits=True)

    @has_room
    @step(which=st.integers(0, 3), role=st.sampled_from(["customer", "customer", "shopper"]))
    def buy_several(self, which: int, role: str) -> None:
        """At once, so that there is something to choose from."""
        customer = self.world.of(People).customer(role)
        goods = [
            Goods(SERVER, 2, (Goods(disk(10)),)),
            Goods(ADDRESS, 1, (Goods(bandwidth(1)),)),
            Goods(disk(10), 3),
        ]
        if which == 3:
            order = place_combined(self, customer, [Wish([goods[1]]), Wish([goods[0]])])
        else:
            order = place(self, customer, Wish([goods[which]]))
        pay_order(self, order, customer, self.world.of(Orders).usual(order), [], waits=True)

    @has_resources
    @step(chosen=several, term=terms, twice=rarely, unknown=rarely, paid=mostly, waits=waits)
    def renew_several(
        self, chosen: list[int], term: tuple[int, int], twice: bool, unknown: bool, paid: bool, waits: bool
    ) -> None:
        customer, named = _chosen(self, chosen)
        renew(self, customer, named, term, paid, [*([named[0].id] if twice else []), *_unknown(unknown)])
        pass_processing(self, waits)

    @has_resources
    @step(chosen=several, renewals_only=st.booleans(), unknown=rarely, waits=waits)
    def give_up_several(self, chosen: list[int], renewals_only: bool, unknown: bool, waits: bool) -> None:
        customer, named = _chosen(self, chosen)
        give_up(self, customer, named, renewals_only, _unknown(unknown))
        pass_processing(self, waits)

    @has_resources
    @step(chosen=several, sets=st.booleans(), unknown=rarely)
    def convert_several_at_expiry(self, chosen: list[int], sets: bool, unknown: bool) -> None:
        customer, named = _chosen(self, chosen)
        convert_at_expiry(self, customer, named, sets, _unknown(unknown))

    @has_resources
    @step(pick=picks, sets=st.booleans(), beside=st.booleans())
    def convert_what_is_over(self, pick: int, sets: bool, beside: bool) -> None:
        """One that expired is reported, perhaps beside one that did not."""
        own = self.world.of(Resources)
        first = [one for one in own.resources if one.is_alive and one.main is None and one.policy == GRACE]
        if not first or is_late(self):
            return
        one = one_of(first, pick)
        if timedelta(0) < one.ends - self.world.now < FORESEEN:
            self.pass_time(one.ends - self.world.now + HOUR)
        others = [each for each in own.of(one.customer) if each.is_alive and each.main is None and each is not one]
        convert_at_expiry(self, one.customer, [one, *(others[:1] if beside else [])], sets)

    @on("cn")
    @has_resources
    @step(chosen=several, unknown=rarely, waits=waits)
    def convert_several_now(self, chosen: list[int], unknown: bool, waits: bool) -> None:
        customer, named = _chosen(self, chosen)
        convert_now(self, customer, named, _unknown(unknown))
        pass_processing(self, waits)


def _unknown(wanted: bool) -> list[str]:
    return [UNKNOWN] if wanted else []


def _chosen(rules: Rules, chosen: list[int]) -> tuple[Customer, list[Resource]]:
    """Resources of one customer, each once, mostly such as are still there."""
    resources = rules.world.of(Resources).resources
    customer = one_of(resources, chosen[0]).customer
    own = [one for one in resources if one.customer is customer]
    alive = [one for one in own if one.is_alive]
    main = [one for one in alive if one.main is None]
    found = [one_of([*main, *main, *alive, *alive, *own], pick) for pick in chosen]
    return customer, list({one.id: one for one in found}.values())
