"""Every exchange in the HTTP Archive form 1.2, written as it comes: nothing is kept in memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, BinaryIO

from contracts.events import Event, ExchangeSent
from contracts.reports.shown import Hiding, Pairs, Shown
from contracts.reports.tally import Tally
from mockserver import __version__

BEGINNING = {"version": "1.2", "creator": {"name": "partner-mock", "version": __version__}}
UNKNOWN = -1
"""What HAR has for a size or time that is not known."""


class Har:
    """Writes the exchanges of a run. `now` tells the real time, in any zone."""

    def __init__(self, file: BinaryIO, tally: Tally, now: Callable[[], datetime]) -> None:
        self._file = file
        self._tally = tally
        self._now = now
        self._separator = "\n"
        self._write(f'{{"log": {json.dumps(BEGINNING)[:-1]}, "entries": [')

    def __call__(self, event: Event) -> None:
        if isinstance(event, ExchangeSent):
            entry = self._entry(event)
            self._write(self._separator + json.dumps(entry, ensure_ascii=False))
            self._separator = ",\n"

    def end(self) -> None:
        self._write("\n]}}\n")

    def _write(self, text: str) -> None:
        self._file.write(text.encode(errors="replace"))

    def _entry(self, event: ExchangeSent) -> dict[str, Any]:
        view = self._tally.meant(event.part, event.answer.request)
        hiding = Hiding(view, event.answer)
        milliseconds = round(event.elapsed * 1000, 3)
        return {
            "startedDateTime": (self._now() - timedelta(seconds=event.elapsed)).isoformat(timespec="milliseconds"),
            "time": milliseconds,
            "request": _request(hiding.shown),
            "response": _response(hiding.shown, len(event.answer.response.content)),
            "cache": {},
            "timings": {"send": 0, "wait": milliseconds, "receive": 0},
            "comment": hiding.text(f"{event.part}: {event.case}"),
            "_operation": view.operation.id if view else "",
            "_phase": event.part.phase,
            "_caller": event.part.caller,
        }


def _request(shown: Shown) -> dict[str, Any]:
    written: dict[str, Any] = {
        "method": shown.method,
        "url": shown.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(shown.headers),
        "queryString": _pairs(shown.query),
        "headersSize": UNKNOWN,
        "bodySize": len(shown.body.encode()),
    }
    if shown.body:
        written["postData"] = {"mimeType": _type(shown.headers), "params": [], "text": shown.body}
    return written


def _response(shown: Shown, size: int) -> dict[str, Any]:
    return {
        "status": shown.status,
        "statusText": _phrase(shown.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(shown.answer_headers),
        "content": {"size": size, "mimeType": _type(shown.answer_headers), "text": shown.answer},
        "redirectURL": dict(shown.answer_headers).get("Location", ""),
        "headersSize": UNKNOWN,
        "bodySize": size,
    }


def _pairs(pairs: Pairs) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _type(headers: Pairs) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""
