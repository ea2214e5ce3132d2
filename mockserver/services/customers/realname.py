"""Real-name authentication that a partner applies for, on behalf of its customers."""

from __future__ import annotations

from mockserver.domain.call import Answer, Call
from mockserver.domain.entities import IN_REVIEW, UNVERIFIED, VERIFIED, Customer
from mockserver.domain.ledger import CREDIT
from mockserver.services.acting import calling_partner, customer_under
from mockserver.services.customers.realname_review import (
    CHANGE,
    ENTERPRISE,
    INDIVIDUAL,
    applications_of,
    decide,
    file_application,
    pending_application,
    send_to_review,
)
from mockserver.services.customers.verification import BANK_CARD as BANK_CARD_SCENE
from mockserver.services.customers.verification import check_code
from mockserver.services.registry import serves

BANK_CARD = 4
NO_REVIEW, MANUAL_REVIEW = 0, 1
PERSON_DETAILS = ("identify_type", "verified_file_url", "change_type")
ORGANISATION_DETAILS = (*PERSON_DETAILS, "certificate_type", "reg_country", "reg_address", "enterprise_person")
"""Fields that an application keeps as they were sent."""

FILE_TYPES = (".jpg", ".jpeg", ".bmp", ".png", ".gif", ".pdf")
LARGEST_FILE = 10 * 1024 * 1024


@serves("CreatePersonalRealnameAuth")
def authenticate_individual(call: Call) -> Answer:
    """Apply for a customer's authentication as an individual.

    A document goes to the reviewer. A bank card is compared online, so that the customer has passed when the call
    succeeds. Source: api-bpconsole/mc_00017.
    """
    customer = _applicant(call)
    _check_first_application(call, customer)
    _check_application(call, customer)
    _check_document_shared(call, customer)
    by_card = call.body["identify_type"] == BANK_CARD
    if by_card:
        _check_card(call)
    details = _given(call, PERSON_DETAILS if by_card else (*PERSON_DETAILS, "verified_type"))
    name, number = call.body["name"], call.body["verified_number"]
    application = file_application(call.sandbox, customer, INDIVIDUAL, name, number, **details)
    if by_card:
        decide(call.sandbox, application, passed=True)
        return {"is_review": NO_REVIEW}
    send_to_review(call.sandbox, application)
    return {"is_review": MANUAL_REVIEW}


@serves("CreateEnterpriseRealnameAuthentication")
def authenticate_enterprise(call: Call) -> Answer:
    """Apply for a customer's authentication as an enterprise. Source: api-bpconsole/mc_00018."""
    customer = _applicant(call)
    _check_first_application(call, customer)
    return _apply_as_enterprise(call, customer, ENTERPRISE)


@serves("ChangeEnterpriseRealnameAuthentication")
def change_to_enterprise(call: Call) -> Answer:
    """Apply to make an authenticated individual an enterprise; no other change exists.

    Until the reviewer passes it the customer stays an individual. Source: api-bpconsole/mc_00019.
    """
    customer = _applicant(call)
    _check_changeable(call, customer)
    return _apply_as_enterprise(call, customer, CHANGE)


@serves("ShowRealnameAuthenticationReviewResult")
def show_review_result(call: Call) -> Answer:
    """How the customer's latest application stands. Source: api-bpconsole/mc_00020."""
    customer = customer_under(call, call.parameters["customer_id"])
    applications = applications_of(call.sandbox, customer)
    if applications:
        return {"review_result": applications[-1].status, "opinion": applications[-1].opinion}
    status = customer.verified_status
    return {"review_result": None if status == UNVERIFIED else status, "opinion": None}


def _apply_as_enterprise(call: Call, customer: Customer, kind: str) -> Answer:
    _check_business(call, customer)
    _check_application(call, customer)
    name, number = call.body["corp_name"], call.body["verified_number"]
    details = _given(call, ORGANISATION_DETAILS)
    application = file_application(call.sandbox, customer, kind, name, number, **details)
    send_to_review(call.sandbox, application)
    return {"is_review": MANUAL_REVIEW}


def _given(call: Call, names: tuple[str, ...]) -> dict[str, object]:
    return {name: call.body[name] for name in names if name in call.body}


