"""Applications for real-name authentication, as the tests make them."""

from __future__ import annotations

from typing import Any

from tests.driver import Answer, Caller, World
from tests.services.customers.contacts import MOBILE, code_for

FIRST, CHANGE = "CreateEnterpriseRealnameAuthentication", "ChangeEnterpriseRealnameAuthentication"
OPERATIONS = ["CreatePersonalRealnameAuth", FIRST, CHANGE]
DOCUMENT = "X00000000"
LICENCE = "91000000000000000X"
CARD = "6200000000000000000"
PASSPORT = {"cn": ["test/data.jpg", "test/stamp.JPEG", "test/held.pdf"], "intl": ["test/data.jpg", "test/held.pdf"]}
"""The files of a passport on each site."""


def newcomer(world: World, name: str = "newcomer", partner: str = "demo-partner", **fields: Any) -> str:
    """A customer that never applied; its id."""
    return str(world.place("customers", name=name, partner=partner, mobile=MOBILE, **fields)["id"])


def row(world: World, customer_id: str) -> dict[str, Any]:
    return world.look("customers", id=customer_id)[0]


def individual(caller: Caller, customer_id: str, **changes: Any) -> Answer:
    """Apply with a passport."""
    body = {
        "customer_id": customer_id,
        "identify_type": 0,
        "verified_type": 3,
        "verified_file_url": PASSPORT[caller.site],
        "name": "Demo Person",
        "verified_number": DOCUMENT,
        "xaccount_type": "DEMO_IDP",
    }
    return caller("CreatePersonalRealnameAuth", {**body, **changes})


def card(world: World, customer_id: str, code: str | None = None, **changes: Any) -> Answer:
    """Apply with a bank card, and the code sent for it unless another is given."""
    if code is None:
        code = code_for(world, scene=18, customer_id=customer_id)
    info = {"bank_account": CARD, "areacode": "0086", "mobile": MOBILE, "verification_code": code}
    body = {"identify_type": 4, "verified_file_url": ["face.png"], "bank_card_info": info, **changes}
    return individual(world.solution_provider, customer_id, **body)


def enterprise(caller: Caller, customer_id: str, operation: str, **changes: Any) -> Answer:
    """Apply with a business licence."""
    body = {
        "customer_id": customer_id,
        "identify_type": 1,
        "certificate_type": 0,
        "verified_file_url": ["test/licence.jpg"],
        "corp_name": "Demo Trading Ltd",
        "verified_number": LICENCE,
        "xaccount_type": "DEMO_IDP",
        **({"change_type": 1} if operation == CHANGE else {}),
    }
    return caller(operation, {**body, **changes})


def applicant(world: World, operation: str) -> str:
    """A customer for which the operation is open."""
    return newcomer(world, verified_status=2, customer_type=0) if operation == CHANGE else newcomer(world)


def apply(caller: Caller, operation: str, customer_id: str, **changes: Any) -> Answer:
    if operation in (FIRST, CHANGE):
        return enterprise(caller, customer_id, operation, **changes)
    return individual(caller, customer_id, **changes)


def result(world: World, customer_id: str) -> tuple[int | None, str | None]:
    answer = world.solution_provider("ShowRealnameAuthenticationReviewResult", customer_id=customer_id).ok.body
    return answer.get("review_result"), answer["opinion"]
