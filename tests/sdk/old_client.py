"""Calls every operation of an SDK that lies in a folder beside the environment, and reports what came back.

Usage: python -m tests.sdk.old_client FOLDER PACKAGE CLIENT ENDPOINT

Standard input has a call for each operation id: `credential`, `parameters`, `body`. Standard output gets a report for
each operation of the SDK: the fields of its models under `request` and `response`, and either `refused` (status, code,
message) or `missing` (fields of its models that the answer has not).
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from typing import Any

from tests.sdk.models import ask, fields, missing, operations


def main(folder: str, package: str, client_name: str, endpoint: str) -> None:
    sys.path.insert(0, folder)
    version, core = import_module(f"{package}.v2"), import_module("huaweicloudsdkcore")
    for module in (version, core):
        assert str(module.__file__).startswith(folder), f"{module.__file__} is not the old SDK's"
    client_class = getattr(version, client_name)
    calls = json.load(sys.stdin)
    report = {name: reported(client_class, endpoint, name, calls[name]) for name in operations(client_class())}
    json.dump(report, sys.stdout)


def reported(client_class: Any, endpoint: str, operation_id: str, call: dict[str, Any]) -> dict[str, Any]:
    # Not at the top: there it would be the newest core.
    from huaweicloudsdkcore.auth.credentials import GlobalCredentials
    from huaweicloudsdkcore.exceptions.exceptions import ServiceResponseException

    credentials = GlobalCredentials(**call["credential"])
    client = client_class.new_builder().with_credentials(credentials).with_endpoint(endpoint).build()
    models = client.model_package
    known = {name: list(fields(models, f"{operation_id}{name.title()}")) for name in ("request", "response")}
    try:
        answer = ask(client, operation_id, call["body"], **call["parameters"])
    except ServiceResponseException as refusal:
        return {**known, "refused": [refusal.status_code, refusal.error_code, refusal.error_msg]}
    return {**known, "missing": list(missing(answer))}


if __name__ == "__main__":
    main(*sys.argv[1:])
