"""What becomes of an application for real-name authentication: filed, reviewed, decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mockserver.domain.entities import IN_REVIEW, REFUSED, VERIFIED, Customer, RealName
from mockserver.domain.sandbox import Sandbox
from mockserver.domain.timeline import Event, on_due

INDIVIDUAL, ENTERPRISE, CHANGE = "individual", "enterprise", "change"
"""Kinds of application; a change turns an authenticated individual into an enterprise."""

CUSTOMER_TYPES = {INDIVIDUAL: 0, ENTERPRISE: 1, CHANGE: 1}
"""`customer_type` of a customer that passed."""


def file_application(
    sandbox: Sandbox, customer: Customer, kind: str, name: str, document_number: str, **details: object
) -> RealName:
    """Put an application under review. A change leaves the customer an authenticated individual meanwhile."""
    number = sandbox.ids.serial("realname", sandbox.now)
    if kind != CHANGE:
        sandbox.customers.put(customer.id, replace(customer, verified_status=IN_REVIEW))
    application = RealName(number, customer.id, kind, name, document_number, sandbox.now, details=details)
    return sandbox.realnames.put(number, application)


def send_to_review(sandbox: Sandbox, application: RealName, verdict: str | None = None) -> None:
    """Let the reviewer `pass` or `refuse` it in a while, or with `review` wait for the control API.

    Without a verdict the setting realname_review gives it.
    """
    verdict = verdict or sandbox.setting("realname_review")
    if verdict != "review":
        due = sandbox.now + timedelta(seconds=sandbox.setting("realname_review_delay"))
        sandbox.timeline.plan(due, "realname_review", application=application.id, passed=verdict == "pass")


@on_due("realname_review")
def reviewer_decides(sandbox: Sandbox, event: Event) -> None:
    application = sandbox.realnames[event.data["application"]]
    if application.status == IN_REVIEW:
        decide(sandbox, application, event.data["passed"], sandbox.setting("realname_opinion"))


def decide(sandbox: Sandbox, application: RealName, passed: bool, opinion: str | None = None) -> RealName:
    """Pass or refuse an application. Only a refusal has an opinion. Source: api-bpconsole/mc_00020."""
    customer = sandbox.customers[application.customer_id]
    if passed:
        kind = CUSTOMER_TYPES[application.kind]
        customer = replace(customer, verified_status=VERIFIED, customer_type=kind, realname=application.name)
    elif application.kind != CHANGE:
        customer = replace(customer, verified_status=REFUSED)
    sandbox.customers.put(customer.id, customer)
    status = VERIFIED if passed else REFUSED
    decided = replace(application, status=status, opinion=None if passed else opinion)
    return sandbox.realnames.put(application.id, decided)


def applications_of(sandbox: Sandbox, customer: Customer) -> list[RealName]:
    """Everything the customer applied for, oldest first."""
    return [one for one in sandbox.realnames if one.customer_id == customer.id]


def pending_application(sandbox: Sandbox, customer: Customer) -> RealName | None:
    """The customer's application under review, if there is one."""
    pending = (one for one in applications_of(sandbox, customer) if one.status == IN_REVIEW)
    return next(pending, None)
