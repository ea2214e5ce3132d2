"""The language of answers: X-Language changes names and nothing else, and has its documented default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from contracts.properties.fields import HEADER, Field, fields_of
from contracts.properties.lists import has_list
from contracts.properties.probe import Probe, Told
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import example, scenes
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView

HAN = re.compile(r"[\u4e00-\u9fff]")


def header_of(probe: Probe) -> Field:
    return next(one for one in fields_of(probe.view) if one.where == HEADER and one.name.lower() == "x-language")


def has_names(view: SiteView) -> bool:
    """Whether something in the answer is documented to be in the language that is asked for."""
    return view.knows_language and view.operation.effect == "read" and _any_translated(view.response_schema)


def _any_translated(schema: Any) -> bool:
    if isinstance(schema, list):
        return any(map(_any_translated, schema))
    return isinstance(schema, dict) and ("x-translated" in schema or any(map(_any_translated, schema.values())))


@holds("language", applies=has_names)
def language(probe: Probe) -> Iterator[Wrong]:
    """Each call at hand, in each language."""
    header = header_of(probe)
    chinese, english = _spelled(header.schema, "zh"), _spelled(header.schema, "en")
    different = 0
    for told in _calls(probe):
        plain = told.asked.drop(header)
        absent, zh, en = (probe.ask(one) for one in (plain, *(plain.put(header, one) for one in (chinese, english))))
        if not (absent.ok and zh.ok and en.ok):
            yield Wrong("a language is refused", zh if absent.ok and not zh.ok else en)
            continue
        differences = list(_differences(zh.body, en.body, probe.view.response_schema or {}, ""))
        different += len(differences)
        yield from (Wrong(one, en) for one in differences if one)
        yield from _of_default(probe, header, absent, zh, en)
    probe.saw() if different else probe.nothing("no name differs between the languages")


def _calls(probe: Probe) -> list[Told]:
    """What is answered. A filter by a name would select other rows in another language, so lists go without."""
    first = [] if has_list(probe.view) else [probe.ask(example(probe, kind)) for kind in probe.kinds]
    return [one for one in (*scenes(probe), *first) if one.ok]


def _spelled(schema: Document, tongue: str) -> str:
    """The documented spelling of a language."""
    values = [*schema.get("enum", ()), *schema.get("x-meanings", ())]
    return str(next(one for one in values if one.startswith(tongue)))


def _of_default(probe: Probe, header: Field, absent: Told, zh: Told, en: Told) -> Iterator[Wrong]:
    if zh.said == en.said:
        return
    probe.saw()
    default = str(header.schema.get("default", "zh"))
    if absent.said != (en if default.startswith("en") else zh).said:
        yield Wrong(f"without X-Language the answer is not in {default}", absent)


def _differences(zh: Any, en: Any, schema: Document, name: str) -> Iterator[str]:
    """One complaint for each field that differs and should not; an empty one for a name that differs as it should."""
    if isinstance(zh, dict) and isinstance(en, dict):
        if zh.keys() != en.keys():
            yield f"the language changes which fields are answered: {name or 'the body'}"
        for field in zh.keys() & en.keys():
            part = schema.get("properties", {}).get(field, {})
            yield from _differences(zh[field], en[field], part, f"{name}.{field}".lstrip("."))
    elif isinstance(zh, list) and isinstance(en, list) and len(zh) == len(en):
        for first, second in zip(zh, en, strict=True):
            yield from _differences(first, second, schema.get("items", {}), name)
    elif zh != en:
        yield _of_name(zh, en, schema, name)


def _of_name(zh: Any, en: Any, schema: Document, name: str) -> str:
    if schema.get("x-paging") == "next_marker":
        return ""
    if "x-translated" not in schema:
        return f"the language changes more than names: {name}"
    return f"the languages are exchanged: {name}" if HAN.search(str(en)) and not HAN.search(str(zh)) else ""
