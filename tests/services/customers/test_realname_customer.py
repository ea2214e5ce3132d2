"""Real-name authentication that a customer looks after itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import World

CODE, STATUS = "ShowRealNameAuthQrCode", "ShowRealNameAuthStatus"


@pytest.fixture
def fresh(world: World) -> World:
    """A world with a customer `newcomer` that is not authenticated."""
    world.place("customers", name="newcomer", partner="demo-partner", credential="newcomer")
    return world


def scan(world: World, **fields: Any) -> tuple[int, str]:
    answer = world.control("POST", f"sandboxes/{world.id}/state/scans", {"customer": "newcomer", **fields})
    return answer.status, answer.body.get("error", "")


def status(world: World) -> tuple[int, int | None]:
    body = world.newcomer(STATUS).ok.body
    return body["verified_status"], body["verified_type"]


def test_a_scan_authenticates_the_customer_by_face(fresh: World) -> None:
    assert fresh.newcomer(CODE)["qr_code_url"].startswith("https://")
    assert status(fresh) == (-1, None)
    assert scan(fresh) == (201, "")
    assert status(fresh) == (0, 0)
    fresh.advance("PT2S")
    assert status(fresh) == (2, 0)


def test_a_refused_face_may_be_shown_again_with_a_new_code(fresh: World) -> None:
    fresh.newcomer(CODE)
    scan(fresh, result="refuse")
    fresh.advance("PT2S")
    assert status(fresh) == (1, 0)
    fresh.newcomer(CODE)
    assert scan(fresh, result="pass") == (201, "")


def test_a_scan_may_wait_for_a_review_by_hand(fresh: World) -> None:
    fresh.newcomer(CODE)
    scan(fresh, result="review")
    fresh.advance("P1D")
    assert status(fresh) == (0, 0)
    fresh.place("reviews", customer="newcomer", result="pass")
    assert status(fresh) == (2, 0)


def test_a_code_is_good_for_one_scan(fresh: World) -> None:
    fresh.newcomer(CODE)
    scan(fresh, result="refuse")
    fresh.advance("PT2S")
    assert scan(fresh) == (400, "the QR code is void: it was scanned before")


def test_a_code_is_void_after_10_minutes(fresh: World) -> None:
    fresh.newcomer(CODE)
    fresh.advance("PT10M")
    assert scan(fresh) == (400, "the QR code is void: it was fetched 10 minutes ago or earlier")


def test_a_new_code_leaves_earlier_ones_good(fresh: World) -> None:
    first = fresh.newcomer(CODE)["qr_code_url"]
    fresh.advance("PT9M59S")
    second = fresh.newcomer(CODE)["qr_code_url"]
    assert first != second
    assert scan(fresh, qr_code_url=first) == (201, "")


@pytest.mark.parametrize("fields", [{}, {"qr_code_url": "https://example.com"}])
def test_only_a_fetched_code_can_be_scanned(fresh: World, fields: Any) -> None:
    assert scan(fresh, **fields) == (400, "customer 'newcomer' has fetched no such QR code")


def test_an_authenticated_customer_gets_a_code_that_changes_nothing(world: World) -> None:
    world.customer(CODE).ok  # noqa: B018
    answer = world.control("POST", f"sandboxes/{world.id}/state/scans", {"customer": "demo-customer"})
    assert (answer.status, answer.body["error"]) == (400, "customer 'demo-customer' is authenticated or under review")


def test_an_iam_user_gets_no_code(world: World) -> None:
    with world.unchanged():
        assert world.customer_user(CODE).refused == (403, "CBC.99007297")


def test_an_iam_user_may_ask_for_the_status(world: World) -> None:
    assert world.customer_user(STATUS)["verified_status"] == 2


@pytest.mark.parametrize("operation", [CODE, STATUS])
def test_a_partner_is_not_a_customer(world: World, operation: str) -> None:
    assert world.solution_provider(operation).refused == (403, "CBC.0151")


@pytest.mark.parametrize(
    ("caller", "shown"), [("customer", (2, 1)), ("referral_customer", (2, 0))], ids=["enterprise", "individual"]
)
def test_the_status_says_as_what_a_customer_is_authenticated(world: World, caller: str, shown: tuple[int, int]) -> None:
    body = world.caller(caller)(STATUS).ok.body
    assert (body["verified_status"], body["verified_type"]) == shown


def test_a_change_under_review_still_shows_the_individual(world: World) -> None:
    world.place("settings", realname_review="review")
    body = {
        "customer_id": world.referral_customer.id,
        "identify_type": 1,
        "verified_file_url": ["licence.jpg"],
        "corp_name": "Demo Trading Ltd",
        "verified_number": "91000000000000000X",
        "change_type": 1,
        "xaccount_type": "DEMO_IDP",
    }
    world.solution_provider("ChangeEnterpriseRealnameAuthentication", body).ok  # noqa: B018
    assert world.referral_customer(STATUS).body == {"verified_status": 2, "verified_type": 0}
    world.place("reviews", customer="demo-referral", result="pass")
    assert world.referral_customer(STATUS).body == {"verified_status": 2, "verified_type": 1}
