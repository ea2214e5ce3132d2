"""Sandboxes and their clocks: make, look at, reset, save, restore, remove, move in time."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from mockserver.control.api import ControlCall, ControlError, control
from mockserver.domain.clock import instant_text, later, parse_instant
from mockserver.domain.sandbox import Sandbox
from mockserver.gateway.message import Response

_LARGEST_SEED = 2**63


@control("GET", "/_mock/sandboxes")
def list_sandboxes(call: ControlCall) -> Any:
    """Every sandbox, without credentials."""
    return {"sandboxes": [_shown(sandbox) for sandbox in call.gateway.universe]}


@control("POST", "/_mock/sandboxes")
def create_sandbox(call: ControlCall) -> Any:
    """A new sandbox from `{fixture, seed, site, clock}`; answers its id and its credentials."""
    wanted = call.object("fixture", "seed", "site", "clock")
    for name in ("fixture", "site", "clock"):
        if not isinstance(wanted.get(name, ""), str):
            raise ControlError(400, f"{name} must be a string")
    seed = wanted.get("seed", 0)
    if not isinstance(seed, int) or isinstance(seed, bool) or abs(seed) > _LARGEST_SEED:
        raise ControlError(400, "seed must be a whole number between -2**63 and 2**63")
    sandbox = call.gateway.universe.create(wall=call.request.received_at, **{**wanted, "seed": seed})
    return Response.json(201, {**_shown(sandbox), "credentials": sandbox.credentials()})


@control("GET", "/_mock/sandboxes/<sandbox>")
def show_sandbox(call: ControlCall) -> Any:
    """One sandbox with its credentials."""
    sandbox = call.sandbox
    return {**_shown(sandbox), "snapshots": sandbox.snapshot_names, "credentials": sandbox.credentials()}


@control("DELETE", "/_mock/sandboxes/<sandbox>")
def remove_sandbox(call: ControlCall) -> Any:
    """Remove a sandbox; the default one stays."""
    sandbox = call.sandbox
    call.gateway.universe.remove(sandbox.id)
    call.gateway.journal.clear(sandbox.id)


@control("POST", "/_mock/sandboxes/<sandbox>/reset")
def reset_sandbox(call: ControlCall) -> Any:
    """Back to the fixture's start; the sandbox's journal is emptied."""
    sandbox = call.sandbox
    with sandbox.lock:
        sandbox.reset()
    call.gateway.journal.clear(sandbox.id)
    return _shown(sandbox)


@control("GET", "/_mock/sandboxes/<sandbox>/digest")
def show_digest(call: ControlCall) -> Any:
    """A hash of everything that the sandbox holds: equal as long as nothing changes."""
    sandbox = call.sandbox
    with sandbox.lock:
        sandbox.tick(call.request.received_at)
        return {"digest": sha256(repr(sandbox.state.dump()).encode()).hexdigest()}


@control("GET", "/_mock/sandboxes/<sandbox>/snapshots")
def list_snapshots(call: ControlCall) -> Any:
    """The names of the saved states."""
    return {"snapshots": call.sandbox.snapshot_names}


@control("POST", "/_mock/sandboxes/<sandbox>/snapshots")
def save_snapshot(call: ControlCall) -> Any:
    """Save the present state under `{name}`."""
    name = call.object("name").get("name")
    if not isinstance(name, str) or not name or "/" in name:
        raise ControlError(400, "name must be a string without /")
    with call.sandbox.lock:
        call.sandbox.snapshot(name)
    return Response.json(201, {"name": name})


@control("POST", "/_mock/sandboxes/<sandbox>/snapshots/<name>/restore")
def restore_snapshot(call: ControlCall) -> Any:
    """Back to a saved state, its time included."""
    sandbox, name = call.sandbox, call.path["name"]
    if name not in sandbox.snapshot_names:
        raise ControlError(404, f"no snapshot {name!r} in sandbox {sandbox.id}")
    with sandbox.lock:
        sandbox.restore(name)
    return _shown(sandbox)


@control("GET", "/_mock/sandboxes/<sandbox>/clock")
def show_clock(call: ControlCall) -> Any:
    """The sandbox's time and mode."""
    with call.sandbox.lock:
        call.sandbox.tick(call.request.received_at)
        return _clock(call.sandbox)


@control("PUT", "/_mock/sandboxes/<sandbox>/clock")
def move_clock(call: ControlCall) -> Any:
    """`{now}`, `{advance}` or `{mode}`: go to an instant, go forward by a duration, freeze or follow real time.

    Whatever falls due on the way happens, in order. Never backwards.
    """
    wish = call.object("now", "advance", "mode")
    if len(wish) != 1 or not all(isinstance(value, str) for value in wish.values()):
        raise ControlError(400, "give exactly one of now, advance and mode, as a string")
    sandbox = call.sandbox
    with sandbox.lock:
        sandbox.tick(call.request.received_at)
        ran = 0
        if "mode" in wish:
            sandbox.clock.set_mode(wish["mode"])
        elif "now" in wish:
            ran = sandbox.move_to(parse_instant(wish["now"]))
        else:
            ran = sandbox.move_to(later(sandbox.now, wish["advance"]))
        return {**_clock(sandbox), "events": ran}


def _clock(sandbox: Sandbox) -> dict[str, Any]:
    return {"now": instant_text(sandbox.now), "mode": sandbox.clock.mode}


def _shown(sandbox: Sandbox) -> dict[str, Any]:
    return {
        "id": sandbox.id,
        "fixture": sandbox.fixture,
        "seed": sandbox.seed,
        "site": sandbox.site,
        "clock": _clock(sandbox),
    }
