"""Who is let in: nobody without a signature or a token, nor with ones that are wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from requests import PreparedRequest, Request

from contracts.checks import NO_OPERATION, Answer, Row
from contracts.events import Event, ExchangeSent
from contracts.linking.tellers import example_of
from contracts.phases.registry import phase
from contracts.phases.running import OutOfTime, Run
from contracts.targets.signing import Signed
from contracts.targets.target import SIGNATURE, TOKEN, Controls, body_of
from mockserver.contract.operation import Operation
from mockserver.gateway import signature

NOT_LET_IN = (401, "APIGW.0301")
TOO_LONG_AGO = timedelta(minutes=16)
"""Dates of signatures may differ from the present by 15 minutes."""

TWO_DAYS = "P2D"
"""A token lives for one."""

PASSWORD = "Another-Password-1"  # noqa: S105  (of a login of an emulator)

Spoil = Callable[[Run, PreparedRequest], None]


@phase("doors", controlled=True)
def doors(run: Run, operation: Operation) -> Iterator[Event]:
    """Call with each of the wrong credentials, and after each with the right ones, so that no key is locked."""
    seen: set[str] = set()
    for case, spoil in DOORS.items():
        sent = _sent(run, operation, case, spoil)
        yield sent
        if sent.answer.row not in (NOT_LET_IN, *([NO_OPERATION] if case in NOBODY else [])):
            yield from run.complain(sent, f"a call was let in, or not refused as documented: {case}")
        right = _sent(run, operation, f"after it, {run.part.caller}", lambda run, request: None)
        yield right
        yield from run.judge(right)
        if (request_id := str(right.answer.response.headers.get("X-Request-Id"))) in seen:
            yield from run.complain(right, "the X-Request-Id of another call")
        seen.add(request_id)
    yield from _of_tokens(run, operation)
    sent = _sent(run, operation, "with a slash behind the path", _with_slash)
    yield sent
    if sent.answer.row != NO_OPERATION:
        yield from run.complain(sent, "a path with a slash behind it is no other path")


def _sent(run: Run, operation: Operation, case: str, spoil: Spoil) -> ExchangeSent:
    """A signed call, spoiled behind its signature. Raises `OutOfTime`."""
    if run.deadline is not None and run.clock() >= run.deadline:
        raise OutOfTime
    body, parameters = example_of(operation, run)
    request: Request = run.request(operation, body, parameters)
    request.auth = run.target.sign(run.part.caller, SIGNATURE)
    prepared, started = request.prepare(), run.clock()
    spoil(run, prepared)
    response = run.target.send(prepared)
    return ExchangeSent(run.part, case, Answer(prepared, response), run.clock() - started)


def _with_slash(run: Run, request: PreparedRequest) -> None:
    """Signatures do not tell one from the other."""
    path, mark, query = str(request.url).partition("?")
    request.url = f"{path}/{mark}{query}"


def _unsigned(run: Run, request: PreparedRequest) -> None:
    del request.headers["Authorization"]


def _wrong_secret(run: Run, request: PreparedRequest) -> None:
    text = str(request.headers["Authorization"])
    request.headers["Authorization"] = text[:-8] + text[-8:][::-1].translate(
        str.maketrans("0123456789abcdef", "123456789abcdef0")
    )


def _unknown_key(run: Run, request: PreparedRequest) -> None:
    controls = _controls(run)
    Signed("UNKNOWNKEY", controls.credentials[run.part.caller]["sk"])(request)


def _another_query(run: Run, request: PreparedRequest) -> None:
    request.url = f"{request.url}{'&' if '?' in str(request.url) else '?'}unsigned=1"


def _another_body(run: Run, request: PreparedRequest) -> None:
    request.headers["Content-Type"] = "application/json"
    request.body = body_of(request) + b" "
    request.prepare_content_length(request.body)


def _old(run: Run, request: PreparedRequest) -> None:
    _sign(run, request, ("host", signature.DATE_HEADER), datetime.now(UTC) - TOO_LONG_AGO)


def _without_host(run: Run, request: PreparedRequest) -> None:
    _sign(run, request, (signature.DATE_HEADER,), datetime.now(UTC))


def _unknown_token(run: Run, request: PreparedRequest) -> None:
    _unsigned(run, request)
    request.headers["X-Auth-Token"] = "no-such-token"


DOORS: dict[str, Spoil] = {
    "without a signature": _unsigned,
    "with the signature of another secret": _wrong_secret,
    "with an unknown key": _unknown_key,
    "with a query that is not signed": _another_query,
    "with a body that is not signed": _another_body,
    "with an old signature": _old,
    "without the host in the signature": _without_host,
    "with an unknown token": _unknown_token,
}


NOBODY = ("without a signature", "with an unknown key", "with an unknown token")
"""Where an emulator cannot tell whose sandbox is meant, and answers for its first one, of whatever site."""


def _sign(run: Run, request: PreparedRequest, names: tuple[str, ...], when: datetime) -> None:
    """Sign again, for some headers and a date."""
    credential, date = _controls(run).credentials[run.part.caller], when.strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": str(request.headers["host"]), signature.DATE_HEADER: date}
    path, _, query = str(request.path_url).partition("?")
    text = signature.canonical_request(str(request.method), path, query, headers, names, body_of(request))
    value = signature.sign(credential["sk"], date, text)
    parts = f"Access={credential['ak']}, SignedHeaders={';'.join(names)}, Signature={value}"
    request.headers.update({signature.DATE_HEADER: date, "Authorization": f"{signature.ALGORITHM} {parts}"})


def _controls(run: Run) -> Controls:
    assert run.target.controls is not None, "the phase is for controlled targets"
    return run.target.controls


def _of_tokens(run: Run, operation: Operation) -> Iterator[Event]:
    """A token says who calls, whatever is signed beside it; it ends with its time, and when its login is changed."""
    sent = _sent(run, operation, "with a token beside a wrong signature", _with_token)
    yield sent
    yield from run.judge(sent)
    controls = _controls(run)
    credential, row = controls.credentials[run.part.caller], run.view.row_for("token")
    controls.place("users", account=credential["domain_name"], name=credential["user_name"], password=PASSWORD)
    voided = (row.status, row.code) if row else NOT_LET_IN
    yield from _of_void_token(run, operation, "with a token of an older password", voided)
    run.restart()
    run.target.sign(run.part.caller, TOKEN)
    controls.advance(TWO_DAYS)
    yield from _of_void_token(run, operation, "with a token that has expired", NOT_LET_IN)
    run.restart()


def _of_void_token(run: Run, operation: Operation, case: str, refusal: Row) -> Iterator[Event]:
    sent = _sent(run, operation, case, _with_token)
    yield sent
    if sent.answer.row != refusal:
        yield from run.complain(sent, f"a call was let in, or not refused as documented: {case}")


def _with_token(run: Run, request: PreparedRequest) -> None:
    _wrong_secret(run, request)
    run.target.sign(run.part.caller, TOKEN)(request)
