"""Who tells ids of what, and the calls that are documented as examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mockserver.contract.documents import Document, Json
from mockserver.contract.operation import Operation, SiteView
from mockserver.contract.registry import Contract
from mockserver.contract.things import Place

if TYPE_CHECKING:
    from contracts.phases.running import Run


def tellers(contract: Contract, view: SiteView, thing: str) -> list[tuple[Operation, Place]]:
    """The operations that tell ids of a thing: those of the same area first, reads before others."""
    found: dict[str, tuple[Operation, Place]] = {}
    for one in contract:
        if one.id != view.operation.id and one.status == "current" and view.site in one.sites:
            for told, place in contract.things.told(one.on(view.site)):
                if told == thing:
                    found.setdefault(one.id, (one, place))
    area = view.operation.area
    return sorted(found.values(), key=lambda pair: (pair[0].effect != "read", pair[0].area != area, pair[0].id))


def example_of(operation: Operation, run: Run) -> tuple[Json, Document]:
    """Body and parameters of the first documented example, with the target's own values of known fields."""
    for example in operation.document.get("x-examples", ()):
        if example.get("site", run.target.site) == run.target.site:
            known = run.target.known
            return filled(example.get("request"), known), filled(example.get("parameters", {}), known)
    return ({} if "requestBody" in operation.document else None), {}


def filled(part: Json, known: Any) -> Json:
    """A part of an example, with the target's own values of the fields that it knows."""
    if isinstance(part, list):
        return [filled(item, known) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        name: known[name] if isinstance(value, type(known.get(name, ...))) else filled(value, known)
        for name, value in part.items()
    }
