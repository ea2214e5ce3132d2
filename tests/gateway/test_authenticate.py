"""Signatures and tokens: who is let in, and what the others are told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from mockserver.app import Server
from tests.driver import HOST, Answer, Caller, Headers, World
from tests.gateway.moments import NOON, after, calling_at

QUERY = "/v2/partners/sub-customers/query"
INCORRECT = "Incorrect IAM authentication information: "
BAD_SIGNATURE = f"{INCORRECT}verify aksk signature fail"
LOCKED = f"{INCORRECT}AK access failed to reach the limit,forbidden."
BAD_TOKEN = f"{INCORRECT}decrypt token fail"
PERSON = {"name": "Ada", "identify_type": 0, "verified_type": 0, "verified_number": "1", "customer_id": "x"}


def gateways_refusal(answer: Answer) -> tuple[int, str, str]:
    """Status, code and text of an answer that has the gateway's form in every respect."""
    assert answer.body.keys() == {"error_code", "error_msg", "request_id"}
    assert answer.body["request_id"] == answer.headers["x-request-id"]
    assert re.fullmatch("[0-9a-f]{32}", answer.body["request_id"])
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["server"] == "api-gateway"
    return answer.status, answer.body["error_code"], answer.body["error_msg"]


def refused_with(answer: Answer, text: str) -> bool:
    return gateways_refusal(answer) == (401, "APIGW.0301", text)


def with_secret(caller: Caller, secret: str) -> Caller:
    return replace(caller, credential={**caller.credential, "sk": secret})


def send_unsigned(world: World, headers: Headers, body: bytes = b"{}", target: str = QUERY) -> Answer:
    return world.transport("POST", target, {"Host": HOST, "Content-Type": "application/json", **headers}, body)


def signed(caller: Caller, body: bytes = b"{}", target: str = QUERY, headers: Headers | None = None) -> Headers:
    return caller.signed("POST", target, {"Content-Type": "application/json", **(headers or {})}, body)


# Signatures


def test_a_right_signature_is_let_in(world: World) -> None:
    assert world.solution_provider.send("POST", QUERY, None, b"{}").status == 200


def test_a_wrong_secret_is_refused(world: World) -> None:
    caller = with_secret(world.solution_provider, "wrong")
    assert refused_with(caller.send("POST", QUERY, None, b"{}"), BAD_SIGNATURE)


def test_a_body_changed_on_the_way_is_refused(world: World) -> None:
    headers = signed(world.solution_provider, b'{"limit": 1}')
    assert refused_with(world.transport("POST", QUERY, headers, b'{"limit": 2}'), BAD_SIGNATURE)


def test_a_query_changed_on_the_way_is_refused(world: World) -> None:
    headers = signed(world.solution_provider, target=f"{QUERY}?a=1")
    assert refused_with(world.transport("POST", f"{QUERY}?a=2", headers, b"{}"), BAD_SIGNATURE)


def test_a_header_changed_on_the_way_is_refused(world: World) -> None:
    headers = signed(world.solution_provider, headers={"X-Domain-Id": "a"})
    assert refused_with(world.transport("POST", QUERY, {**headers, "X-Domain-Id": "b"}, b"{}"), BAD_SIGNATURE)


def test_a_method_changed_on_the_way_is_refused(world: World) -> None:
    target = "/v2/customers/realname-auths/enterprise"
    headers = signed(world.solution_provider, target=target)
    assert refused_with(world.transport("PUT", target, headers, b"{}"), BAD_SIGNATURE)


def test_a_header_added_on_the_way_does_no_harm(world: World) -> None:
    headers = {**signed(world.solution_provider), "Accept": "*/*", "X-Forwarded-For": "192.0.2.1"}
    assert world.transport("POST", QUERY, headers, b"{}").status == 200


@pytest.mark.parametrize("name", ["host", "x-sdk-date"])
def test_host_and_date_must_be_signed(world: World, name: str) -> None:
    headers = signed(world.solution_provider)
    headers["Authorization"] = re.sub(rf";?{name}", "", headers["Authorization"])
    assert refused_with(world.transport("POST", QUERY, headers, b"{}"), BAD_SIGNATURE)


@pytest.mark.parametrize("date", ["20260101", "2026-03-02T12:00:00Z", "20261302T120000Z", "noon", "20260302T120000"])
def test_a_date_of_another_form_is_refused(world: World, date: str) -> None:
    caller = replace(world.solution_provider, date=date)
    assert refused_with(caller.send("POST", QUERY, None, b"{}"), BAD_SIGNATURE)


