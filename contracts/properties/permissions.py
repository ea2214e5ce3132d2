"""Permissions: the documented callers are let in, others are refused as documented; so are logins without rights.

Logins of operators and IAM users are placed where the target can be controlled; elsewhere only the kinds of principals
at hand are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from contracts.checks import Row
from contracts.properties.fields import Asked
from contracts.properties.probe import Probe, Told
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import base, example, scenes
from contracts.requests_read import inside
from contracts.targets.target import KINDS

LOGIN = "contract-login"


@holds("permissions")
def permissions(probe: Probe) -> Iterator[Wrong]:
    """Every kind of principal, then logins with and without what the document asks for."""
    yield from _of_kinds(probe)
    if probe.run.target.controls is None:
        probe.nothing("no logins can be placed")
        return
    for kind in probe.kinds:
        yield from _of_users(probe, kind)
    if "customer" in probe.kinds:
        yield from _of_shown(probe)


def _of_kinds(probe: Probe) -> Iterator[Wrong]:
    refusal = _row(probe, "caller")
    for kind in probe.run.target.kinds:
        if kind in KINDS and kind not in probe.operation.callers:
            told = probe.ask(base(probe, kind))
            probe.saw(told.answer is not None)
            if told.answer is not None and told.row != refusal:
                yield Wrong(f"a caller that may not is not refused as documented: {kind}", told)
    for kind in probe.kinds:
        yield from _let_in(probe, kind, _calls(probe, kind), refusal, f"a documented caller is refused: {kind}")


def _row(probe: Probe, cause: str) -> Row:
    row = probe.view.row_for(cause)
    assert row is not None, "the section-wide rows cover callers and permissions"
    return row.status, row.code


def _calls(probe: Probe, kind: str) -> list[Asked]:
    """The example, and what the kind is known to be answered."""
    if probe.operation.effect != "read":
        return [base(probe, kind)]
    return [example(probe, kind), *(told.asked for told in scenes(probe) if told.asked.kind == kind)]


def _let_in(probe: Probe, caller: str, calls: Sequence[Asked], refusal: Row, complaint: str) -> Iterator[Wrong]:
    """A caller passes if any call does: a refusal of one may be about what it names."""
    told: Told | None = None
    for asked in calls:
        told = probe.ask(replace(asked, kind=caller))
        if told.answer is None or told.row != refusal:
            break
    if told is None or told.answer is None:
        probe.nothing("the request is not let out")
        return
    probe.saw()
    if told.row == refusal:
        yield Wrong(complaint, told)


def _of_users(probe: Probe, kind: str) -> Iterator[Wrong]:
    """A login with nothing, and with each least set of rights that suffices."""
    rights = "actions" if kind == "customer" else "items"
    documented = sorted(probe.operation.iam_actions if kind == "customer" else probe.operation.permission_items)
    enough = [documented] if kind == "customer" else [[one] for one in documented]
    lacking = [[one for one in documented if one != left] for left in documented] if kind == "customer" else [[]]
    refusal, calls = _row(probe, "permission"), _calls(probe, kind)
    if (main := probe.view.row_for("user")) is not None:
        told = probe.ask(replace(calls[-1], kind=_login(probe, kind, rights, documented)))
        probe.saw()
        if told.answer is not None and told.row != (main.status, main.code):
            yield Wrong("a login that is not the main one is not refused as documented", told)
        return
    for granted in enough if documented else [[]]:
        complaint = f"a login that has its rights is refused: {kind} with {', '.join(granted) or 'nothing'}"
        yield from _let_in(probe, _login(probe, kind, rights, granted), calls, refusal, complaint)
    for granted in lacking if documented else []:
        told = probe.ask(replace(calls[-1], kind=_login(probe, kind, rights, granted)))
        probe.saw()
        if told.answer is not None and told.row != refusal:
            yield Wrong(f"a login without a right is not refused as documented: {kind} lacks {documented}", told)


def _of_shown(probe: Probe) -> Iterator[Wrong]:
    """What only some of a customer's users are shown: the others are answered without it."""
    told = probe.operation.document.get("x-shown-actions")
    if told is None:
        return
    places = [tuple(one.split(".")) for one in told["fields"]]
    shown = [one for one in scenes(probe) if one.asked.kind == "customer" and _any_at(one, places)]
    if not shown:
        probe.nothing("there is nothing that some users are not shown")
        return
    needed = sorted(probe.operation.iam_actions)
    for granted in ([*needed, one] for one in told["actions"]):
        again = probe.ask(replace(shown[0].asked, kind=_login(probe, "customer", "actions", granted)))
        probe.saw()
        if again.said != shown[0].said:
            yield Wrong(f"a user is not shown what he may see: {', '.join(granted)}", again)
    hidden = probe.ask(replace(shown[0].asked, kind=_login(probe, "customer", "actions", needed)))
    probe.saw()
    if not hidden.ok or _any_at(hidden, places):
        yield Wrong(f"a user is shown what he may not see: {', '.join(needed) or 'nothing'}", hidden)


def _any_at(told: Told, places: Sequence[tuple[str, ...]]) -> bool:
    return any(bool(value) for place in places for value in inside(told.body, place))


def _login(probe: Probe, kind: str, rights: str, granted: Sequence[str]) -> str:
    """The credential of a login of that account that has just these rights."""
    controls = probe.run.target.controls
    assert controls is not None
    fields: dict[str, Any] = {rights: list(granted)}
    probe.logins += 1
    name = f"{LOGIN}-{probe.logins}"
    controls.place("users", account=controls.credentials[kind]["domain_name"], name=name, credential=name, **fields)
    probe.answers.clear()
    return name
