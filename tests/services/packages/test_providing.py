"""Renewals and ends of packages: what the customer sees of several terms."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockserver.domain.catalogue import catalogue
from mockserver.domain.fixture import load_fixture
from mockserver.domain.packages import IN_EFFECT, NOT_IN_EFFECT, UNSUBSCRIBED, Package
from mockserver.domain.sandbox import Sandbox
from mockserver.services.packages import provide_package, renew_package, unsubscribe_package

NOW, FIRST_END, SECOND_END, THIRD_END = (datetime(2026, month, 2, 2, tzinfo=UTC) for month in (3, 4, 5, 6))
SPEC = catalogue().specs["obs.package.standard.40gb", "hws.resource.type.obs"]


@pytest.fixture
def sandbox() -> Sandbox:
    made = Sandbox(1, wall=NOW, clock="2026-03-02T02:00:00Z")
    load_fixture(made, "demo")
    return made


def provide(sandbox: Sandbox) -> Package:
    customer = next(iter(sandbox.customers))
    return provide_package(
        sandbox,
        customer,
        SPEC,
        "cn-north-4",
        instance_id="bought",
        order_id="CS1",
        product_id="product",
        effective=NOW,
        expires=FIRST_END,
    )


def states(sandbox: Sandbox, moment: datetime = NOW) -> list[int]:
    return [one.state_at(moment) for one in sandbox.packages]


def test_a_bought_package_has_the_id_of_its_resource(sandbox: Sandbox) -> None:
    assert provide(sandbox).id == "bought"
    assert states(sandbox) == [IN_EFFECT]


def test_a_renewal_is_a_package_of_its_own_that_follows(sandbox: Sandbox) -> None:
    provide(sandbox)
    renewed = renew_package(sandbox, "bought", FIRST_END, SECOND_END, order_id="CS2")
    assert (renewed.renews, renewed.order_id, renewed.effective_on, renewed.expires_on) == (
        "bought",
        "CS2",
        FIRST_END,
        SECOND_END,
    )
    assert states(sandbox) == [IN_EFFECT, NOT_IN_EFFECT]
    assert renewed.items[0].free_resource_id != sandbox.packages["bought"].items[0].free_resource_id


def test_a_renewal_taken_back_is_unsubscribed(sandbox: Sandbox) -> None:
    provide(sandbox)
    renew_package(sandbox, "bought", FIRST_END, SECOND_END)
    renew_package(sandbox, "bought", SECOND_END, THIRD_END)
    renew_package(sandbox, "bought", NOW, FIRST_END)
    assert states(sandbox) == [IN_EFFECT, UNSUBSCRIBED, UNSUBSCRIBED]


def test_a_renewal_can_be_bought_again(sandbox: Sandbox) -> None:
    provide(sandbox)
    renew_package(sandbox, "bought", FIRST_END, SECOND_END)
    renew_package(sandbox, "bought", NOW, FIRST_END)
    renew_package(sandbox, "bought", FIRST_END, THIRD_END)
    assert states(sandbox) == [IN_EFFECT, UNSUBSCRIBED, NOT_IN_EFFECT]


def test_unsubscribing_ends_all_terms(sandbox: Sandbox) -> None:
    package = provide(sandbox)
    renew_package(sandbox, "bought", FIRST_END, SECOND_END)
    unsubscribe_package(sandbox, package, NOW)
    assert states(sandbox) == [UNSUBSCRIBED, UNSUBSCRIBED]