@pytest.mark.parametrize("seconds", [900, -900, 0])
def test_fifteen_minutes_off_are_let_in(world: World, server: Server, seconds: int) -> None:
    caller = calling_at(server, world.solution_provider, NOON, signed=after(seconds))
    assert caller.send("POST", QUERY, None, b"{}").status == 200


@pytest.mark.parametrize("seconds", [901, -901, 86_400])
def test_more_than_fifteen_minutes_off_are_refused(world: World, server: Server, seconds: int) -> None:
    caller = calling_at(server, world.solution_provider, NOON, signed=after(seconds))
    assert refused_with(caller.send("POST", QUERY, None, b"{}"), BAD_SIGNATURE)


def test_the_skew_is_measured_in_real_time_whatever_the_sandboxs_clock_says(world: World) -> None:
    world.advance("P1Y")
    assert world.solution_provider.send("POST", QUERY, None, b"{}").status == 200


@pytest.mark.parametrize(
    "value", ["garbage", "Bearer abc", "SDK-HMAC-SHA256", "SDK-HMAC-SHA256 Access={ak}", "Basic QQ=="]
)
def test_an_authorization_of_another_form_is_refused(world: World, value: str) -> None:
    value = value.format(ak=world.solution_provider.credential["ak"])
    assert refused_with(send_unsigned(world, {"Authorization": value}), BAD_SIGNATURE)


def test_an_unknown_access_key_is_named(world: World) -> None:
    caller = world.solution_provider
    caller = replace(caller, credential={**caller.credential, "ak": "HPUAUNKNOWN"})
    answer = caller.send("POST", QUERY, None, b"{}")
    assert refused_with(answer, f"{INCORRECT}Get secretKey failed,ak:HPUAUNKNOWN,err:ak not exist")


def test_a_call_without_credentials_is_refused(world: World) -> None:
    assert refused_with(send_unsigned(world, {}), f"{INCORRECT}x-auth-token not found")


@pytest.mark.parametrize("user", ["demo-operator", "demo-partner"])
def test_the_key_of_a_disabled_user_is_refused(world: World, user: str) -> None:
    caller = world.operator if user == "demo-operator" else world.solution_provider
    world.place("users", account="demo-partner", name=user, enabled=False)
    assert refused_with(caller.send("POST", QUERY, None, b"{}"), f"{INCORRECT}Unauthorized")


# The lock after repeated failures


def fail(world: World, times: int) -> None:
    caller = with_secret(world.solution_provider, "wrong")
    for _ in range(times):
        assert refused_with(caller.send("POST", QUERY, None, b"{}"), BAD_SIGNATURE)


def test_five_failures_do_not_lock(world: World) -> None:
    fail(world, 5)
    assert world.solution_provider.send("POST", QUERY, None, b"{}").status == 200


def test_more_than_five_failures_lock_the_key_even_for_the_right_secret(world: World) -> None:
    fail(world, 6)
    assert refused_with(world.solution_provider.send("POST", QUERY, None, b"{}"), LOCKED)


def test_the_lock_is_over_after_five_minutes_of_the_sandbox(world: World) -> None:
    fail(world, 6)
    world.advance("PT4M59S")
    assert refused_with(world.solution_provider.send("POST", QUERY, None, b"{}"), LOCKED)
    world.advance("PT1S")
    assert world.solution_provider.send("POST", QUERY, None, b"{}").status == 200


def test_calls_during_the_lock_do_not_make_it_longer(world: World) -> None:
    fail(world, 6)
    world.advance("PT4M")
    caller = with_secret(world.solution_provider, "wrong")
    assert refused_with(caller.send("POST", QUERY, None, b"{}"), LOCKED)
    world.advance("PT1M")
    fail(world, 5)
    assert world.solution_provider.send("POST", QUERY, None, b"{}").status == 200


def test_a_right_signature_starts_the_count_anew(world: World) -> None:
    for _ in range(3):
        fail(world, 5)
        assert world.solution_provider.send("POST", QUERY, None, b"{}").status == 200


def test_a_lock_is_of_one_key_only(world: World) -> None:
    fail(world, 6)
    assert world.operator.send("POST", QUERY, None, b"{}").status == 200


def test_a_reset_of_the_sandbox_lifts_the_lock(world: World) -> None:
    fail(world, 6)
    world.control("POST", f"sandboxes/{world.id}/reset")
    assert world.solution_provider.send("POST", QUERY, None, b"{}").status == 200


def test_going_back_to_a_snapshot_lifts_the_lock(world: World) -> None:
    world.control("POST", f"sandboxes/{world.id}/snapshots", {"name": "before"})
    world.advance("P1D")
    fail(world, 6)
    world.control("POST", f"sandboxes/{world.id}/snapshots/before/restore")
    assert world.solution_provider.send("POST", QUERY, None, b"{}").status == 200


