"""A program written for the real service runs unchanged with the variables that `partner-mock env` prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from huaweicloudsdkbss.v2 import BssClient
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.exceptions.exceptions import SdkException
from huaweicloudsdkcore.region.region import Region

from tests.driver import World

PROGRAM = Path(__file__).with_name("program.py")
BIN = Path(sys.executable).parent


def run(world: World, endpoint: str, home: Path, *, before: str = "") -> list[str]:
    """What the program prints in a shell that has evaluated the variables, and nothing else."""
    script = f'eval "$("$1/partner-mock" env --url "$2" --sandbox "$3")"; {before}\nexec "$1/python" "$4" "$5"'
    arguments = [str(BIN), endpoint, world.id, str(PROGRAM), world.site]
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-euc", script, "sh", *arguments], env={"HOME": str(home)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def newest_call(world: World) -> Any:
    """The journal on the last call of an operation."""
    newest = world.control("GET", f"requests?sandbox={world.id}&limit=1").ok["requests"][0]
    return world.control("GET", f"requests/{newest['id']}?sandbox={world.id}").body


def expected(world: World) -> set[str]:
    partner = world.solution_provider.id
    return {one["name"] for one in world.look("customers", partner_id=partner)}


@pytest.mark.parametrize("fixture", ["world", "abroad"])
def test_the_printed_variables_are_enough(
    fixture: str, endpoint: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    world: World = request.getfixturevalue(fixture)
    assert set(run(world, endpoint, tmp_path)) == expected(world)


@pytest.mark.parametrize("fixture", ["world", "abroad"])
def test_without_the_account_id_the_sdk_asks_for_it(
    fixture: str, endpoint: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    world: World = request.getfixturevalue(fixture)
    names = run(world, endpoint, tmp_path, before="unset HUAWEICLOUD_SDK_DOMAIN_ID")
    assert set(names) == expected(world)
    assert newest_call(world)["headers"]["x-domain-id"] == world.solution_provider.id


def build_with_region(endpoint: str, ak: str, sk: str) -> GlobalCredentials:
    """Build a client by its region in code; gives the credentials, whose account the SDK has looked up."""
    credentials = GlobalCredentials(ak, sk).with_iam_endpoint(endpoint)
    BssClient.new_builder().with_credentials(credentials).with_region(Region("cn-north-1", endpoint)).build().close()
    return credentials


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK remembers accounts by access key for the life of the process, whatever server told it."""
    monkeypatch.setattr(GlobalCredentials, "_CACHE", {})


def test_a_region_in_code_looks_the_account_up(forgetful: None, world: World, endpoint: str) -> None:
    credential = world.credentials["customer"]
    found = build_with_region(endpoint, credential["ak"], credential["sk"])
    assert found.domain_id == credential["domain_id"]


def test_the_lookup_with_a_wrong_secret_fails(forgetful: None, world: World, endpoint: str) -> None:
    with pytest.raises(SdkException, match=r"Failed to get domain id.*status_code:401.*APIGW\.0301"):
        build_with_region(endpoint, world.credentials["customer"]["ak"], "wrong")
