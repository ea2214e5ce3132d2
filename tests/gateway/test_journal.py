"""The journal: every answer can be explained, and no explanation gives a secret away."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from mockserver.app import Server
from mockserver.gateway.journal import LARGEST_KEPT, Journal, explain, summary
from mockserver.gateway.masking import mask, mask_canonical, mask_query
from mockserver.gateway.message import Exchange
from tests.driver import HOST, Answer, World
from tests.gateway.conftest import Own

LIST = "/v2/partners/sub-customers/query"


def exchange_of(mine: Own, answer: Answer) -> Exchange:
    found = mine.server.gateway.journal.find(answer.headers["x-request-id"], mine.world.id)
    assert found is not None
    return found


def explained(mine: Own, answer: Answer) -> dict[str, Any]:
    return explain(exchange_of(mine, answer))


def decisions(mine: Own, answer: Answer) -> dict[str, str]:
    return {one["step"]: one["decision"] for one in explained(mine, answer)["decisions"]}


@pytest.fixture
def mine(own: Callable[..., Own]) -> Own:
    return own()


# The ring


def test_the_newest_exchanges_are_kept_and_no_more(mine: Own) -> None:
    mine.server.gateway.journal = Journal(3)
    ids = [mine.world.solution_provider("Probe", {"name": "Ada"}).headers["x-request-id"] for _ in range(5)]
    assert [one.id for one in mine.server.gateway.journal.newest(10)] == ids[:1:-1]
    assert mine.server.gateway.journal.find(ids[0]) is None


def test_the_usual_journal_is_bounded() -> None:
    assert Journal().size == 1000


def test_a_huge_body_is_not_kept(mine: Own) -> None:
    answer = mine.world.solution_provider("Probe", {"name": "Ada", "filler": "x" * LARGEST_KEPT})
    assert exchange_of(mine, answer).request.body == b""
    assert "is not kept" in decisions(mine, answer)["journal"]


def test_the_newest_come_first_and_can_be_limited_and_filtered(mine: Own) -> None:
    mine.world.solution_provider("Probe", {"name": "Ada"})
    mine.world.solution_provider("ListSubCustomers", {})
    journal = mine.server.gateway.journal
    assert [one.operation.id for one in journal.newest(1) if one.operation] == ["ListSubCustomers"]
    assert [one.operation.id for one in journal.newest(9, operation="Probe") if one.operation] == ["Probe"]
    assert journal.newest(9, sandbox_id="default") == []


def test_a_reset_empties_the_journal_of_its_sandbox_only(mine: Own) -> None:
    mine.world.transport("POST", "/v2/nothing", {"Host": HOST}, b"")
    mine.world.solution_provider("Probe", {"name": "Ada"})
    mine.world.control("POST", f"sandboxes/{mine.world.id}/reset")
    assert [one.world.id for one in mine.server.gateway.journal.newest(9)] == ["default"]


def test_one_line_of_the_journal(mine: Own) -> None:
    answer = mine.world.solution_provider("Probe", {"name": "unknown", "ofset": 1})
    line = summary(exchange_of(mine, answer))
    assert line.pop("milliseconds") > 0
    assert line.pop("time").endswith("Z")
    assert line == {
        "id": answer.headers["x-request-id"],
        "sandbox": mine.world.id,
        "operation": "Probe",
        "method": "POST",
        "path": "/v2/probes",
        "status": 400,
        "error_code": "CBC.99000035",
        "unread": ["ofset"],
    }


# Explanations


def test_a_success_is_explained_step_by_step(mine: Own) -> None:
    answer = mine.world.solution_provider("Probe", {"name": "Ada"})
    told = decisions(mine, answer)
    assert list(told) == ["sandbox", "route", "authenticate", "permission", "validate"]
    assert told["route"] == "Probe (probes)"
    assert told["authenticate"] == 'solution_provider "demo-partner" (demo-partner), signature ok'
    assert told["validate"] == "name"


def test_the_way_in_is_told_for_a_token_and_for_a_user(mine: Own) -> None:
    answer = mine.world.with_token("operator")("Probe", {"name": "Ada"})
    told = decisions(mine, answer)
    assert told["authenticate"] == 'operator "demo-partner" (demo-operator), token of demo-operator'
    assert told["permission"] == "operator with every item"


def test_a_refusal_tells_its_code_and_its_reason(mine: Own) -> None:
    answer = mine.world.solution_provider("Probe", {"name": "unknown"})
    assert decisions(mine, answer)["refused"] == "CBC.99000035 nobody is called so"


def test_a_missing_item_is_named(mine: Own) -> None:
    answer = mine.world.operator_limited("Probe", {"name": "Ada"})
    assert "BPC_ITEM_SALES_990001, BPC_ITEM_SALES_990002" in decisions(mine, answer)["refused"]


def test_a_missing_action_is_named(mine: Own) -> None:
    answer = mine.world.customer_user("Probe", {"name": "Ada"})
    assert "probe:first, probe:second" in decisions(mine, answer)["refused"]


def test_a_wrong_kind_of_caller_is_told_who_may_call(mine: Own) -> None:
    answer = mine.world.distributor("Probe", {"name": "Ada"})
    refused = decisions(mine, answer)["refused"]
    assert refused == "CBC.0155 the caller is a distributor; the operation is for customer, solution_provider"


def test_an_unknown_path_is_told_with_its_site(mine: Own) -> None:
    answer = mine.world.solution_provider.send("POST", "/v2/nothing")
    assert decisions(mine, answer)["refused"] == "APIGW.0101 no operation POST /v2/nothing on site cn"


def test_unread_fields_are_those_unknown_and_those_without_effect(mine: Own) -> None:
    body = {"name": "Ada", "size": 7, "memo": "nothing reads this", "ofset": 1}
    answer = mine.world.solution_provider("Probe", body, page=2)
    assert explained(mine, answer)["unread"] == ["page", "ofset", "memo"]


def test_defaults_are_not_counted_as_unread(mine: Own) -> None:
    answer = mine.world.solution_provider("Probe", {"name": "Ada"})
    assert explained(mine, answer)["unread"] == []


def test_violations_point_into_the_schema(mine: Own) -> None:
    answer = mine.world.solution_provider("Probe", {"size": 0, "colour": "green"})
    assert explained(mine, answer)["violations"] == [
        {"field": "name", "rule": "required", "schema": "/required"},
        {"field": "size", "rule": "minimum", "schema": "/properties/size/minimum"},
        {"field": "colour", "rule": "enum", "schema": "/properties/colour/enum"},
    ]


def test_a_nullish_rule_that_refused_is_a_violation(mine: Own) -> None:
    answer = mine.world.solution_provider("Probe", {"name": None})
    assert [one["field"] for one in explained(mine, answer)["violations"]] == ["name"]


def test_changes_are_shown_with_old_and_new(mine: Own) -> None:
    mine.world.solution_provider("Probe", {"name": "Ada", "size": 1})
    answer = mine.world.solution_provider("Probe", {"name": "Ada", "size": 2})
    assert explained(mine, answer)["changes"] == [
        {"kind": "probes", "id": "Ada", "change": {"value": [{"name": "Ada", "size": 1}, {"name": "Ada", "size": 2}]}}
    ]


def test_changes_of_entities_are_shown_field_by_field(mine: Own) -> None:
    answer = mine.world.customer("CreateEnterpriseProjectAuth")
    assert explained(mine, answer)["changes"] == [
        {"kind": "customers", "id": mine.world.customer.id, "change": {"enterprise_projects": [False, True]}}
    ]


def test_a_refused_call_shows_no_changes(mine: Own) -> None:
    answer = mine.world.solution_provider("Probe", {"name": "unknown"})
    assert explained(mine, answer)["changes"] == []


def test_a_refused_signature_shows_the_canonical_request_of_the_server(mine: Own) -> None:
    caller = mine.world.solution_provider
    caller.credential["sk"] = "wrong"
    answer = caller.send("POST", f"{LIST}?b=2&a=x%20y", None, b"{}")
    lines = explained(mine, answer)["canonical_request"].split("\n")
    assert lines.pop(5).startswith("x-sdk-date:")
    assert lines == [
        "POST",
        f"{LIST}/",
        "a=x%20y&b=2",
        "content-type:application/json",
        f"host:{HOST}",
        "",
        "content-type;host;x-sdk-date",
        hashlib.sha256(b"{}").hexdigest(),
    ]


def test_a_good_signature_shows_none(mine: Own) -> None:
    answer = mine.world.solution_provider("Probe", {"name": "Ada"})
    assert explained(mine, answer)["canonical_request"] is None


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a":' * 500 + b"1" + b"}" * 500, b"[1e99999999999999999999]"]
)
def test_any_body_can_be_explained(mine: Own, body: bytes) -> None:
    answer = mine.world.solution_provider.send("POST", LIST, None, body)
    control = mine.world.control("GET", f"requests/{answer.headers['x-request-id']}?sandbox={mine.world.id}")
    assert control.body["id"] == answer.headers["x-request-id"]


# Secrets


def secrets_of(mine: Own) -> Iterator[str]:
    """Every secret that a world holds: of credentials, tokens, codes."""
    for one in mine.world.credentials.values():
        yield from (one["sk"], one["password"])
    yield from (token.text for token in mine.sandbox.tokens)
    yield from (code.code for code in mine.sandbox.verification_codes)
    yield from (key.sk for key in mine.sandbox.access_keys)


def everything_told(mine: Own) -> str:
    """The whole journal as a user may see it, in every place it is shown."""
    exchanges = mine.server.gateway.journal.newest(1000)
    told = [{**explain(one), **summary(one)} for one in exchanges]
    shown = mine.world.control("GET", "requests").content.decode()
    return json.dumps(told, default=str, ensure_ascii=False) + shown


def test_no_secret_of_a_registration_is_told(mine: Own, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = mine.world
    number = {"mobile_phone": "13912345678"}
    sent = world.solution_provider("SendVerificationMessageCode", {"receiver_type": 1, "timeout": 5, **number})
    code = world.look("verification_codes")[-1]["code"]
    body = {
        "xaccount_id": "new-1", "xaccount_type": "DEMO_IDP", "verification_code": code, "password": "Hidden-Word-77",
        **number,
    }  # fmt: skip
    refused = world.solution_provider("CreateSubCustomer", {**body, "verification_code": "wrong9"})
    made = world.solution_provider("CreateSubCustomer", body)
    listed = world.with_token("operator")("ListSubCustomers", {})
    assert [one.status for one in (sent, refused, made, listed)] == [204, 400, 200, 200]
    told = everything_told(mine) + caplog.text
    assert [one for one in {*secrets_of(mine), "Hidden-Word-77", "wrong9"} if one in told] == []


def test_no_document_number_is_told(mine: Own, caplog: pytest.LogCaptureFixture) -> None:
    numbers = {"verified_number": "X32010119900101", "bank_account": "6222020000000000001"}
    customer = mine.world.place("customers", name="not-verified", partner="demo-partner")["id"]
    person = {
        "customer_id": customer,
        "identify_type": 0,
        "verified_type": 3,
        "verified_file_url": ["a.jpg", "b.jpg", "c.jpg"],
        "name": "Ada Hidden",
        "xaccount_type": "DEMO_IDP",
        **numbers,
    }
    refused = mine.world.solution_provider("CreatePersonalRealnameAuth", {**person, "identify_type": 4})
    made = mine.world.solution_provider("CreatePersonalRealnameAuth", person)
    probed = mine.world.solution_provider("Probe", {"name": "Ada", "document": "E1234567"})
    assert [one.status for one in (refused, made, probed)] == [400, 200, 200]
    told = everything_told(mine) + caplog.text
    assert [one for one in {*numbers.values(), "E1234567"} if one in told] == []


def test_no_signature_and_no_token_is_told_of_a_refused_call(mine: Own) -> None:
    caller = mine.world.solution_provider
    headers = caller.signed("POST", LIST, {"Content-Type": "application/json", "X-Security-Token": "sts-hidden"}, b"{}")
    answer = mine.world.transport("POST", LIST, headers, b'{"changed": 1}')
    assert answer.status == 401 and explained(mine, answer)["canonical_request"] is not None
    signature = headers["Authorization"].rpartition("=")[2]
    told = everything_told(mine)
    assert signature not in told and "sts-hidden" not in told


def test_a_garbage_token_is_not_told_either(mine: Own) -> None:
    mine.world.transport("POST", LIST, {"Host": HOST, "X-Auth-Token": "MII-hidden"}, b"{}")
    assert "MII-hidden" not in everything_told(mine)


@pytest.mark.parametrize(
    "body", ['{"password": "hidden-1"', '{"password": "hidden-1"}}', '"hidden-1"\xff', "password=hidden-1"]
)
def test_a_body_that_cannot_be_read_is_not_told(mine: Own, body: str) -> None:
    mine.world.solution_provider.send("POST", LIST, None, body.encode("latin-1"))
    assert "hidden-1" not in everything_told(mine)


def test_a_secret_in_the_query_is_not_told(mine: Own) -> None:
    mine.world.solution_provider.send("POST", f"{LIST}?Password=hidden-1&a=b", None, b"{}")
    told = everything_told(mine)
    assert "hidden-1" not in told and "a=b" in told


def test_a_crash_does_not_tell_the_request(mine: Own, caplog: pytest.LogCaptureFixture) -> None:
    mine.world.solution_provider("Probe", {"name": "crash", "document": "E1234567"})
    assert "E1234567" not in everything_told(mine) + caplog.text


def test_masking_reaches_every_depth_and_ends_somewhere() -> None:
    deep: Any = "end"
    for _ in range(1000):
        deep = {"password": "hidden", "inner": [deep]}
    assert "hidden" not in str(mask(deep))


def test_masking_leaves_nothing_as_it_is() -> None:
    assert mask({"password": None, "sk": "", "name": "Ada"}) == {"password": None, "sk": "", "name": "Ada"}


def test_masked_queries_and_canonical_requests_keep_their_form() -> None:
    assert mask_query("a=1&verification_code=123456&b") == "a=1&verification_code=***&b"
    text = "GET\n/x/\nsk=1\nhost:h\nx-security-token:t\n\nhost;x-security-token\nabc"
    assert mask_canonical(text) == "GET\n/x/\nsk=***\nhost:h\nx-security-token:***\n\nhost;x-security-token\nabc"


def test_the_journal_of_the_session_is_reached_by_control_too(server: Server, world: World) -> None:
    answer = world.solution_provider("ListSubCustomers", {"ofset": 1})
    found = server.gateway.journal.find(answer.headers["x-request-id"], world.id)
    assert found is not None and summary(found)["unread"] == ["ofset"]
