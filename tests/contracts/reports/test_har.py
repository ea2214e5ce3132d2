"""The archive of exchanges."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from contracts.reports.har import Har
from contracts.reports.tally import Tally
from mockserver.contract.registry import Contract
from tests.contracts.reports.made import COVERAGE, MOBILE, SECRET, TOKEN, exchange, run, sent

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
PAIRS = {
    "type": "array",
    "items": {"type": "object", "required": ["name", "value"], "properties": {"name": TEXT, "value": TEXT}},
}


def an_object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


SCHEMA = an_object(
    log=an_object(
        version={"const": "1.2"},
        creator=an_object(name=TEXT, version=TEXT),
        entries={
            "type": "array",
            "items": an_object(
                startedDateTime={"type": "string", "format": "date-time"},
                time={"type": "number", "minimum": 0},
                request={
                    **an_object(
                        method=TEXT,
                        url={"type": "string", "format": "uri"},
                        httpVersion=TEXT,
                        cookies=PAIRS,
                        headers=PAIRS,
                        queryString=PAIRS,
                        headersSize=NUMBER,
                        bodySize=NUMBER,
                    ),
                    "dependentSchemas": {"postData": {"properties": {"postData": an_object(mimeType=TEXT, text=TEXT)}}},
                },
                response=an_object(
                    status=NUMBER,
                    statusText=TEXT,
                    httpVersion=TEXT,
                    cookies=PAIRS,
                    headers=PAIRS,
                    content=an_object(size=NUMBER, mimeType=TEXT, text=TEXT),
                    redirectURL=TEXT,
                    headersSize=NUMBER,
                    bodySize=NUMBER,
                ),
                cache={"type": "object"},
                timings=an_object(send=NUMBER, wait=NUMBER, receive=NUMBER),
            ),
        },
    )
)


def archive(contract: Contract, *events: Any) -> Any:
    file, counts = BytesIO(), Tally(contract, "cn")
    har = Har(file, counts, lambda: NOW)
    for event in events:
        counts(event)
        har(event)
    har.end()
    return json.loads(file.getvalue())


def test_it_has_the_form_of_har_1_2(contract: Contract) -> None:
    import jsonschema_rs

    written = archive(contract, *run())
    jsonschema_rs.Draft202012Validator(SCHEMA, validate_formats=True).validate(written)
    assert len(written["log"]["entries"]) == 5


def test_a_run_without_calls_is_an_archive_too(contract: Contract) -> None:
    assert archive(contract)["log"]["entries"] == []


def test_an_entry_tells_the_call(contract: Contract) -> None:
    entry = archive(contract, sent(COVERAGE, exchange(body={"limit": 1}, answer={"count": 0})))["log"]["entries"][0]
    assert entry["startedDateTime"] == "2026-03-02T01:59:59.750+00:00" and entry["time"] == 250
    assert entry["request"]["postData"]["text"] == '{"limit":1}'
    assert entry["response"]["content"]["text"] == '{"count":0}'
    assert entry["comment"] == "coverage ListSubCustomers: negative: limit"
    assert (entry["_operation"], entry["_phase"]) == ("ListSubCustomers", "coverage")


def test_secrets_and_personal_data_are_masked(contract: Contract) -> None:
    answer = exchange(headers=TOKEN, answer={"customer_infos": [{"telephone": MOBILE, "email": "a@example.com"}]})
    text = json.dumps(archive(contract, sent(COVERAGE, answer, f"with {MOBILE}")))
    assert not [one for one in (SECRET, MOBILE, "a@example.com", "AKAKAKAK") if one in text]


@pytest.mark.parametrize(("status", "phrase"), [(200, "OK"), (499, "")])
def test_a_status_has_its_phrase(contract: Contract, status: int, phrase: str) -> None:
    entry = archive(contract, sent(COVERAGE, exchange(status=status)))["log"]["entries"][0]
    assert entry["response"]["statusText"] == phrase


def test_entries_are_written_as_they_come(contract: Contract) -> None:
    file, counts = BytesIO(), Tally(contract, "cn")
    har = Har(file, counts, lambda: NOW)
    har(sent(COVERAGE, exchange()))
    assert b"sub-customers" in file.getvalue()
