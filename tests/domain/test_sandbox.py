"""Sandboxes: universes that share a server and nothing else."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from mockserver.domain.clock import ClockError
from mockserver.domain.entities import Customer
from mockserver.domain.forms import FormError
from mockserver.domain.ledger import CASH, OUTSIDE, Trade
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.tokens import issue
from mockserver.domain.universe import Universe

WALL = datetime(2026, 3, 2, 2, tzinfo=UTC)
FROZEN = "2026-03-02T02:00:00Z"


@pytest.fixture
def universe() -> Universe:
    """A universe with its default sandbox."""
    made = Universe()
    made.create(wall=WALL, clock=FROZEN)
    return made


def another(universe: Universe, **more: Any) -> Sandbox:
    return universe.create(wall=WALL, **{"clock": FROZEN, **more})


def add_customer(sandbox: Sandbox, name: str = "new") -> Customer:
    return sandbox.add_customer(Customer(sandbox.ids.hex32("customer"), name, sandbox.now))


def partner_of(sandbox: Sandbox) -> str:
    return sandbox.credentials()["solution_provider"]["domain_id"]


def live(sandbox: Sandbox) -> dict[str, dict[str, Any]]:
    """A little of everything happens; answers the whole state then."""
    add_customer(sandbox)
    top_up = ("", OUTSIDE), (partner_of(sandbox), CASH), Decimal(5), Trade.RECHARGE, sandbox.now
    sandbox.ledger.transfer(*top_up)
    sandbox.set("association_delay", 7)
    sandbox.timeline.plan(sandbox.now + timedelta(days=1), "nothing")
    sandbox.move_to(sandbox.now + timedelta(hours=1))
    return sandbox.state.dump()


# Apart


def test_two_sandboxes_never_see_each_other(universe: Universe) -> None:
    here, there = another(universe), another(universe)
    before = there.state.dump()
    live(here)
    assert there.state.dump() == before
    assert there.now < here.now


def test_resetting_one_leaves_the_other_as_it_is(universe: Universe) -> None:
    here, there = another(universe), another(universe)
    state = live(there)
    here.reset()
    assert there.state.dump() == state


def test_every_credential_finds_its_own_sandbox(universe: Universe) -> None:
    for sandbox in (universe.default, another(universe), another(universe)):
        for credential in sandbox.credentials().values():
            assert universe.of_access_key(credential["ak"]) is sandbox
        assert universe.of_token(issue(sandbox, sandbox.main_user(partner_of(sandbox))).text) is sandbox


@pytest.mark.parametrize("field", ["ak", "sk", "password"])
def test_equal_sandboxes_of_one_server_have_different_secrets(universe: Universe, field: str) -> None:
    secrets = [
        credential[field]
        for sandbox in (another(universe), another(universe))
        for credential in sandbox.credentials().values()
    ]
    assert len(set(secrets)) == len(secrets)


@pytest.mark.parametrize(
    "text", ["", "MOCK", "MOCK000009", "MOCKxxxxxx0000000001", "AKIA0000000000000001", "MII", "中"]
)
def test_a_foreign_credential_finds_nothing(universe: Universe, text: str) -> None:
    assert universe.of_access_key(text) is None
    assert universe.of_token(text) is None


def test_a_removed_sandbox_is_gone_with_its_credentials(universe: Universe) -> None:
    sandbox = another(universe)
    universe.remove(sandbox.id)
    assert universe.get(sandbox.id) is None
    assert universe.of_access_key(sandbox.credentials()["customer"]["ak"]) is None
    assert another(universe).number > sandbox.number


@pytest.mark.parametrize(
    ("sandbox_id", "said"),
    [("default", "the default sandbox stays as long as the server; reset it instead"), ("no", "no sandbox 'no'")],
)
def test_what_cannot_be_removed_is_said_in_one_sentence(universe: Universe, sandbox_id: str, said: str) -> None:
    with pytest.raises(FormError, match=f"^{said}$"):
        universe.remove(sandbox_id)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"site": "eu"}, "'eu' is not a site; accepted: cn, intl"),
        ({"clock": "noon"}, "clock: 'noon' is not an instant like 2026-01-31T08:00:00Z, nor is it real"),
        ({"fixture": "nope"}, "no fixture 'nope'; "),
    ],
)
def test_a_sandbox_that_cannot_be_made_is_said_in_one_sentence_and_leaves_nothing(
    universe: Universe, wanted: dict[str, str], said: str
) -> None:
    with pytest.raises(FormError) as caught:
        another(universe, **wanted)
    assert str(caught.value).startswith(said)
    assert list(universe) == [universe.default]


# The same again


def test_equal_seeds_and_clocks_give_equal_ids(universe: Universe) -> None:
    here, there = another(universe, seed=5), another(universe, seed=5)
    states = [live(here), live(there)]
    for state in states:
        for kind in ("access_keys", "credential_names", "users"):
            del state[kind]
    assert states[0] == states[1]


def test_another_seed_gives_other_ids(universe: Universe) -> None:
    here, there = another(universe, seed=5), another(universe, seed=6)
    assert set(here.customers.keys()).isdisjoint(there.customers.keys())


def test_a_reset_sandbox_lives_the_same_life_again(universe: Universe) -> None:
    sandbox = another(universe)
    first = live(sandbox)
    sandbox.reset()
    assert live(sandbox) == first


# Back


def test_a_reset_goes_back_to_the_fixture_in_state_and_time(universe: Universe) -> None:
    sandbox = another(universe)
    before, credentials = sandbox.state.dump(), sandbox.credentials()
    live(sandbox)
    sandbox.calls, sandbox.failed_signatures = 3, {"ak": (1, None)}
    sandbox.reset()
    assert (sandbox.state.dump(), sandbox.credentials(), sandbox.now) == (before, credentials, WALL)
    assert (sandbox.calls, sandbox.failed_signatures) == (0, {})


def test_snapshots_are_restored_by_name_in_any_order(universe: Universe) -> None:
    sandbox = another(universe)
    sandbox.snapshot("a")
    first = sandbox.state.dump()
    second = live(sandbox)
    sandbox.snapshot("b")
    sandbox.restore("a")
    assert sandbox.state.dump() == first
    sandbox.restore("b")
    assert sandbox.state.dump() == second
    assert sandbox.snapshot_names == ["a", "b"]


def test_snapshots_outlive_a_reset(universe: Universe) -> None:
    sandbox = another(universe)
    state = live(sandbox)
    sandbox.snapshot("lived")
    sandbox.reset()
    sandbox.restore("lived")
    assert sandbox.state.dump() == state


def test_a_snapshot_that_was_never_saved_is_a_key_error(universe: Universe) -> None:
    with pytest.raises(KeyError):
        universe.default.restore("never")


def test_a_snapshot_and_a_reset_cost_the_changes_not_the_size_of_the_world(universe: Universe) -> None:
    sandbox = another(universe, fixture="large?customers=300")
    start = sandbox.state.snapshot()
    customer = next(iter(sandbox.customers))
    sandbox.customers.put(customer.id, replace(customer, label="changed"))
    changed = sandbox.state.snapshot()
    assert sum(len(own) for _, own in changed.values()) == 1
    assert all(base is start[name][0] for name, (base, _) in changed.items())
    sandbox.reset()
    after = sandbox.state.snapshot()
    assert sum(len(own) for _, own in after.values()) == 0
    assert all(base is start[name][0] for name, (base, _) in after.items())


# Within


def test_what_fails_inside_a_transaction_changes_nothing_and_uses_no_id(universe: Universe) -> None:
    sandbox = another(universe)
    before = sandbox.state.dump()
    with suppress(ClockError), sandbox.transaction():
        add_customer(sandbox)
        sandbox.move_to(WALL - timedelta(days=1))
    assert sandbox.state.dump() == before


def test_an_account_is_found_by_its_name_until_it_is_taken_back(universe: Universe) -> None:
    sandbox = another(universe)
    customer = add_customer(sandbox)
    assert sandbox.account_named("new") == customer
    assert sandbox.account_named("demo-partner") == sandbox.partners[partner_of(sandbox)]
    sandbox.reset()
    assert sandbox.account_named("new") is None


def test_a_setting_has_its_default_until_it_is_set(universe: Universe) -> None:
    sandbox = another(universe)
    assert (sandbox.setting("association_delay"), sandbox.setting("association_fails")) == (2, False)
    sandbox.set("association_delay", 0)
    assert sandbox.setting("association_delay") == 0


def test_the_currency_is_that_of_the_site(universe: Universe) -> None:
    assert (another(universe).currency, another(universe, site="intl").currency) == ("CNY", "USD")


def test_a_changed_login_voids_its_tokens(universe: Universe) -> None:
    sandbox = another(universe)
    user = sandbox.main_user(partner_of(sandbox))
    token = issue(sandbox, user)
    changed = sandbox.change_user(user, password="other")
    assert token.revision == user.revision < changed.revision
