"""Real-name authentication that a partner applies for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.driver import Answer, Caller, World

DOCUMENT = "X00000000"
CARD = "6200000000000000000"
MOBILE = "13900000001"


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
        "verified_file_url": ["test/data.jpg", "test/stamp.JPEG", "test/held.pdf"],
        "name": "Demo Person",
        "verified_number": DOCUMENT,
        "xaccount_type": "DEMO_IDP",
    }
    return caller("CreatePersonalRealnameAuth", {**body, **changes})


def card(world: World, customer_id: str, code: str | None = None, **changes: Any) -> Answer:
    """Apply with a bank card, and the code sent for it unless another is given."""
    sent = {"receiver_type": 1, "timeout": 10, "mobile_phone": MOBILE, "scene": 18, "customer_id": customer_id}
    if code is None:
        world.solution_provider("SendVerificationMessageCode", sent).ok  # noqa: B018
        code = world.look("verification_codes")[-1]["code"]
    info = {"bank_account": CARD, "areacode": "0086", "mobile": MOBILE, "verification_code": code}
    body = {"identify_type": 4, "verified_file_url": ["face.png"], "bank_card_info": info, **changes}
    return individual(world.solution_provider, customer_id, **body)


def wrong_code(world: World) -> str:
    sent = world.look("verification_codes")[-1]["code"]
    return "000000" if sent != "000000" else "000001"


def enterprise(caller: Caller, customer_id: str, operation: str, **changes: Any) -> Answer:
    """Apply with a business licence."""
    body = {
        "customer_id": customer_id,
        "identify_type": 1,
        "certificate_type": 0,
        "verified_file_url": ["test/licence.jpg"],
        "corp_name": "Demo Trading Ltd",
        "verified_number": "91000000000000000X",
        "xaccount_type": "DEMO_IDP",
        **({"change_type": 1} if operation == CHANGE else {}),
    }
    return caller(operation, {**body, **changes})


FIRST, CHANGE = "CreateEnterpriseRealnameAuthentication", "ChangeEnterpriseRealnameAuthentication"
OPERATIONS = ["CreatePersonalRealnameAuth", FIRST, CHANGE]


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


# An application and its review


def test_a_document_is_reviewed_and_passes_a_moment_later(world: World) -> None:
    customer = newcomer(world)
    assert individual(world.solution_provider, customer)["is_review"] == 1
    assert row(world, customer)["verified_status"] == 0
    assert result(world, customer) == (0, None)
    world.advance("PT2S")
    assert result(world, customer) == (2, None)
    assert row(world, customer)["customer_type"] == 0
    assert row(world, customer)["realname"] == "Demo Person"


def test_a_customer_list_shows_who_passed(world: World) -> None:
    customer = newcomer(world)
    enterprise(world.solution_provider, customer, FIRST).ok  # noqa: B018
    world.advance("PT2S")
    listed = world.solution_provider("ListSubCustomers", {"customer_id": customer})["customer_infos"][0]
    assert (listed["verified_status"], listed["customer_type"], listed["customer"]) == ("2", 1, "Demo Trading Ltd")


def test_the_reviewer_takes_the_time_that_is_set(world: World) -> None:
    world.place("settings", realname_review_delay=3 * 24 * 3600)
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.advance("PT71H59M59S")
    assert result(world, customer) == (0, None)
    world.advance("PT1S")
    assert result(world, customer) == (2, None)


def test_a_refused_customer_reads_the_opinion_and_applies_again(world: World) -> None:
    world.place("settings", realname_review="refuse", realname_opinion="Too dark.")
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.advance("PT2S")
    assert result(world, customer) == (1, "Too dark.")
    assert row(world, customer)["verified_status"] == 1
    assert individual(world.solution_provider, customer)["is_review"] == 1
    assert result(world, customer) == (0, None)


def test_a_review_by_hand_waits_for_the_reviewer(world: World) -> None:
    world.place("settings", realname_review="review")
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.advance("P30D")
    assert result(world, customer) == (0, None)
    world.place("reviews", customer="newcomer", result="refuse", opinion="Expired passport.")
    assert result(world, customer) == (1, "Expired passport.")


def test_a_decision_by_hand_comes_before_the_planned_one(world: World) -> None:
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.place("reviews", customer="newcomer", result="refuse")
    world.advance("PT1M")
    assert result(world, customer) == (1, "The documents cannot be read.")


def test_a_reviewer_passes_without_an_opinion(world: World) -> None:
    customer = newcomer(world)
    individual(world.solution_provider, customer).ok  # noqa: B018
    world.place("reviews", customer="newcomer", result="pass", opinion="Fine.")
    assert result(world, customer) == (2, None)


@pytest.mark.parametrize(
    ("review", "complaint"),
    [
        ({"customer": "demo-customer", "result": "pass"}, "no application under review"),
        ({"customer": "nobody", "result": "pass"}, "no account 'nobody'"),
        ({"customer": "demo-customer", "result": "maybe"}, "result"),
        ({"customer": "demo-customer", "result": "refuse", "opinion": "x" * 257}, "256"),
    ],
)
def test_a_review_that_cannot_be_placed_is_explained(world: World, review: Any, complaint: str) -> None:
    answer = world.control("POST", f"sandboxes/{world.id}/state/reviews", review)
    assert answer.status == 400
    assert complaint in answer.body["error"]


def test_a_review_setting_that_does_not_exist_is_refused(world: World) -> None:
    answer = world.control("POST", f"sandboxes/{world.id}/state/settings", {"realname_review": "perhaps"})
    assert (answer.status, "'pass', 'refuse', 'review'" in answer.body["error"]) == (400, True)


def test_whoever_never_applied_has_no_review_result(world: World) -> None:
    assert result(world, newcomer(world)) == (None, None)


def test_a_customer_that_passed_elsewhere_shows_as_passed(world: World) -> None:
    assert result(world, world.customer.id) == (2, None)


def test_an_application_keeps_what_was_sent(world: World) -> None:
    customer = newcomer(world)
    enterprise(world.solution_provider, customer, FIRST, reg_country="CN", reg_address="").ok  # noqa: B018
    kept = world.look("realnames")[0]
    assert (kept["kind"], kept["name"], kept["document_number"]) == (
        "enterprise",
        "Demo Trading Ltd",
        "91000000000000000X",
    )
    assert kept["details"] == {
        "identify_type": 1,
        "certificate_type": 0,
        "verified_file_url": ["test/licence.jpg"],
        "reg_country": "CN",
        "reg_address": "",
    }


# Becoming an enterprise


def test_an_enterprise_application_makes_an_enterprise(world: World) -> None:
    customer = newcomer(world)
    assert enterprise(world.solution_provider, customer, FIRST)["is_review"] == 1
    world.advance("PT2S")
    assert result(world, customer) == (2, None)
    assert row(world, customer)["customer_type"] == 1


def test_an_individual_stays_one_until_its_change_has_passed(world: World) -> None:
    customer = applicant(world, CHANGE)
    assert enterprise(world.solution_provider, customer, CHANGE)["is_review"] == 1
    assert (row(world, customer)["verified_status"], row(world, customer)["customer_type"]) == (2, 0)
    assert result(world, customer) == (0, None)
    world.advance("PT2S")
    assert result(world, customer) == (2, None)
    assert (row(world, customer)["customer_type"], row(world, customer)["realname"]) == (1, "Demo Trading Ltd")


def test_a_refused_change_leaves_the_individual_as_it_was(world: World) -> None:
    world.place("settings", realname_review="refuse")
    customer = applicant(world, CHANGE)
    before = row(world, customer)
    enterprise(world.solution_provider, customer, CHANGE).ok  # noqa: B018
    world.advance("PT2S")
    assert result(world, customer)[0] == 1
    assert row(world, customer) == before
    assert enterprise(world.solution_provider, customer, CHANGE)["is_review"] == 1


@pytest.mark.parametrize("status", [-1, 1])
def test_a_customer_that_is_not_authenticated_has_nothing_to_change(world: World, status: int) -> None:
    answer = enterprise(world.solution_provider, newcomer(world, verified_status=status), CHANGE)
    assert answer.refused == (400, "CBC.99007004")
    assert answer.body["fail_check_items"] == []


@pytest.mark.parametrize("fields", [{"verified_status": 0}, {"verified_status": 2, "customer_type": 1}])
def test_a_change_needs_an_individual_without_review(world: World, fields: Any) -> None:
    answer = enterprise(world.solution_provider, newcomer(world, **fields), CHANGE)
    assert answer.refused == (400, "CBC.99007188")


def test_a_change_under_review_allows_no_second_one(world: World) -> None:
    customer = applicant(world, CHANGE)
    enterprise(world.solution_provider, customer, CHANGE).ok  # noqa: B018
    with world.unchanged():
        assert enterprise(world.solution_provider, customer, CHANGE).refused == (400, "CBC.99007188")


@pytest.mark.parametrize(
    ("operation", "checks"),
    [(FIRST, ["MILITARY_ENTERPRISE", "ENTERPRISE_LOGOUT_REVOKE"]), (CHANGE, ["IS_DEBT", "IS_ORG_ACCOUNT"])],
)
def test_failed_checks_are_named(world: World, operation: str, checks: list[str]) -> None:
    customer = applicant(world, operation)
    world.place("customers", name="newcomer", blocked_checks=[*checks, "ANOTHER_OPERATIONS_CHECK"])
    with world.unchanged():
        answer = enterprise(world.solution_provider, customer, operation)
    assert answer.refused == (400, "CBC.99007004")
    assert answer.body["fail_check_items"] == checks


def test_a_customer_that_owes_money_cannot_become_an_enterprise(world: World) -> None:
    world.place("expenses", customer="demo-referral", amount="100.00")
    world.place("arrears", customer="demo-referral", amount="1.00")
    answer = enterprise(world.solution_provider, world.referral_customer.id, CHANGE)
    assert answer.body["fail_check_items"] == ["IS_DEBT", "IS_CREDIT_ACCOUNT"]


# By bank card


def test_a_bank_card_passes_at_once_without_review(world: World) -> None:
    customer = newcomer(world)
    assert card(world, customer)["is_review"] == 0
    assert result(world, customer) == (2, None)
    assert (row(world, customer)["verified_status"], row(world, customer)["customer_type"]) == (2, 0)


def test_a_refused_card_leaves_the_code_for_another_try(world: World) -> None:
    customer = newcomer(world)
    world.place("settings", realname_outcomes={CARD: "CBC.99007261"})
    assert card(world, customer).refused == (400, "CBC.99007261")
    world.place("settings", realname_outcomes={})
    card(world, customer, code=world.look("verification_codes")[-1]["code"]).ok  # noqa: B018


def test_a_wrong_code_is_refused_and_after_three_more_no_code_helps(world: World) -> None:
    customer = newcomer(world)
    world.place("settings", realname_outcomes={CARD: "CBC.99007258"})
    card(world, customer)
    wrong = wrong_code(world)
    tries = [card(world, customer, code=wrong).refused for _ in range(4)]
    assert tries == [(400, "CBC.99004010")] * 3 + [(400, "CBC.99004009")]
    right = world.look("verification_codes")[-1]["code"]
    assert card(world, customer, code=right).refused == (400, "CBC.99004009")
    assert row(world, customer)["verified_status"] == -1


def test_an_old_code_is_refused_as_expired(world: World) -> None:
    customer = newcomer(world)
    world.place("settings", realname_outcomes={CARD: "CBC.99007258"})
    card(world, customer)
    world.advance("PT10M")
    code = world.look("verification_codes")[-1]["code"]
    assert card(world, customer, code=code).refused == (400, "CBC.99000027")


@pytest.mark.parametrize(
    "code",
    [
        "CBC.99007219",
        "CBC.99007255",
        "CBC.99007258",
        "CBC.99007260",
        "CBC.99007261",
        "CBC.99007262",
    ],
)
def test_the_bank_refuses_a_card(world: World, code: str) -> None:
    world.place("settings", realname_outcomes={CARD: code})
    customer = newcomer(world)
    assert card(world, customer).refused == (400, code)
    assert row(world, customer)["verified_status"] == -1


def test_a_card_needs_its_data(world: World) -> None:
    answer = individual(world.solution_provider, newcomer(world), identify_type=4, verified_file_url=["face.png"])
    assert answer.refused == (400, "CBC.0100")


def test_abroad_there_is_no_authentication_by_card(abroad: World) -> None:
    customer = newcomer(abroad)
    answer = individual(abroad.solution_provider, customer, identify_type=4, verified_file_url=["face.png"])
    assert answer.refused == (400, "CBC.0100")


# What every application must stand


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_reseller_s_customer_is_not_the_solution_provider_s(world: World, operation: str) -> None:
    answer = apply(world.solution_provider, operation, world.reseller_customer.id)
    assert answer.refused == (400, "CBC.99000035")


def test_a_distributor_applies_for_its_resellers_customers(world: World) -> None:
    customer = newcomer(world, partner="demo-reseller")
    assert individual(world.distributor, customer, xaccount_type="DIST_IDP")["is_review"] == 1
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
    files = ["a.jpg", "b.docx", "c.jpg"]
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
    world.place("settings", realname_outcomes={DOCUMENT: code, "91000000000000000X": code})
    customer = applicant(world, operation)
    with world.unchanged():
        assert apply(world.solution_provider, operation, customer).refused == (400, code)


@pytest.mark.parametrize(
    ("site", "kind", "files", "accepted"),
    [
        ("cn", 3, 3, True),
        ("cn", 3, 2, False),
        ("intl", 3, 2, True),
        ("intl", 3, 3, False),
        ("intl", 9, 3, True),
        ("cn", 10, 2, False),
    ],
)
def test_each_document_has_its_number_of_files(
    world: World, abroad: World, site: str, kind: int, files: int, accepted: bool
) -> None:
    where = world if site == "cn" else abroad
    answer = individual(
        where.solution_provider, newcomer(where), verified_type=kind, verified_file_url=["a.jpg"] * files
    )
    assert answer.refused == ((200, None) if accepted else (400, "CBC.0100"))