def _applicant(call: Call) -> Customer:
    """The customer that the partner applies for, under its own platform identifier or the customer's."""
    customer = customer_under(call, call.body["customer_id"])
    sent = call.body["xaccount_type"]
    if sent not in (calling_partner(call).xaccount_type, customer.xaccount_type):
        raise call.refused("CBC.0100", f"xaccount_type {sent} is not the partner's")
    return customer


def _check_first_application(call: Call, customer: Customer) -> None:
    """Applying is open to customers that are neither authenticated nor under review."""
    if customer.verified_status in (IN_REVIEW, VERIFIED):
        raise call.refused("CBC.99007188", f"verified_status of {customer.name} is {customer.verified_status}")


def _check_changeable(call: Call, customer: Customer) -> None:
    """A change is open to authenticated individuals without one under review."""
    if customer.verified_status == IN_REVIEW or pending_application(call.sandbox, customer):
        raise call.refused("CBC.99007188", f"{customer.name} is under review")
    if customer.verified_status != VERIFIED:
        raise call.refused("CBC.99007004", f"{customer.name} is not authenticated", fail_check_items=[])
    if customer.customer_type != 0:
        raise call.refused("CBC.99007188", f"{customer.name} is an enterprise already")


def _check_business(call: Call, customer: Customer) -> None:
    """Refuse a customer that fails any of the checks that the operation's document names. All of them are reported."""
    checks = call.view.document["x-error-body"]["properties"]["fail_check_items"]["items"]["x-meanings"]
    failing = set(customer.blocked_checks)
    if call.sandbox.ledger.arrears(customer.id) > 0:
        failing.add("IS_DEBT")
    if call.sandbox.ledger.book(customer.id, CREDIT).used > 0:
        failing.add("IS_CREDIT_ACCOUNT")
    failed = [check for check in checks if check in failing]
    if failed:
        raise call.refused("CBC.99007004", f"{customer.name} fails {', '.join(failed)}", fail_check_items=failed)


def _check_application(call: Call, customer: Customer) -> None:
    """What every application must stand: the partner's bucket, the files in it, how often, and the data itself."""
    if not (calling_partner(call).realname_upload and call.sandbox.setting("bucket_readable")):
        raise call.refused("CBC.99005030")
    _check_files(call)
    allowed = call.sandbox.setting("realname_applications")
    if len(applications_of(call.sandbox, customer)) >= allowed:
        raise call.refused("CBC.99007191", f"{customer.name} has applied {allowed} times")
    _check_outcome(call, call.body["verified_number"])


def _check_files(call: Call) -> None:
    """The ending of a name tells the type of a file, the setting attachments its size in bytes."""
    sizes = call.sandbox.setting("attachments")
    for path in call.body["verified_file_url"]:
        if not path.lower().endswith(FILE_TYPES):
            raise call.refused("CBC.99000100", f"{path} is none of {', '.join(FILE_TYPES)}")
        if sizes.get(path, 0) > LARGEST_FILE:
            raise call.refused("CBC.99000099", f"{path} has {sizes[path]} bytes")


def _check_document_shared(call: Call, customer: Customer) -> None:
    number, allowed = call.body["verified_number"], call.sandbox.setting("customers_per_document")
    passed = (one for one in call.sandbox.realnames if one.status == VERIFIED and one.document_number == number)
    if len({one.customer_id for one in passed} - {customer.id}) >= allowed:
        raise call.refused("CBC.99007189", f"{allowed} customers are authenticated with this document number")


def _check_card(call: Call) -> None:
    """The code sent to the number that the bank knows, then what the bank says of the card."""
    card = call.body["bank_card_info"]
    check_code(
        call,
        card["mobile"],
        BANK_CARD_SCENE,
        card["verification_code"],
        expired="CBC.99000027",
        wrong="CBC.99004010",
        too_many="CBC.99004009",
    )
    _check_outcome(call, card["bank_account"])


def _check_outcome(call: Call, number: str) -> None:
    """Refuse as the vendor's and the bank's checks of this document or card would, by setting realname_outcomes."""
    code = call.sandbox.setting("realname_outcomes").get(number)
    if code:
        raise call.refused(code, "the setting realname_outcomes names this document or card number")
