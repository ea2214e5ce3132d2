"""Valid requests of an operation, and every way to break one rule of its document."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import jsonschema

from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView

Path = tuple[str | int, ...]
Wrong = Iterator[tuple[str, Any]]
"""What is wrong, and a value that is wrong so."""

STRANGERS = ("!", "stranger", "0", "12345678", "2026-13-45", "2026-02-30", "2026-02-30T00:00:00Z", " ", "x y", "000000")
WORDS = (
    "word",
    "1",
    "2026-01",
    "2026-01-01",
    "2026-01-01T00:00:00Z",
    "13800000000",
    "a@b.cn",
    "Word-1234",
    "1.00",
    "CN",
)
OTHER_TYPES: dict[str, Any] = {
    "text": "x!", "number": 7, "fraction": Decimal("1.5"), "boolean": True, "list": ["x"], "object": {"x": "y"},
}  # fmt: skip
KINDS: dict[str, list[Any]] = {"null": [None], "empty_string": [""], "empty": [[], {}]}
TEXT_KINDS = {"empty": "", "empty_string": '""', "null": "null"}


@dataclass(frozen=True)
class Sent:
    """What goes out: parameters by name, and the body."""

    parameters: dict[str, Any]
    body: Any


@dataclass(frozen=True)
class Mistake:
    """A request with one broken rule, the field that a refusal has to name, and the field's own code if it has one."""

    name: str
    field: str
    sent: Sent
    code: str | None


def valid_request(view: SiteView) -> Sent:
    """The operation's first example, completed from the schemas where it has none of this site."""
    examples = [one for one in view.document.get("x-examples", ()) if "request" in one or "parameters" in one]
    examples.sort(key=lambda one: one.get("site", view.site) != view.site)
    first = examples[0] if examples else {}
    known = {one["name"] for one in view.parameters}
    parameters = {name: value for name, value in first.get("parameters", {}).items() if name in known}
    for one in view.parameters:
        if one.get("required"):
            parameters.setdefault(one["name"], sample(one["schema"]))
    body = None
    if view.body_schema is not None:
        body = completed(view.body_schema, first.get("request", {}))
    return Sent(parameters, body)


def completed(schema: Document, value: Any) -> Any:
    """`value` without fields that the schema lacks, with those that it requires, or that require each other."""
    if not isinstance(value, dict):
        return value
    fields = schema.get("properties", {})
    kept = {name: completed(fields[name], item) for name, item in value.items() if name in fields}
    needed = [*schema.get("required", ()), *schema.get("dependentRequired", ())]
    return {**{name: sample(fields[name]) for name in needed}, **kept}


def sample(schema: Document) -> Any:
    """A plain value that fits."""
    for known in ("examples", "enum"):
        if schema.get(known):
            return schema[known][0]
    kind = _type(schema)
    if kind == "object":
        return completed(schema, {})
    if kind == "array":
        return [sample(schema["items"])] * max(1, schema.get("minItems", 1))
    if kind == "boolean":
        return True
    if kind in ("integer", "number"):
        return schema.get("minimum", 1 + schema.get("exclusiveMinimum", 0))
    words = (schema.get("default"), *schema.get("x-meanings", ()), *WORDS)
    return next(word for word in words if word and _fits(word, schema))


def mistakes(view: SiteView) -> Iterator[Mistake]:
    """Every required field left out, every field of another type, beyond each bound, not in its list, and said to be
    nothing where that is refused."""
    base = valid_request(view)
    for one in view.parameters:
        for what, value in _wrong_parameter(one):
            parameters = {**base.parameters, one["name"]: value}
            yield Mistake(
                f"{one['name']} {what}", one["name"], Sent(parameters, base.body), one["schema"].get("x-code")
            )
    if view.body_schema is not None:
        for path, what, body, code in _wrong_bodies(view.body_schema, base.body, (), None, view.body_schema):
            field = ".".join(map(str, path))
            yield Mistake(f"{field} {what}", field, Sent(base.parameters, body), code)


def _wrong_parameter(parameter: Document) -> Wrong:
    """Values as text; None leaves the parameter out. An empty path variable would be another path."""
    schema, required = parameter["schema"], parameter.get("required", False)
    if parameter["in"] != "path":
        if required:
            yield "missing", None
        rules = {"empty": "refuse" if required else "absent", **schema.get("x-nullish", {})}
        for kind, text in TEXT_KINDS.items():
            if rules.get(kind) == "refuse" or (rules.get(kind) == "absent" and required):
                yield f"said to be {kind}", text
    if _type(schema) == "array":
        if "maxItems" in schema:
            yield "too many", [sample(schema["items"])] * (schema["maxItems"] + 1)
        return
    if _type(schema) in ("integer", "number", "boolean"):
        yield "of another type", "x!"
    # A blank is not kept at the ends of a header.
    yield from ((what, value) for what, value in _beyond(schema) if parameter["in"] != "header" or value.strip())


