"""Messages of refusals: in Chinese where X-Language asks for it, else in English."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.properties.bounds import edges
from contracts.properties.fields import HEADER, Asked, fields_of
from contracts.properties.language import HAN, header_of
from contracts.properties.probe import Probe
from contracts.properties.registry import Wrong, holds
from contracts.properties.scenes import base
from mockserver.contract.operation import SiteView

TRIED = 20
"""Requests that are tried until one is refused."""


def knows_language(view: SiteView) -> bool:
    return view.knows_language


@holds("messages", applies=knows_language)
def messages(probe: Probe) -> Iterator[Wrong]:
    """One refused request, in each language."""
    header = header_of(probe)
    for asked in list(_broken(probe))[:TRIED]:
        zh, en = (probe.ask(asked.put(header, language)) for language in ("zh_CN", "en_US"))
        if zh.is_valid or zh.answer is None or en.answer is None:
            continue
        probe.saw()
        for told, chinese in ((zh, True), (en, False)):
            text = told.body.get("error_msg", "") if isinstance(told.body, dict) else ""
            if bool(HAN.search(str(text))) != chinese:
                yield Wrong(f"a message is not in the language asked for: {told.asked.get(header)}", told)
        return
    probe.nothing("no request is refused")


def _broken(probe: Probe) -> Iterator[Asked]:
    """The example with values at and beyond the bounds of its fields."""
    asked = base(probe)
    for place in fields_of(probe.view):
        if place.where != HEADER:
            yield from (asked.put(place, value) for value in edges(place, asked.get(place)))
            yield asked.drop(place)
