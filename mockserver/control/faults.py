"""Faults placed on purpose: which calls of a sandbox are refused, with which documented code."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from mockserver.control.api import ControlCall, ControlError, control
from mockserver.domain.forms import FormError, read_form
from mockserver.gateway.faults import Fault

MOST = 1000
"""Faults of one sandbox."""


class FaultForm(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The next `times` calls of `operation` answer `code`; without `times` all of them."""

    operation: str
    code: str
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None


@control("GET", "/_mock/sandboxes/<sandbox>/faults")
def list_faults(call: ControlCall) -> Any:
    """The faults in force, with how often each has hit."""
    with call.sandbox.lock:
        return {"faults": [_shown(fault) for fault in call.sandbox.faults]}


@control("PUT", "/_mock/sandboxes/<sandbox>/faults")
def put_faults(call: ControlCall) -> Any:
    """Put a list of `{operation, code, times}` in the place of all faults. Where several name one operation, they take
    their turns in the order of the list."""
    sandbox = call.sandbox
    if not isinstance(call.body, list) or len(call.body) > MOST:
        raise ControlError(400, f"the body must be a JSON list of at most {MOST} faults")
    faults = [_read(call, number, item) for number, item in enumerate(call.body, 1)]
    with sandbox.lock, sandbox.transaction():
        _clear(call)
        for number, fault in enumerate(faults):
            sandbox.faults.put(f"{number:04d}", fault)
        return {"faults": [_shown(fault) for fault in sandbox.faults]}


@control("DELETE", "/_mock/sandboxes/<sandbox>/faults")
def remove_faults(call: ControlCall) -> Any:
    """No more faults."""
    with call.sandbox.lock, call.sandbox.transaction():
        _clear(call)


def _read(call: ControlCall, number: int, item: Any) -> Fault:
    try:
        form = read_form(item, FaultForm)
        _check(call, form)
    except FormError as error:
        raise FormError(f"fault {number}: {error}") from None
    return Fault(form.operation, form.code, form.times)


def _check(call: ControlCall, form: FaultForm) -> None:
    """Refuse what could never hit: an operation this sandbox does not serve, a code the operation does not document."""
    operation = call.gateway.contract.operations.get(form.operation)
    site = call.sandbox.site
    if operation is None:
        raise FormError(f"no operation {form.operation!r}")
    if site not in operation.sites:
        raise FormError(f"{operation.id} does not exist on site {site}")
    if operation.status == "removed" and not call.gateway.options.removed:
        raise FormError(f"{operation.id} is removed; start the server with --removed to have it")
    view = operation.on(site)
    if view.row(form.code) is None:
        codes = sorted({row.code for row in view.errors if row.inside is None})
        raise FormError(f"{operation.id} documents no {form.code!r} on site {site}; accepted: {', '.join(codes)}")


def _clear(call: ControlCall) -> None:
    for key in list(call.sandbox.faults.keys()):
        call.sandbox.faults.remove(key)


def _shown(fault: Fault) -> dict[str, Any]:
    return {"operation": fault.operation, "code": fault.code, "times": fault.times, "hits": fault.hits}
