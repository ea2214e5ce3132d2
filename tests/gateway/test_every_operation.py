"""What every operation with a service must show, generated from its document, on each of its sites."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from mockserver.app import Server
from mockserver.contract.documents import SITES
from mockserver.contract.operation import ErrorRow, SiteView
from mockserver.contract.registry import Contract
from mockserver.domain.entities import PARTNER_KINDS
from mockserver.domain.sandbox import Sandbox
from mockserver.gateway.message import Options
from mockserver.services import SERVICES
from tests.conftest import START
from tests.driver import Answer, Caller, World, reaching
from tests.gateway.conftest import OVERLAY
from tests.mistakes import Mistake, Sent, mistakes, valid_request

KINDS = (*PARTNER_KINDS, "customer")


def served(*callers: str) -> pytest.MarkDecorator:
    """Parametrize by every operation with a service that one of `callers` may call, and by its sites."""
    found = [
        pytest.param(operation.id, site, id=f"{operation.id}-{site}")
        for operation in Contract()
        if operation.id in SERVICES and operation.callers & {*callers}
        for site in operation.sites
    ]
    return pytest.mark.parametrize(("operation_id", "site"), found)


every_operation = served(*KINDS)


class Site:
    """A world of one site in which only refused calls are made, and a view of what it holds."""

    def __init__(self, server: Server, world: World) -> None:
        self.server = server
        self.world = world
        for kind in KINDS:
            world.place("users", account=world.caller(kind).name, name="clerk", credential=f"{kind}_clerk")

    def view(self, operation_id: str) -> SiteView:
        return self.server.contract.operations[operation_id].on(self.site)

    @property
    def site(self) -> str:
        return self.sandbox.site

    @property
    def sandbox(self) -> Sandbox:
        found = self.server.universe.get(self.world.id)
        assert found is not None
        return found

    def clerk(self, kind: str, items: frozenset[str] = frozenset(), actions: frozenset[str] = frozenset()) -> Caller:
        """An operator of a partner, or a user of a customer, who has these permissions and no others."""
        permissions = {"actions": sorted(actions)} if kind == "customer" else {"items": sorted(items)}
        self.world.place("users", account=self.world.caller(kind).name, name="clerk", **permissions)
        return self.world.caller(f"{kind}_clerk")

    def decisions(self, answer: Answer) -> list[str]:
        """The steps that a call came through, from the journal."""
        exchange = self.server.gateway.journal.find(answer.headers["x-request-id"], self.world.id)
        assert exchange is not None
        return [step for step, _ in exchange.decisions]

    @contextmanager
    def untouched(self) -> Iterator[None]:
        """Whatever happens inside must leave every row of every table as it is."""
        before = self.sandbox.state.dump()
        yield
        assert self.sandbox.state.dump() == before


@pytest.fixture(scope="module")
def sites(pytestconfig: pytest.Config) -> Iterator[dict[tuple[str, bool], Site]]:
    """A world of each site, on a server of what is documented now and on one that serves removed operations."""
    made = {}
    with ExitStack() as stack:
        for removed in (False, True):
            server = Server(options=Options(strict=True, removed=removed))
            transport = stack.enter_context(reaching(server, pytestconfig.getoption("--transport")))
            for site in SITES:
                world = World(transport, server.contract, clock=START, seed=1, site=site)
                made[site, removed] = Site(server, world)
        yield made


@pytest.fixture
def here(sites: dict[tuple[str, bool], Site], contract: Contract, operation_id: str, site: str) -> Site:
    return sites[site, contract.operations[operation_id].status == "removed"]


def send(caller: Caller, operation_id: str, sent: Sent) -> Answer:
    parameters = {name.replace("-", "_"): value for name, value in sent.parameters.items()}
    return caller(operation_id, sent.body, **parameters)


def row(view: SiteView, cause: str) -> tuple[int, str]:
    found = view.row_for(cause)
    assert found is not None
    return found.status, found.code


def permitted(view: SiteView) -> list[str]:
    return [kind for kind in KINDS if kind in view.operation.callers]


@every_operation
def test_a_kind_of_account_that_the_document_does_not_name_is_refused(here: Site, operation_id: str) -> None:
    view = here.view(operation_id)
    with here.untouched():
        for kind in set(KINDS) - view.operation.callers:
            answer = send(here.world.caller(kind), operation_id, valid_request(view))
            assert answer.refused == row(view, "caller"), kind


@served(*PARTNER_KINDS)
def test_an_operator_needs_any_one_of_the_items(here: Site, operation_id: str) -> None:
    view = here.view(operation_id)
    for kind in set(permitted(view)) - {"customer"}:
        operator = here.clerk(kind)
        if not view.operation.permission_items:
            assert "permission" in here.decisions(send(operator, operation_id, broken(view)))
            continue
        with here.untouched():
            assert send(operator, operation_id, valid_request(view)).refused == row(view, "permission"), kind
        for item in view.operation.permission_items:
            operator = here.clerk(kind, items=frozenset({item}))
            assert "permission" in here.decisions(send(operator, operation_id, broken(view))), item


@served("customer")
def test_a_user_of_a_customer_needs_all_of_the_actions(here: Site, operation_id: str) -> None:
    view = here.view(operation_id)
    actions = view.operation.iam_actions
    if view.row_for("user"):
        user = here.clerk("customer")
        with here.untouched():
            assert send(user, operation_id, valid_request(view)).refused == row(view, "user")
        return
    for missing in actions:
        user = here.clerk("customer", actions=actions - {missing})
        with here.untouched():
            assert send(user, operation_id, valid_request(view)).refused == row(view, "permission"), missing
    user = here.clerk("customer", actions=actions)
    assert "permission" in here.decisions(send(user, operation_id, broken(view)))


def broken(view: SiteView) -> Sent:
    """A request that goes no further than validation, if anything can be wrong with it."""
    return next((one.sent for one in mistakes(view)), valid_request(view))


@every_operation
def test_every_mistake_in_a_request_is_refused_with_its_code(here: Site, operation_id: str) -> None:
    view = here.view(operation_id)
    caller = here.world.caller(permitted(view)[0])
    with here.untouched():
        wrong = [text for one in mistakes(view) if (text := misjudged(view, one, send(caller, operation_id, one.sent)))]
    assert not wrong, "\n".join(wrong)


def test_no_kind_of_mistake_is_forgotten() -> None:
    view = Contract([OVERLAY]).operations["Probe"].on("cn")
    assert [one.name for one in mistakes(view) if one.field in ("name", "size", "colour")] == [
        "name missing",
        "name a number",
        "name a fraction",
        "name a boolean",
        "name a list",
        "name a object",
        "name too long",
        "name said to be null",
        "size a text",
        "size a fraction",
        "size a boolean",
        "size a list",
        "size a object",
        "size too small",
        "size too large",
        "colour a number",
        "colour a fraction",
        "colour a boolean",
        "colour a list",
        "colour a object",
        "colour not in the list",
    ]


def misjudged(view: SiteView, mistake: Mistake, answer: Answer) -> str:
    """How an answer differs from what the document says of a mistake; empty if it does not."""
    own = view.row(mistake.code) if mistake.code else None
    expected: ErrorRow | None = own or view.row_for("parameter")
    assert expected is not None
    named = own is not None or f": {mistake.field}" in answer.body.get("error_msg", "")
    if answer.refused == (expected.status, expected.code) and named:
        return ""
    return f"{mistake.name}: {expected.status} {expected.code} expected, {answer.status} {answer.content[:200]!r}"


@every_operation
def test_a_fault_answers_the_documented_status_and_changes_nothing(here: Site, operation_id: str) -> None:
    view = here.view(operation_id)
    caller, faults = here.world.caller(permitted(view)[0]), f"sandboxes/{here.world.id}/faults"
    for status, code in causeless(view):
        placed = here.world.control("PUT", faults, [{"operation": operation_id, "code": code, "times": 1}])
        assert placed.status == 200
        before = state_without_faults(here)
        assert send(caller, operation_id, valid_request(view)).refused == (status, code)
        assert state_without_faults(here) == before
    here.world.control("DELETE", faults)


def causeless(view: SiteView) -> list[tuple[int, str]]:
    """Rows that no call can bring about: the unexpected, and a bad parameter where there is none."""
    causes = ["internal"] if any(mistakes(view)) else ["internal", "parameter"]
    return [row(view, cause) for cause in causes]


def state_without_faults(here: Site) -> dict[str, Any]:
    return {name: rows for name, rows in here.sandbox.state.dump().items() if name != "faults"}


@every_operation
def test_a_token_that_was_revoked_gets_the_documented_code_or_the_gateways(here: Site, operation_id: str) -> None:
    view = here.view(operation_id)
    kind = permitted(view)[0]
    here.clerk(kind)
    holder = here.world.with_token(f"{kind}_clerk")
    here.clerk(kind)
    with here.untouched():
        answer = send(holder, operation_id, valid_request(view))
    documented = view.row_for("token")
    assert answer.refused == ((documented.status, documented.code) if documented else (401, "APIGW.0301"))