def _wrong_bodies(
    schema: Document, body: Any, path: Path, code: str | None, root: Document
) -> Iterator[tuple[Path, str, Any, str | None]]:
    """Path, what is wrong, the body, and the code for every field below `path`."""
    for name, part in schema.get("properties", {}).items():
        here, own = (*path, name), part.get("x-code", code)
        required = name in schema.get("required", ())
        if required:
            yield here, "missing", changed(body, here, root, remove=True), own
        for what, value in _wrong_values(part, required):
            yield here, what, changed(body, here, root, value), own
        if _type(part) == "object":
            yield from _wrong_bodies(part, body, here, own, root)
        if _type(part) == "array":
            item, first = part["items"], (*here, 0)
            for what, value in _wrong_values(item, required=False, nullish=False):
                yield first, what, changed(body, first, root, value), item.get("x-code", own)
            yield from _wrong_bodies(item, body, first, item.get("x-code", own), root)


def _wrong_values(schema: Document, required: bool, nullish: bool = True) -> Wrong:
    for kind, value in OTHER_TYPES.items():
        if not _fits(value, {"type": schema["type"]}):
            yield f"a {kind}", value
    yield from _beyond(schema)
    if nullish:
        rules = {"null": "refuse" if required else "absent", **schema.get("x-nullish", {})}
        for kind, values in KINDS.items():
            if rules.get(kind) == "refuse" or (rules.get(kind) == "absent" and required):
                yield from ((f"said to be {kind}", value) for value in values)


def _beyond(schema: Document) -> Wrong:
    """Values of the right type beyond each bound, and outside the list. What counts as absent is none of them."""
    for what, value in _candidates(schema):
        if value in ("", []) or _fits(value, schema):
            continue
        yield what, value


def _candidates(schema: Document) -> Wrong:
    kind = _type(schema)
    if kind == "string":
        yield from _texts(schema)
    elif kind in ("integer", "number"):
        yield from _numbers(schema)
    elif kind == "array":
        if "maxItems" in schema:
            yield "too many", [sample(schema["items"])] * (schema["maxItems"] + 1)
        if schema.get("minItems", 0) > 1:
            yield "too few", [sample(schema["items"])] * (schema["minItems"] - 1)


def _texts(schema: Document) -> Wrong:
    if "maxLength" in schema:
        fitting = sample(schema)
        yield "too long", (fitting or "x") * (schema["maxLength"] // max(len(fitting), 1) + 1)
    if schema.get("minLength", 0) > 1:
        yield "too short", sample(schema)[: schema["minLength"] - 1]
    if "enum" in schema:
        yield "not in the list", next(one for one in STRANGERS if one not in schema["enum"])
    for rule in ("pattern", "format"):
        if rule in schema:
            yield from ((f"breaking its {rule}", one) for one in STRANGERS if not _fits(one, {rule: schema[rule]}))


def _numbers(schema: Document) -> Wrong:
    if "minimum" in schema:
        yield "too small", schema["minimum"] - 1
    if "maximum" in schema:
        yield "too large", schema["maximum"] + 1
    if "exclusiveMinimum" in schema:
        yield "too small", schema["exclusiveMinimum"]
    if "exclusiveMaximum" in schema:
        yield "too large", schema["exclusiveMaximum"]
    if "multipleOf" in schema:
        yield "too fine", Decimal("1.001")
    if "enum" in schema:
        yield "not in the list", 1 + max(one for one in schema["enum"] if isinstance(one, int))


def changed(body: Any, path: Path, schema: Document, value: Any = None, *, remove: bool = False) -> Any:
    """A copy of `body` with `value` at `path`, or nothing there; what lies on the way is made if it is missing."""
    result = holder = copy.deepcopy(body)
    for step, deeper in itertools.pairwise(path):
        schema = schema["items"] if isinstance(step, int) else schema["properties"][step]
        if isinstance(step, str) and not holder.get(step):
            holder[step] = sample(schema)
        elif isinstance(step, int) and not holder:
            holder.append(sample(schema))
        holder = holder[step]
        assert isinstance(holder, list if isinstance(deeper, int) else dict)
    if remove:
        holder.pop(path[-1], None)
    elif isinstance(holder, list) and not holder:
        holder.append(value)
    else:
        holder[path[-1]] = value
    return result


def _type(schema: Document) -> str:
    kind = schema.get("type", "")
    return next((one for one in kind if one != "null"), "") if isinstance(kind, list) else kind


def _fits(value: Any, schema: Document) -> bool:
    """A second opinion on a value: not that of the library that the emulator validates with."""
    plain = float(value) if isinstance(value, Decimal) else value
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    return validator.is_valid(plain)
