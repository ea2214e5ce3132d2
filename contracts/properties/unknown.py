"""Ids of nothing, and of what somebody else has, are answered by the row that the document has for them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from contracts.properties.fields import Asked, Field, fields_of
from contracts.properties.probe import Probe, Told
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import answered, base, thing_of
from contracts.targets.target import Controls
from mockserver.contract.operation import ErrorRow, SiteView
from mockserver.contract.validation import Checker

ELSEWHERE = "contract-elsewhere"
NOBODY = "0123456789abcdef0123456789abcdef"
LENGTHS = (32, 19, 17, 36)
"""Lengths that ids have."""


@dataclass(frozen=True)
class Case:
    """A field whose id can be unknown, with the rows for that: for a whole call, for an entry of one."""

    place: Field
    thing: str
    rows: tuple[ErrorRow, ...]


def has_rows(view: SiteView) -> bool:
    return view.operation.status == "current" and any(row.unknown for row in view.errors)


@holds("unknown", applies=has_rows)
def unknown(probe: Probe) -> Iterator[Wrong]:
    """Each such field of a call that is answered otherwise, by each caller."""
    for case in _cases(probe):
        for asked in _calls(probe, case):
            for value in (*_nobody(case), *_of_others(probe, case.thing)):
                yield from _of_one(probe, case, asked, value)


def _cases(probe: Probe) -> list[Case]:
    """Things that are named in one place only: of several it would be open whose id is meant."""
    named = [(one, thing) for one in fields_of(probe.view) if (thing := thing_of(probe, probe.operation, one))]
    counts = Counter(thing for _, thing in named)
    cases = (Case(one, thing, _rows(probe.view, thing)) for one, thing in named if counts[thing] == 1)
    return [case for case in cases if case.rows]


def _rows(view: SiteView, thing: str) -> tuple[ErrorRow, ...]:
    return tuple(row for row in view.errors if row.unknown == thing)


def _calls(probe: Probe, case: Case) -> list[Asked]:
    """Of each kind of caller that may use the field, a call that is answered."""
    kinds = [kind for kind in probe.kinds if kind in case.place.schema.get("x-only-for", (kind,))]
    if probe.operation.effect != "read":
        calls = [base(probe, kind) for kind in kinds]
        return [asked for asked in calls if asked.get(case.place) is not None and probe.ask(asked).ok]
    return [asked for kind in kinds if (asked := answered(probe, kind)) is not None]


def _nobody(case: Case) -> list[str]:
    """An id that there is not, of a length that the field can have."""
    schema = case.place.schema.get("items", case.place.schema)
    checker = Checker(schema)
    return [text for length in LENGTHS if checker.accepts(text := (NOBODY * 2)[:length])][:1]


def _of_others(probe: Probe, thing: str) -> list[str]:
    """The id of an account that has nothing to do with the callers."""
    controls = probe.run.target.controls
    if controls is None or thing not in ("customer", "partner"):
        return []
    kind = f"{ELSEWHERE}-{'customer' if thing == 'customer' else 'reseller'}"
    if kind not in controls.credentials:
        _place_others(controls)
        probe.answers.clear()
    return [controls.credentials[kind]["domain_id"]]


def _place_others(controls: Controls) -> None:
    controls.place("partners", name=ELSEWHERE, kind="distributor")
    reseller = f"{ELSEWHERE}-reseller"
    controls.place("partners", name=reseller, kind="reseller", distributor=ELSEWHERE, credential=reseller)
    customer = f"{ELSEWHERE}-customer"
    controls.place("customers", name=customer, partner=reseller, credential=customer)


def _of_one(probe: Probe, case: Case, asked: Asked, value: str) -> Iterator[Wrong]:
    many = case.place.schema.get("type") == "array"
    told = probe.ask(asked.put(case.place, [value] if many else value))
    if told.answer is None:
        probe.nothing("the request is not let out")
        return
    probe.saw()
    if not any(_is_told(told, row) for row in case.rows):
        yield Wrong(f"an unknown id is not answered as documented: {case.place.name}", told)


def _is_told(told: Told, row: ErrorRow) -> bool:
    """Whether the whole call is refused with the row, or the list of failures has it."""
    if row.inside is None:
        return told.row == (row.status, row.code)
    failures = told.body.get(row.inside) if isinstance(told.body, dict) else None
    return told.ok and any(one.get("error_code") == row.code for one in failures or ())
