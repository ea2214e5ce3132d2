"""A fixed walk through the emulator, and a diary of all that was answered: two emulators that differ in what they do
write different diaries."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from typing import Any

from requests import Request

import contracts.phases  # noqa: F401  (registration)
from contracts.events import Part
from contracts.options import Options
from contracts.phases.running import Run
from contracts.properties.world import populate
from contracts.targets.emulator import Emulator
from contracts.targets.signing import Signed
from contracts.targets.target import TOKEN, TargetError
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract

CALLERS = (
    "solution_provider", "distributor", "reseller", "customer", "referral_customer", "operator_limited",
    "account_manager", "customer_user",
)  # fmt: skip
CHINESE = {"X-Language": "zh_CN"}


class Diary:
    """Calls an emulator, and writes down what comes back."""

    def __init__(self, target: Emulator, contract: Contract) -> None:
        self.target = target
        self.contract = contract
        self.lines: list[Any] = []
        self.run = Run(target, contract, Options(), Part("", "", "walk", "solution_provider"), {}, time.monotonic)

    def call(self, who: str, operation: str, body: Any = None, by: str = "signature", /, **parameters: Any) -> Any:
        """Call an operation and write its answer down; the body, empty where there is none."""
        one = self.contract.operations[operation]
        if self.target.site not in one.sites:
            return {}
        named = {name.replace("X_", "X-"): value for name, value in parameters.items()}
        return self.send(who, self.run.request(one, body, named), by)

    def send(self, who: str, request: Request, by: str = "signature") -> Any:
        if who:
            credential = self.target.controls.credentials[who]
            signed = Signed(credential["ak"], credential["sk"])
            request.auth = self.target.sign(who, by) if by == TOKEN else signed
        response = self.target.send(request.prepare())
        self.lines.append((response.status_code, response.headers.get("X-Request-Id"), response.content))
        try:
            return response.json() if response.ok and response.content else {}
        except ValueError:
            return {}

    def place(self, kind: str, /, **fields: Any) -> Any:
        try:
            return self.target.controls.place(kind, **fields)
        except TargetError as error:
            self.lines.append(str(error))
            return {"id": "none"}

    def wait(self, duration: str) -> None:
        """Move the time, and write the whole state down."""
        try:
            self.target.controls.advance(duration)
        except TargetError as error:
            self.lines.append(str(error))
        self.lines.append(self.target.state())

    def id(self, name: str) -> str:
        return self.target.controls.credentials[name]["domain_id"]


Walk = Callable[[Diary], None]


def written(target: Emulator, contract: Contract, walk: Walk | None, operations: tuple[str, ...]) -> list[Any]:
    """The diary of a walk in a populated world, and of asking some operations whatever can be asked."""
    diary = Diary(target, contract)
    world = populate(diary.run)
    assert world is not None
    diary.lines += [world.refused, target.state()]
    try:
        if walk is not None:
            walk(diary)
        for operation in operations:
            _ask_everything(diary, operation)
    except (KeyError, IndexError, TypeError) as error:
        diary.lines.append(repr(error))
    diary.lines.append(target.state())
    return diary.lines


def _ask_everything(diary: Diary, operation: str) -> None:
    """Call as everybody, and with each value just within and beyond each bound."""
    one = diary.contract.operations[operation]
    view = one.on(diary.target.site)
    body, parameters = _example(diary, view)
    for who in CALLERS:
        if who in diary.target.controls.credentials:
            diary.send(who, diary.run.request(one, body, parameters))
    caller = next((who for who in CALLERS if who in one.callers), "customer")
    for changed_body, changed in _variants(view, body, parameters):
        diary.send(caller, diary.run.request(one, changed_body, changed))
    diary.send(caller, diary.run.request(one, body, {**parameters, "X-Language": "en_US"}), TOKEN)


def _example(diary: Diary, view: SiteView) -> tuple[Any, dict[str, Any]]:
    site, known = diary.target.site, diary.target.known
    for example in view.operation.document.get("x-examples", ()):
        if example.get("site", site) == site:
            body, parameters = copy.deepcopy(example.get("request")), dict(example.get("parameters", {}))
            for part in (body if isinstance(body, dict) else {}, parameters):
                part.update({name: known[name] for name in part if name in known})
            return body, parameters
    return ({} if view.body_schema is not None else None), {}


def _variants(view: SiteView, body: Any, parameters: dict[str, Any]) -> Iterator[tuple[Any, dict[str, Any]]]:
    for one in view.parameters:
        for value in _values(one["schema"]):
            yield body, {**parameters, one["name"]: value}
        yield body, {name: value for name, value in parameters.items() if name != one["name"]}
    for name, schema in (view.body_schema or {}).get("properties", {}).items():
        for value in (*_values(schema), None):
            yield {**(body or {}), name: value}, parameters
        yield {key: value for key, value in (body or {}).items() if key != name}, parameters


def _values(schema: dict[str, Any]) -> Iterator[Any]:
    yield from ("", '""', "null", *schema.get("enum", ())[:9], "ASK")
    for bound, step in (("maximum", 1), ("minimum", -1)):
        if bound in schema:
            yield from (schema[bound], schema[bound] + step, str(schema[bound]))
    for length in (
        schema[bound] + step for bound in ("maxLength", "minLength") if bound in schema for step in (-1, 0, 1)
    ):
        yield "1" * min(max(length, 0), 1000)
    for count in (schema[bound] + step for bound in ("maxItems", "minItems") if bound in schema for step in (-1, 0, 1)):
        yield [f"1{number}" for number in range(min(max(count, 0), 1000))]
    if schema.get("type") == "array":
        yield []
    if schema.get("type") == "boolean":
        yield from ("True", "true", True)
    if str(schema.get("format", "")).startswith("date"):
        yield from ("2026-03-02", "2026-02-30", "2026-03-02T17:30:00Z")
