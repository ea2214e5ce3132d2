"""How to reach the real service is read from the environment and from a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from contracts.targets.profiles import Profile, read_profile
from contracts.targets.target import TargetError

ENVIRONMENT = {
    "PARTNER_MOCK_REAL_CUSTOMER_AK": "AK",
    "PARTNER_MOCK_REAL_CUSTOMER_SK": "SECRET",
    "PARTNER_MOCK_REAL_CUSTOMER_DOMAIN_ID": "0001",
}
WRITTEN = """
[test]
site = intl
[test.solution_provider]
ak = FILE
sk = HIDDEN%
domain_id = 0002
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    place = tmp_path / "profiles.ini"
    place.write_text(WRITTEN)
    place.chmod(0o600)
    return place


@pytest.fixture(autouse=True)
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def profile(environment: dict[str, str] | None = None, file: Path | None = None, name: str = "") -> Profile:
    """A profile: that of the file where there is one."""
    return read_profile(environment or {}, file, name or ("test" if file else "default"))


def test_credentials_come_from_the_environment() -> None:
    found = profile(ENVIRONMENT)
    assert found.credentials["customer"] == {"ak": "AK", "sk": "SECRET", "domain_id": "0001"}
    assert (found.site, found.endpoint) == ("cn", "https://bss.myhuaweicloud.com")


def test_credentials_of_the_sdk_are_the_solution_providers() -> None:
    sdk = {"HUAWEICLOUD_SDK_AK": "A", "HUAWEICLOUD_SDK_SK": "S", "HUAWEICLOUD_SDK_DOMAIN_ID": "D"}
    assert profile(sdk).credentials["solution_provider"] == {"ak": "A", "sk": "S", "domain_id": "D"}


def test_a_file_has_profiles(file: Path) -> None:
    found = profile(file=file)
    assert (found.site, found.endpoint) == ("intl", "https://bss-intl.myhuaweicloud.com")
    assert found.credentials["solution_provider"]["sk"] == "HIDDEN%"


def test_the_environment_wins_over_the_file(file: Path) -> None:
    assert profile({"PARTNER_MOCK_REAL_SITE": "cn"}, file).site == "cn"


def test_a_file_that_others_can_read_is_refused(file: Path) -> None:
    file.chmod(0o644)
    with pytest.raises(TargetError, match="chmod 600"):
        profile(file=file)


def test_a_broken_file_is_refused_without_its_text(file: Path) -> None:
    file.write_text("ak = SECRET")
    with pytest.raises(TargetError, match="not an INI file") as refused:
        profile(file=file)
    assert "SECRET" not in str(refused.value)


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({}, "no credentials of the real service"),
        ({"PARTNER_MOCK_REAL_CUSTOMER_AK": "AK"}, "the credential of customer lacks sk, domain_id"),
        ({**ENVIRONMENT, "PARTNER_MOCK_REAL_SITE": "mars"}, "'mars' is not a site; accepted: cn, intl"),
    ],
)
def test_what_is_missing_is_told(environment: dict[str, str], sentence: str) -> None:
    with pytest.raises(TargetError, match=sentence):
        profile(environment)


def test_an_unknown_profile_is_refused(file: Path) -> None:
    with pytest.raises(TargetError, match=r"no profile \[other\]"):
        profile(file=file, name="other")


def test_a_profile_does_not_show_its_secrets(file: Path) -> None:
    assert "HIDDEN" not in repr(profile(file=file))


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("nonsense", "endpoint: 'nonsense' is not an address like https://bss.myhuaweicloud.com"),
        ("ftp://bss.myhuaweicloud.com", "is not an address like"),
        ("https://bss.myhuaweicloud.com/v2", "is not an address like"),
        ("https://bss.myhuaweicloud.com:99999", "is not an address like"),
        ("https://ME:HIDDEN@bss.myhuaweicloud.com", "endpoint: credentials do not belong into an address"),
        ("http://bss.myhuaweicloud.com", "is not encrypted; accepted: https://, or http:// on this machine"),
    ],
)
@pytest.mark.parametrize("name", ["ENDPOINT", "IAM_ENDPOINT"])
def test_an_endpoint_is_an_address_that_keeps_secrets(name: str, url: str, sentence: str) -> None:
    with pytest.raises(TargetError, match=sentence) as refused:
        profile({**ENVIRONMENT, f"PARTNER_MOCK_REAL_{name}": url})
    assert "HIDDEN" not in str(refused.value)


def test_an_endpoint_of_this_machine_needs_no_encryption() -> None:
    assert (
        profile({**ENVIRONMENT, "PARTNER_MOCK_REAL_ENDPOINT": "http://localhost:1/"}).endpoint == "http://localhost:1"
    )


def test_a_named_profile_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="no such file of profiles"):
        profile(ENVIRONMENT, name="other")
    place = tmp_path / "home" / ".huaweicloud" / "partner-mock.ini"
    place.parent.mkdir(parents=True)
    place.write_text(WRITTEN)
    place.chmod(0o600)
    with pytest.raises(TargetError, match=r"partner-mock\.ini: no profile \[other\]"):
        profile(ENVIRONMENT, name="other")
