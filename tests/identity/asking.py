"""What a client sends to IAM, and the forms of its refusals."""

from __future__ import annotations

from typing import Any

from mockserver.contract.writing import json_bytes
from tests.driver import HOST, Answer, World

TOKENS, DOMAINS = "/v3/auth/tokens", "/v3/auth/domains"
Body = dict[str, Any]


def iam(world: World, method: str, target: str, body: Any = None, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    content = b"" if body is None else json_bytes(body)
    return world.transport(
        method, target, {"Host": HOST, "Content-Type": "application/json;charset=utf8", **sent}, content
    )


def login(world: World, name: str = "solution_provider", /, **changes: Any) -> Body:
    """The body that asks for a token of a credential's user."""
    one = world.credentials[name]
    domain = {"name": one["domain_name"]}
    user = {"name": one["user_name"], "password": one["password"], "domain": domain, **changes}
    return {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"domain": domain}}}


def scoped(body: Body, scope: Any) -> Body:
    return {"auth": {**body["auth"], "scope": scope}}


def role_of(world: World, name: str = "customer", /, **changes: Any) -> Body:
    """The body that takes on a customer's identity by the agency of its partner."""
    one = world.credentials[name]
    role = {"domain_name": one["domain_name"], "agency_name": one["xaccount_type"], **changes}
    return {"auth": {"identity": {"methods": ["assume_role"], "assume_role": role}}}


def assume(world: World, body: Body, partner: str = "solution_provider") -> Answer:
    return iam(world, "POST", TOKENS, body, X_Auth_Token=world.token(partner))


def refused_with(answer: Answer, status: int, message: str, title: str) -> bool:
    assert answer.headers["content-type"] == "application/json"
    assert answer.body == {"error": {"code": status, "message": message, "title": title}}
    return answer.status == status


def is_invalid(answer: Answer) -> bool:
    return refused_with(answer, 400, "The request body is invalid", "Bad Request")


def is_wrong_login(answer: Answer) -> bool:
    return refused_with(answer, 401, "The username or password is wrong.", "Unauthorized")


def is_bad_token(answer: Answer) -> bool:
    return refused_with(answer, 401, "The X-Auth-Token is invalid!", "Unauthorized")


def has_no_right(answer: Answer) -> bool:
    return refused_with(answer, 403, "You have no right to do this action", "Forbidden")
