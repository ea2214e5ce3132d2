"""What people do about real names: the reviewer who decides an application, the customer who scans a QR code."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from mockserver.control.state import places
from mockserver.domain.entities import IN_REVIEW, VERIFIED, Customer, QrCode
from mockserver.domain.forms import FormError, customer_named, read_form
from mockserver.domain.sandbox import Sandbox
from mockserver.services.customers.realname_customer import ADDRESS, scan
from mockserver.services.customers.realname_review import decide, pending_application


class ReviewForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A decision; the opinion is for a refusal, and the setting realname_opinion without it."""

    customer: str
    result: Literal["pass", "refuse"]
    opinion: Annotated[str, msgspec.Meta(max_length=256)] | None = None


class ScanForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A scan of the customer's newest code, or of that in `qr_code_url`, and what the review finds: the setting
    realname_review says so without `result`."""

    customer: str
    result: Literal["pass", "refuse", "review"] | None = None
    qr_code_url: str | None = None


@places("reviews")
def place_review(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    """Decide the customer's application that is under review."""
    form = read_form(body, ReviewForm)
    application = pending_application(sandbox, customer_named(sandbox, form.customer))
    if application is None:
        raise FormError(f"customer {form.customer!r} has no application under review")
    return decide(sandbox, application, form.result == "pass", form.opinion or sandbox.setting("realname_opinion"))


@places("scans")
def place_scan(sandbox: Sandbox, body: dict[str, Any]) -> Any:
    """Let the customer scan a QR code with its phone."""
    form = read_form(body, ScanForm)
    customer = customer_named(sandbox, form.customer)
    code = _fetched_code(sandbox, customer, form.qr_code_url)
    if code.scanned:
        raise FormError("the QR code is void: it was scanned before")
    if code.expires_at <= sandbox.now:
        raise FormError("the QR code is void: it was fetched 10 minutes ago or earlier")
    if customer.verified_status in (IN_REVIEW, VERIFIED):
        raise FormError(f"customer {form.customer!r} is authenticated or under review")
    return scan(sandbox, code, form.result)


def _fetched_code(sandbox: Sandbox, customer: Customer, url: str | None) -> QrCode:
    codes = [
        one for one in sandbox.qr_codes if one.customer_id == customer.id and url in (None, f"{ADDRESS}{one.ticket}")
    ]
    if not codes:
        raise FormError(f"customer {customer.name!r} has fetched no such QR code")
    return codes[-1]
