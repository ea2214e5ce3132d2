"""The last SDKs that still have removed operations. Each of their operations is called once, against a server that
serves the removed ones too and against one that does not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mockserver.app import Server
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView
from mockserver.contract.registry import Contract
from mockserver.gateway.message import Options
from mockserver.services import SERVICES
from tests.conftest import START
from tests.contract.loaded import ROOT
from tests.driver import World, over_http, serving
from tests.sdk.test_every_operation import examples, is_by_business

FOLDER = Path(sys.prefix) / "old-sdks"
"""Made by the Makefile from old-requirements.txt."""

SDKS = {"cn": ("huaweicloudsdkbss", "BssClient"), "intl": ("huaweicloudsdkbssintl", "BssintlClient")}
Report = dict[str, dict[str, Any]]

EXPLAINED = {
    "RenewalResources request body.expire_policy": "no page and no newer SDK has it; unknown fields are not read",
}
"""Fields of the old SDKs that the contract does not have, each with its reason."""


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """What the old SDKs report of a server that serves removed operations."""
    server = Server(options=Options(removed=True, strict=True))
    with serving(server) as port:
        return {site: call_everything(server.contract, port, site, tmp_path_factory.mktemp("home")) for site in SDKS}


def call_everything(contract: Contract, port: int, site: str, home: Path) -> Report:
    with over_http(port) as transport:
        world = World(transport, contract, site=site, seed=1, clock=START)
    calls = {one.id: a_call(world, one.on(site)) for one in contract if site in one.sites}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "tests.sdk.old_client", str(FOLDER), *SDKS[site], f"http://127.0.0.1:{port}"],
        input=json.dumps(calls),
        env={"HOME": str(home)},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    report: Report = json.loads(done.stdout)
    return report


def a_call(world: World, view: SiteView) -> dict[str, Any]:
    """The first example of an operation, by somebody who may call it."""
    example = examples(view)[0]
    caller = world.credentials[view.operation.document["x-callers"][0]]
    credential = {name: caller[name] for name in ("ak", "sk", "domain_id")}
    return {"credential": credential, "parameters": example.get("parameters", {}), "body": example.get("request")}


def documented(schema: Document | None, place: str = "") -> Iterator[str]:
    """Every field below a schema."""
    if schema is None:
        return
    if "items" in schema:
        yield from documented(schema["items"], f"{place}[]")
    for name, part in schema.get("properties", {}).items():
        where = f"{place}.{name}" if place else name
        yield where
        yield from documented(part, where)


def unknown(view: SiteView, report: dict[str, Any]) -> Iterator[str]:
    """Fields that an old SDK has and the contract has not."""
    sent = {"body", *documented(view.parameter_schema), *documented(view.body_schema, "body")}
    for part, known in (("request", sent), ("response", set(documented(view.response_schema)))):
        yield from (f"{view.operation.id} {part} {field}" for field in report[part] if field not in known)


def test_the_contract_knows_every_field_of_the_old_sdks(reports: dict[str, Report], contract: Contract) -> None:
    found = {
        difference
        for site, report in reports.items()
        for name, one in report.items()
        for difference in unknown(contract.operations[name].on(site), one)
    }
    assert found == EXPLAINED.keys()


@pytest.mark.parametrize("site", SDKS)
def test_the_old_sdk_reads_every_answer(site: str, reports: dict[str, Report], contract: Contract) -> None:
    for name, report in reports[site].items():
        if "refused" in report:
            assert name in SERVICES and is_by_business(contract.operations[name].on(site), *report["refused"]), name
        else:
            assert name in SERVICES or report["missing"] == [], name


def test_without_the_removed_operations_only_they_are_gone(contract: Contract, port: int, tmp_path: Path) -> None:
    report = call_everything(contract, port, "cn", tmp_path)
    gone = {name for name, one in report.items() if one.get("refused", [])[:2] == [404, "APIGW.0101"]}
    assert gone == {"CreatePostal", "DeletePostal", "ListPostalAddress", "UpdatePostal"}
