"""Where the real service is and how to sign in there: from the environment, else from a file of profiles.

The file is an INI file that only its owner may read:

    [default]
    site = cn
    endpoint = https://bss.myhuaweicloud.com
    iam_endpoint = https://iam.myhuaweicloud.com

    [default.solution_provider]
    ak = ...
    sk = ...
    domain_id = ...

with a section for each kind of principal, and domain_name, user_name and password beside it for tokens. In the
environment the same is PARTNER_MOCK_REAL_SITE, PARTNER_MOCK_REAL_ENDPOINT, PARTNER_MOCK_REAL_CUSTOMER_AK and so on;
the SDK's HUAWEICLOUD_SDK_AK, _SK and _DOMAIN_ID count for the solution provider.
"""

from __future__ import annotations

from collections.abc import Mapping
from configparser import ConfigParser
from configparser import Error as FormatError
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from contracts.targets.target import KINDS, Credential, TargetError
from contracts.upstream import LOCAL, address_problem

DEFAULT = "default"
PLACE = Path("~/.huaweicloud/partner-mock.ini")
PREFIX = "PARTNER_MOCK_REAL_"
FIELDS = ("ak", "sk", "domain_id", "domain_name", "user_name", "password")
PLACES = ("site", "endpoint", "iam_endpoint")
SDK = {"ak": "HUAWEICLOUD_SDK_AK", "sk": "HUAWEICLOUD_SDK_SK", "domain_id": "HUAWEICLOUD_SDK_DOMAIN_ID"}
NEEDED = ("ak", "sk", "domain_id")
ENDPOINTS = {"cn": "https://bss.myhuaweicloud.com", "intl": "https://bss-intl.myhuaweicloud.com"}
IAM_ENDPOINT = "https://iam.myhuaweicloud.com"


@dataclass(frozen=True)
class Profile:
    """A way into the real service."""

    site: str
    endpoint: str
    iam_endpoint: str
    credentials: Mapping[str, Credential] = field(repr=False)


def read_profile(environment: Mapping[str, str], file: Path | None, name: str, site: str | None = None) -> Profile:
    """The profile `name`; what the environment says wins over the file. Raises `TargetError`."""
    told = {"": _told(environment, "", PLACES), **{kind: _told(environment, f"{kind}_", FIELDS) for kind in KINDS}}
    told["solution_provider"] = _sdk(environment) | told["solution_provider"]
    written = _sections(file, name)
    merged = {section: {**written.get(section, {}), **told[section]} for section in told}
    credentials = {kind: _complete(kind, merged[kind]) for kind in KINDS if merged[kind]}
    if not credentials:
        raise TargetError(
            f"no credentials of the real service: set {PREFIX}SOLUTION_PROVIDER_AK, _SK and _DOMAIN_ID (or CUSTOMER, "
            f"DISTRIBUTOR, RESELLER), or write the section [{name}.solution_provider] into {file or PLACE}"
        )
    return _profile(merged[""], site, credentials)


def _profile(places: Mapping[str, str], site: str | None, credentials: Mapping[str, Credential]) -> Profile:
    site = site or places.get("site", "cn")
    if site not in ENDPOINTS:
        raise TargetError(f"{site!r} is not a site; accepted: {', '.join(ENDPOINTS)}")
    endpoint = _address("endpoint", places.get("endpoint", ENDPOINTS[site]))
    return Profile(site, endpoint, _address("iam_endpoint", places.get("iam_endpoint", IAM_ENDPOINT)), credentials)


def _address(name: str, url: str) -> str:
    """An endpoint without a slash at its end. Only to this machine may it be without encryption."""
    problem = address_problem(url)
    if problem:
        raise TargetError(f"{name}: {problem}")
    parts = urlsplit(url)
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        raise TargetError(f"{name}: {url} is not encrypted; accepted: https://, or http:// on this machine")
    return url.rstrip("/")


def _told(environment: Mapping[str, str], part: str, names: tuple[str, ...]) -> dict[str, str]:
    variables = {name: f"{PREFIX}{part}{name}".upper() for name in names}
    return {name: environment[variable] for name, variable in variables.items() if environment.get(variable)}


def _sdk(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: environment[variable] for name, variable in SDK.items() if environment.get(variable)}


def _sections(file: Path | None, name: str) -> dict[str, dict[str, str]]:
    """The sections of a profile by kind, its own under the empty name."""
    place = (file or PLACE).expanduser()
    if not place.is_file():
        if file is not None or name != DEFAULT:
            raise TargetError(f"{file or PLACE}: no such file of profiles")
        return {}
    if place.stat().st_mode & 0o077:
        raise TargetError(f"{place}: others can read it; `chmod 600` it first")
    parser = ConfigParser(interpolation=None)
    try:
        parser.read_string(place.read_text(encoding="utf-8"))
    except (FormatError, UnicodeDecodeError) as error:
        # The message of the parser may quote a line, and a line may hold a key.
        raise TargetError(f"{place}: not an INI file ({type(error).__name__})") from None
    sections = {one.partition(".")[2]: dict(parser[one]) for one in parser.sections() if one.partition(".")[0] == name}
    if not sections and (file is not None or name != DEFAULT):
        raise TargetError(f"{place}: no profile [{name}]")
    return sections


def _complete(kind: str, credential: Credential) -> Credential:
    missing = [name for name in NEEDED if not credential.get(name)]
    if missing:
        raise TargetError(f"the credential of {kind} lacks {', '.join(missing)}")
    return credential
