"""A customer's contact, a mobile number in China and an e-mail address abroad, and the codes sent to it."""

from __future__ import annotations

from tests.driver import Answer, Caller, World

MOBILE, EMAIL = "13900000001", "new@example.com"
CONTACTS = {"cn": MOBILE, "intl": EMAIL}
OTHERS = {"cn": "13900000002", "intl": "other@example.com"}


def contact(site: str, receiver: str = "") -> dict[str, str]:
    """The contact in the field in which its site takes it."""
    return {"mobile_phone" if site == "cn" else "email": receiver or CONTACTS[site]}


def send_code(caller: Caller, receiver: str = "", /, **fields: object) -> Answer:
    """Have a code sent in the way of the caller's site, with `fields` besides or instead."""
    body = {"receiver_type": 1 if caller.site == "cn" else 2, **contact(caller.site, receiver)}
    return caller("SendVerificationMessageCode", {**body, **fields})


def code_for(world: World, receiver: str = "", /, **fields: object) -> str:
    """Have a code sent, and read it as its receiver does."""
    send_code(world.solution_provider, receiver, **fields).ok  # noqa: B018
    return str(world.look("verification_codes")[-1]["code"])


def other_than(code: str) -> str:
    return "000000" if code != "000000" else "000001"
