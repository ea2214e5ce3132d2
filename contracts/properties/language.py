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
    for told in _calls(probe):
        plain = told.asked.drop(header)
        absent, zh, en = (probe.ask(one) for one in (plain, *(plain.put(header, one) for one in (chinese, english))))
        if not (absent.ok and zh.ok and en.ok):
            yield Wrong("a language is refused", next(one for one in (absent, zh, en) if not one.ok))
            continue
        yield from (Wrong(one, en) for one in _differences(zh.body, en.body, probe.view.response_schema or {}, ""))
        yield from _of_names(probe, zh, en)
        yield from _of_default(probe, header, absent, zh, en)
    if not probe.seen:
        probe.nothing("no answer has a name")


def _calls(probe: Probe) -> list[Told]:
    """What is answered. A filter by a name would select other rows in another language, so lists go without."""
    first = [] if has_list(probe.view) else [probe.ask(example(probe, kind)) for kind in probe.kinds]
    return [one for one in (*scenes(probe), *first) if one.ok]


def _spelled(schema: Document, tongue: str) -> str:
    """The documented spelling of a language."""
    values = [*schema.get("enum", ()), *schema.get("x-meanings", ())]
    return str(next(one for one in values if one.startswith(tongue)))


def _of_names(probe: Probe, zh: Told, en: Told) -> Iterator[Wrong]:
    """Names are Chinese in Chinese answers, and not in English ones."""
    schema = probe.view.response_schema or {}
    chinese, english = (dict(_names(told.body, schema, "")) for told in (zh, en))
    probe.saw(len(chinese))
    for path in sorted({path for path, _ in chinese}):
        if not any(HAN.search(text) for (one, text) in chinese if one == path):
            yield Wrong(f"a Chinese answer has no Chinese names: {path}", zh)
    for path in sorted({path for path, text in english if HAN.search(text)}):
        yield Wrong(f"an English answer has Chinese names: {path}", en)


def _names(value: Any, schema: Document, path: str) -> Iterator[tuple[tuple[str, str], None]]:
    """Every text that is documented to be in the language asked for, once, with its path."""
    if isinstance(value, list):
        for item in value:
            yield from _names(item, schema.get("items", {}), path)
    elif isinstance(value, dict):
        for field, part in schema.get("properties", {}).items():
            yield from _names(value.get(field), part, f"{path}.{field}".lstrip("."))
    elif "x-translated" in schema and value:
        yield (path, str(value)), None


def _of_default(probe: Probe, header: Field, absent: Told, zh: Told, en: Told) -> Iterator[Wrong]:
    if zh.said == en.said:
        return
    probe.saw()
    default = str(header.schema.get("default", "zh"))
    if absent.said != (en if default.startswith("en") else zh).said:
        yield Wrong(f"without X-Language the answer is not in {default}", absent)


def _differences(zh: Any, en: Any, schema: Document, name: str) -> Iterator[str]:
    """What differs between two languages and should not."""
    if isinstance(zh, dict) and isinstance(en, dict):
        if zh.keys() != en.keys():
            yield f"the language changes which fields are answered: {name or 'the body'}"
        for field in sorted(zh.keys() & en.keys()):
            part = schema.get("properties", {}).get(field, {})
            yield from _differences(zh[field], en[field], part, f"{name}.{field}".lstrip("."))
    elif isinstance(zh, list) and isinstance(en, list) and len(zh) == len(en):
        for first, second in zip(zh, en, strict=True):
            yield from _differences(first, second, schema.get("items", {}), name)
    elif zh != en and "x-translated" not in schema and schema.get("x-paging") != "next_marker":
        yield f"the language changes more than names: {name}"
