"""What an application for real-name authentication must stand: files, limits, the vendor's checks."""

from __future__ import annotations

import pytest

from tests.driver import World
from tests.services.customers.applying import (
    DOCUMENT,
    LICENCE,
    OPERATIONS,
    PASSPORT,
    applicant,
    apply,
    individual,
    newcomer,
)
from tests.sites import on_both_sites

pytestmark = on_both_sites


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_reseller_s_customer_is_not_the_solution_provider_s(world: World, operation: str) -> None:
    answer = apply(world.solution_provider, operation, world.reseller_customer.id)
    assert answer.refused == (400, "CBC.99000035")


@pytest.mark.parametrize("platform", ["DIST_IDP", "RESELLER_IDP"])
def test_a_distributor_applies_for_its_resellers_customers(world: World, platform: str) -> None:
    customer = newcomer(world, partner="demo-reseller")
    assert individual(world.distributor, customer, xaccount_type=platform)["is_review"] == 1
    answer = world.distributor("ShowRealnameAuthenticationReviewResult", customer_id=customer)
    assert answer["review_result"] == 0


def test_an_account_manager_applies_for_his_own_customers_only(world: World) -> None:
    others = newcomer(world)
    assert individual(world.account_manager, others).refused == (400, "CBC.99000035")
    own = newcomer(world, name="own", manager="demo-partner/demo-manager")
    individual(world.account_manager, own).ok  # noqa: B018


@pytest.mark.parametrize("customer", ["0" * 32, "reseller_customer"])
def test_the_result_of_somebody_else_s_customer_is_not_shown(world: World, customer: str) -> None:
    customer_id = world.caller(customer).id if customer in world.credentials else customer
    answer = world.solution_provider("ShowRealnameAuthenticationReviewResult", customer_id=customer_id)
    assert answer.refused == (400, "CBC.99000035")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_platform_of_somebody_else_is_refused(world: World, operation: str) -> None:
    answer = apply(world.solution_provider, operation, applicant(world, operation), xaccount_type="OTHER_IDP")
    assert answer.refused == (400, "CBC.0100")


@pytest.mark.parametrize("operation", OPERATIONS[:2])
@pytest.mark.parametrize("status", [0, 2])
def test_an_authenticated_customer_or_one_under_review_cannot_apply(world: World, operation: str, status: int) -> None:
    answer = apply(world.solution_provider, operation, newcomer(world, verified_status=status))
    assert answer.refused == (400, "CBC.99007188")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_partner_must_have_switched_on_the_upload(world: World, operation: str) -> None:
    customer = applicant(world, operation)
    world.place("partners", name="demo-partner", realname_upload=False)
    assert apply(world.solution_provider, operation, customer).refused == (400, "CBC.99005030")
    world.place("partners", name="demo-partner", realname_upload=True)
    world.place("settings", bucket_readable=False)
    assert apply(world.solution_provider, operation, customer).refused == (400, "CBC.99005030")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_file_has_at_most_10_megabytes(world: World, operation: str) -> None:
    customer = applicant(world, operation)
    large = {"test/licence.jpg": 10 * 2**20 + 1, "test/held.pdf": 10 * 2**20 + 1}
    world.place("settings", attachments=large)
    assert apply(world.solution_provider, operation, customer).refused == (400, "CBC.99000099")
    world.place("settings", attachments={path: size - 1 for path, size in large.items()})
    apply(world.solution_provider, operation, customer).ok  # noqa: B018


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_file_must_be_an_image_or_a_pdf(world: World, operation: str) -> None:
    customer = applicant(world, operation)
    files = [*PASSPORT[world.site][:-1], "b.docx"]
    answer = apply(world.solution_provider, operation, customer, verified_file_url=files)
    assert answer.refused == (400, "CBC.99000100")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_customer_applies_only_so_often(world: World, operation: str) -> None:
    world.place("settings", realname_review="refuse", realname_applications=2)
    customer = applicant(world, operation)
    for _ in range(2):
        apply(world.solution_provider, operation, customer).ok  # noqa: B018
        world.advance("PT2S")
    with world.unchanged():
        assert apply(world.solution_provider, operation, customer).refused == (400, "CBC.99007191")


def test_a_document_authenticates_only_so_many_customers(world: World) -> None:
    world.place("settings", customers_per_document=1)
    first, second = newcomer(world), newcomer(world, name="second")
    individual(world.solution_provider, first).ok  # noqa: B018
    world.advance("PT2S")
    assert individual(world.solution_provider, second).refused == (400, "CBC.99007189")
    individual(world.solution_provider, second, verified_number="X00000001").ok  # noqa: B018


@pytest.mark.parametrize(
    ("operation", "code"),
    [
        ("CreatePersonalRealnameAuth", "CBC.99007193"),
        ("CreatePersonalRealnameAuth", "CBC.99007202"),
        *((operation, code) for operation in OPERATIONS for code in ("CBC.70600026", "CBC.70600032")),
    ],
)
def test_the_vendor_refuses_a_document(world: World, operation: str, code: str) -> None:
    world.place("settings", realname_outcomes={DOCUMENT: code, LICENCE: code})
    customer = applicant(world, operation)
    with world.unchanged():
        assert apply(world.solution_provider, operation, customer).refused == (400, code)


@pytest.mark.parametrize(("kind", "in_china", "abroad"), [(3, 3, 2), (5, 3, 3), (6, 3, 3), (9, 3, 3), (10, 3, 3)])
def test_each_document_has_its_number_of_files(world: World, kind: int, in_china: int, abroad: int) -> None:
    customer, needed = newcomer(world), in_china if world.site == "cn" else abroad
    for files in (needed - 1, needed + 1):
        answer = individual(world.solution_provider, customer, verified_type=kind, verified_file_url=["a.jpg"] * files)
        assert answer.refused == (400, "CBC.0100")
    individual(world.solution_provider, customer, verified_type=kind, verified_file_url=["a.jpg"] * needed).ok  # noqa: B018
