"""What the emulator costs above a bare web application: calls a second through WSGI, without a socket, in one run.

The floor is a Flask application that decodes a JSON body, validates it with jsonschema-rs and answers JSON. The
emulator does that, and verifies a signature, checks permissions, runs the rules, moves money and keeps a journal.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults

import jsonschema_rs
import msgspec
from flask import Flask, request
from flask.typing import ResponseReturnValue

from mockserver.app import Server, create_app, now
from mockserver.contract.writing import json_bytes
from mockserver.gateway import signature

SECONDS = 2.0
HOST = "bss.myhuaweicloud.com"
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def bare_application() -> Application:
    """The floor: one validated POST."""
    app = Flask("bare")
    validator = jsonschema_rs.Draft202012Validator(
        {"type": "object", "required": ["customer_id", "amount"], "properties": {"amount": {"type": "number"}}}
    )

    @app.post("/bare")
    def bare() -> ResponseReturnValue:
        body = msgspec.json.decode(request.get_data())
        return msgspec.json.encode({"valid": validator.is_valid(body)}), 200, {"Content-Type": "application/json"}

    return app.wsgi_app


def signed_headers(credential: dict[str, str], path: str, body: bytes) -> dict[str, str]:
    date = now().strftime("%Y%m%dT%H%M%SZ")
    headers = {"content-type": "application/json", "host": HOST, "x-sdk-date": date}
    names = tuple(sorted(headers))
    canonical = signature.canonical_request("POST", path, "", headers, names, body)
    value = signature.sign(credential["sk"], date, canonical)
    signed = ";".join(names)
    headers["authorization"] = f"SDK-HMAC-SHA256 Access={credential['ak']}, SignedHeaders={signed}, Signature={value}"
    return headers


def rate(application: Application, path: str, headers: dict[str, str], body: bytes) -> float:
    """Calls a second."""
    statuses: list[str] = []

    def call() -> None:
        environ: dict[str, Any] = {"REQUEST_METHOD": "POST", "PATH_INFO": path, "CONTENT_LENGTH": str(len(body))}
        setup_testing_defaults(environ)
        environ |= {"wsgi.input": io.BytesIO(body), "CONTENT_TYPE": "application/json", "REMOTE_ADDR": "127.0.0.1"}
        environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()}
        b"".join(application(environ, lambda status, *_: statuses.append(status)))

    call()
    if not statuses[0].startswith("200"):
        raise SystemExit(f"{path} answered {statuses[0]}")
    calls, start = 0, time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        call()
        calls += 1
    return calls / (time.perf_counter() - start)


def main() -> None:
    """Print each rate and its ratio to the floor."""
    server = Server()
    sandbox = server.universe.default
    credentials = sandbox.credentials()
    application = create_app(server).wsgi_app
    partner, customer = credentials["solution_provider"], credentials["customer"]["domain_id"]
    calls = {
        "UpdateCustomerAccountAmount": json_bytes({"customer_id": customer, "amount": 0.01}),
        "ListSubCustomers": json_bytes({"limit": 20}),
    }
    floor = rate(bare_application(), "/bare", {}, calls["UpdateCustomerAccountAmount"])
    print(f"{'bare Flask, validated POST':<34}{floor:>9.0f} calls/s   1.00")
    for operation_id, body in calls.items():
        path = server.contract.operations[operation_id].path
        measured = rate(application, path, signed_headers(partner, path, body), body)
        print(f"{operation_id:<34}{measured:>9.0f} calls/s   {measured / floor:.2f}")
    started = time.perf_counter()
    sandbox.reset()
    print(f"reset after all that: {(time.perf_counter() - started) * 1000:.3f} ms")


if __name__ == "__main__":
    main()
