"""Real-name authentication that a customer looks after itself: by face, with a QR code (China site)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mockserver.domain.call import Answer, Call
from mockserver.domain.entities import UNVERIFIED, VERIFIED, Customer, QrCode, RealName
from mockserver.domain.sandbox import Sandbox
from mockserver.services.acting import calling_customer
from mockserver.services.customers.realname_review import (
    CUSTOMER_TYPES,
    INDIVIDUAL,
    applications_of,
    file_application,
    send_to_review,
)
from mockserver.services.registry import serves

LIFE = timedelta(minutes=10)
ADDRESS = (
    "https://auth.huaweicloud.com/authui/thirdLogin?idp=CHNIDP"
    "&service=https%3a%2f%2fauth.huaweicloud.com%2fauthui%2frealname%3fticket%3d"
)


@serves("ShowRealNameAuthQrCode")
def fetch_qr_code(call: Call) -> Answer:
    """A new code for the main account: good for one scan, within 10 minutes. Source: api-oce/mac_00005."""
    ticket = call.sandbox.ids.hex32("qr_code")[:16]
    call.sandbox.qr_codes.put(ticket, QrCode(ticket, calling_customer(call).id, call.now + LIFE))
    return {"qr_code_url": ADDRESS + ticket}


@serves("ShowRealNameAuthStatus")
def show_own_status(call: Call) -> Answer:
    """Whether the caller is authenticated, and as what. Source: api-oce/mac_00006."""
    customer = calling_customer(call)
    return {"verified_status": customer.verified_status, "verified_type": _verified_type(call.sandbox, customer)}


def scan(sandbox: Sandbox, code: QrCode, verdict: str | None) -> RealName:
    """What the scan of a code starts: an application by face, which the reviewer decides."""
    sandbox.qr_codes.put(code.ticket, replace(code, scanned=True))
    customer = sandbox.customers[code.customer_id]
    application = file_application(sandbox, customer, INDIVIDUAL, customer.realname or customer.name, "")
    send_to_review(sandbox, application, verdict)
    return application


def _verified_type(sandbox: Sandbox, customer: Customer) -> int | None:
    """The kind that the customer has passed as or, before that, has applied for; None where there is neither."""
    if customer.verified_status == UNVERIFIED:
        return None
    applications = applications_of(sandbox, customer)
    if customer.verified_status != VERIFIED and applications:
        return CUSTOMER_TYPES[applications[-1].kind]
    return customer.customer_type if customer.customer_type >= 0 else None