# Tokens


def test_a_token_is_let_in(world: World) -> None:
    assert world.with_token("solution_provider").send("POST", QUERY, None, b"{}").status == 200


@pytest.mark.parametrize("text", ["garbage", "MII", "MIIPAgYJKoZIhvcNAQcCo", "MIIMDAwMDAwA", "é"])
def test_a_token_that_nobody_issued_is_refused(world: World, text: str) -> None:
    assert refused_with(send_unsigned(world, {"X-Auth-Token": text}), BAD_TOKEN)


def test_a_changed_token_is_refused(world: World) -> None:
    token = world.token("solution_provider")
    assert refused_with(send_unsigned(world, {"X-Auth-Token": f"{token[:-4]}AAAA"}), BAD_TOKEN)


def test_an_expired_token_is_told_when_it_expired(world: World) -> None:
    caller = world.with_token("solution_provider")
    world.advance("PT23H59M59S")
    assert caller.send("POST", QUERY, None, b"{}").status == 200
    world.advance("PT1S")
    answer = caller.send("POST", QUERY, None, b"{}")
    assert refused_with(answer, f"{INCORRECT}token expires, expires_at: 2026-03-03T02:00:00Z")


def test_a_token_leads_to_its_own_sandbox(new_world: Callable[..., World]) -> None:
    one, other = new_world(), new_world()
    other.place("customers", name="only-here", partner="demo-partner")
    counts = [each.with_token("solution_provider")("ListSubCustomers", {})["count"] for each in (one, other)]
    assert counts[1] == counts[0] + 1


def test_with_token_and_signature_the_token_says_who_calls(world: World) -> None:
    headers = {"X-Auth-Token": world.token("customer")}
    answer = world.solution_provider.send("POST", QUERY, headers, b"{}")
    assert answer.refused == (403, "CBC.0151")


def test_beside_a_good_token_a_bad_signature_is_not_looked_at(world: World) -> None:
    headers = {"X-Auth-Token": world.token("solution_provider")}
    assert with_secret(world.customer, "wrong").send("POST", QUERY, headers, b"{}").status == 200


def test_beside_a_bad_token_a_good_signature_does_not_help(world: World) -> None:
    answer = world.solution_provider.send("POST", QUERY, {"X-Auth-Token": "garbage"}, b"{}")
    assert refused_with(answer, BAD_TOKEN)


CHANGES = [{"password": "Other-1234"}, {"items": []}, {"enabled": False}]


@pytest.mark.parametrize("change", CHANGES, ids=["password", "permissions", "disabled"])
def test_a_change_of_the_user_revokes_its_tokens_with_the_code_of_the_table(
    world: World, change: dict[str, object]
) -> None:
    caller = world.with_token("operator")
    world.place("users", account="demo-partner", name="demo-operator", **change)
    assert caller("CreateSubCustomer", {}).refused == (401, "CBC.0154")


def test_where_the_table_has_no_such_code_the_gateway_refuses_a_revoked_token(world: World) -> None:
    caller = world.with_token("operator")
    world.place("users", account="demo-partner", name="demo-operator", password="Other-1234")
    assert refused_with(caller("CreatePersonalRealnameAuth", PERSON), BAD_TOKEN)


def test_after_the_change_a_new_token_is_good(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-operator", password="Other-1234")
    world.credentials["operator"]["password"] = "Other-1234"
    assert world.with_token("operator")("ListSubCustomers", {}).status == 200


def test_a_token_that_is_not_known_is_the_gateways_matter_even_where_the_table_has_a_code(world: World) -> None:
    assert refused_with(world.with_token("operator", "garbage")("CreateSubCustomer", {}), BAD_TOKEN)


# What every answer carries


def test_every_answer_carries_its_own_request_id(world: World) -> None:
    ids = [world.solution_provider("ListSubCustomers", {}).headers["x-request-id"] for _ in range(3)]
    assert len({*ids}) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)


def test_a_refusal_of_the_service_carries_the_request_id_in_its_header_only(world: World) -> None:
    answer = world.customer("ListSubCustomers", {})
    assert answer.body.keys() == {"error_code", "error_msg"}
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["x-request-id"])


def test_equal_worlds_give_equal_request_ids(new_world: Callable[..., World]) -> None:
    ids = [new_world(seed=7).customer("ListSubCustomers", {}).headers["x-request-id"] for _ in range(2)]
    assert ids[0] == ids[1]


def test_a_refused_caller_changes_nothing(world: World) -> None:
    with world.unchanged():
        fail(world, 1)
        send_unsigned(world, {"X-Auth-Token": "garbage"})
        send_unsigned(world, {})
