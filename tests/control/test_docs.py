"""The reference page's files and words, and the tokens it asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mockserver.app import Server
from mockserver.contract.documents import exists_on
from mockserver.contract.registry import Contract
from mockserver.control.reference import described
from mockserver.gateway.message import Request
from tests.driver import Answer, Transport, World, in_process

Get = Callable[..., Answer]
NOWHERE = "10.1.2.3"
"""An address that is not this machine."""


@pytest.fixture
def get(transport: Transport) -> Get:
    def send(path: str, **headers: str) -> Answer:
        return transport("GET", path, {name.replace("_", "-"): value for name, value in headers.items()}, b"")

    return send


@pytest.fixture
def shown(get: Get) -> Callable[[str], dict[str, dict[str, Any]]]:
    """The operations that the page of a site shows, by id."""

    def read(site: str) -> dict[str, dict[str, Any]]:
        paths = get(f"/docs/openapi.json?site={site}").ok["paths"]
        return {one["operationId"]: one for methods in paths.values() for one in methods.values()}

    return read


def text_of(get: Get, path: str) -> str:
    answer = get(path)
    assert answer.status == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/docs?site=cn", "text/html; charset=utf-8"),
        ("/docs/openapi.json?site=intl", "application/json"),
        ("/docs/reference.js", "text/javascript; charset=utf-8"),
        ("/docs/reference.css", "text/css; charset=utf-8"),
        ("/docs/swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("/docs/swagger-ui.css", "text/css; charset=utf-8"),
    ],
)
def test_every_file_says_what_it_is_and_forbids_other_origins(get: Get, path: str, kind: str) -> None:
    answer = get(path)
    headers = answer.headers
    assert answer.status == 200
    assert headers["content-type"] == kind
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert "http" not in headers["content-security-policy"]


def test_a_file_that_the_browser_has_is_not_sent_again(get: Get) -> None:
    first = get("/docs/swagger-ui.css")
    again = get("/docs/swagger-ui.css", If_None_Match=first.headers["etag"])
    assert (again.status, again.content) == (304, b"")
    assert get("/docs/swagger-ui.css", If_None_Match='"another"').status == 200


def test_the_page_without_a_site_leads_to_the_default_sandboxs_site(get: Get) -> None:
    answer = get("/docs")
    assert (answer.status, answer.headers["location"]) == (302, "/docs?site=cn")


def test_an_unknown_site_is_refused_in_one_sentence(get: Get) -> None:
    for path in ("/docs?site=mars", "/docs/openapi.json?site=mars"):
        assert get(path).status == 400
        assert get(path).body == {"error": "site='mars' is not accepted; accepted: cn, intl"}


@pytest.mark.parametrize("name", ["other.js", "VERSION", "..%2Fapp.py", "swagger-ui/swagger-ui.css"])
def test_nothing_but_the_pages_files_is_served(get: Get, name: str) -> None:
    assert get(f"/docs/{name}").status == 404


def test_kept_files_name_no_source_map(get: Get) -> None:
    for name in ("swagger-ui-bundle.js", "swagger-ui.css"):
        assert "sourceMappingURL" not in text_of(get, f"/docs/{name}")


@pytest.mark.parametrize("site", ["cn", "intl"])
def test_the_page_shows_every_operation_of_a_site(
    shown: Callable[[str], dict[str, Any]], contract: Contract, site: str
) -> None:
    assert set(shown(site)) == {operation.id for operation in contract if site in operation.sites}


@pytest.mark.parametrize("site", ["cn", "intl"])
def test_nothing_known_of_an_operation_is_left_out(contract: Contract, site: str) -> None:
    for operation in contract:
        text, document = described(operation, site), operation.document
        for row in document["x-errors"]:
            assert (f"`{row['code']}` | {row['when'][:10]}" in text) or not exists_on(row, site)
        for name in (*operation.callers, *operation.permission_items, *operation.iam_actions):
            assert f"`{name}`" in text
        for line in (*document["x-notes"], *document["x-assumptions"], *document["x-evidence"]):
            assert line.replace("<", "&lt;") in text or "`" in line
        assert f"{operation.rate_limit['calls']} calls per" in text
        assert document["x-title-zh"] in text


def test_no_fact_stays_behind_in_a_field_that_the_page_does_not_show(get: Get) -> None:
    assert '"x-' not in text_of(get, "/docs/openapi.json?site=cn").replace('"x-cn"', "")


def test_a_field_tells_what_its_values_and_their_absence_mean(shown: Callable[[str], dict[str, Any]]) -> None:
    schema = shown("intl")["ListSubCustomers"]["requestBody"]["content"]["application/json"]["schema"]
    told = schema["properties"]["association_type"]["description"]
    assert "- `1` referral: the customer pays itself\n- `3` reseller model" in told
    assert 'Left out: no filter.\n\nCounts as left out: `""`.' in told


def test_an_optional_parameter_starts_empty_and_names_its_example(shown: Callable[[str], dict[str, Any]]) -> None:
    first = shown("cn")["ListPartnerBalances"]["parameters"][0]
    assert "examples" not in first
    assert "For example `" in first["description"]


def test_the_first_example_of_a_body_has_the_mandatory_fields_only(shown: Callable[[str], dict[str, Any]]) -> None:
    body = shown("cn")["UpdateCustomerAccountAmount"]["requestBody"]["content"]["application/json"]
    assert list(next(iter(body["examples"].values()))["value"]) == ["customer_id", "amount"]


def test_a_token_calls_as_the_principal_it_was_asked_for(world: World, transport: Transport) -> None:
    answer = world.control("POST", f"sandboxes/{world.id}/tokens", {"credential": "solution_provider"})
    headers = {"X-Auth-Token": answer.ok["token"], "Content-Type": "application/json"}
    found = transport("POST", "/v2/partners/sub-customers/query", headers, b"{}").ok
    assert "demo-customer" in {one["account_name"] for one in found["customer_infos"]}
    assert answer["expires_at"] == "2026-03-03T02:00:00Z"


def test_a_token_for_an_unknown_credential_is_refused(world: World) -> None:
    for body in ({"credential": "nobody"}, {"credential": 1}, {}):
        answer = world.control("POST", f"sandboxes/{world.id}/tokens", body)
        assert answer.status == 400
        assert "accepted: solution_provider, " in answer.body["error"]


def test_a_disabled_login_gets_no_token(world: World) -> None:
    world.place("users", account="demo-partner", name="demo-operator", enabled=False)
    answer = world.control("POST", f"sandboxes/{world.id}/tokens", {"credential": "operator"})
    assert (answer.status, answer.body["error"]) == (400, "the login of credential 'operator' is disabled")


def test_from_elsewhere_the_page_can_be_read_but_no_token_is_given(server: Server, get: Get) -> None:
    def ask(method: str, path: str, body: bytes = b"") -> int:
        now = server.universe.default.now
        return server.handle(Request(method, path, "site=cn", {}, body, now, NOWHERE)).status

    assert ask("GET", "/docs") == 200
    assert ask("POST", "/_mock/sandboxes/default/tokens", b'{"credential": "customer"}') == 403


def test_with_a_control_token_the_page_opens_without_it() -> None:
    guarded = in_process(Server(control_token="secret"))
    assert guarded("GET", "/docs?site=cn", {}, b"").status == 200
    assert guarded("POST", "/_mock/sandboxes/default/tokens", {}, b'{"credential": "customer"}').status == 401
