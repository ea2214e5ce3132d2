"""A call as a program that uses the vendor's SDK for Python."""

from __future__ import annotations

import json
import re
from pprint import pformat
from typing import Any
from urllib.parse import unquote, urlsplit

from contracts.reports.coverage import understood
from contracts.reports.shown import Shown
from mockserver.contract.documents import Document
from mockserver.contract.operation import SiteView

PACKAGES = {"cn": ("huaweicloudsdkbss", "BssClient"), "intl": ("huaweicloudsdkbssintl", "BssintlClient")}
"""Package and class of the client, by site."""
WIDTH = 100
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
OF_CREDENTIALS = "domain_id"
"""The variable of a path that the SDK takes from the credentials."""
_TEMPLATE = """\
# {source}
import os

from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from {package}.v2 import {client}, {request}

credentials = GlobalCredentials(os.environ["HUAWEICLOUD_SDK_AK"], os.environ["HUAWEICLOUD_SDK_SK"]{domain})
client = {client}.new_builder().with_credentials(credentials).with_endpoint({endpoint!r}).build()
{unsaid}print(client.{method}({request}({arguments})))
"""


def snippet(view: SiteView, shown: Shown) -> str:
    """The program that repeats a masked call, its first line the versions that can; empty where no version has the
    operation."""
    package, client = PACKAGES[view.site]
    source = next((one for one in view.document["x-evidence"] if one.startswith(f"{package} ")), "")
    if not source:
        return ""
    arguments, unsaid = _arguments(view, shown)
    domain, parts = arguments.pop(OF_CREDENTIALS, None), urlsplit(shown.url)
    return _TEMPLATE.format(
        source=source,
        domain=f", {domain!r}" if domain else "",
        package=package,
        client=client,
        request=f"{view.operation.id}Request",
        method=python_name(view.operation.id),
        endpoint=f"{parts.scheme}://{parts.netloc}",
        arguments=_written(arguments),
        unsaid="".join(f"# The SDK cannot send {one}.\n" for one in unsaid),
    )


def python_name(name: str) -> str:
    """The SDK's name for an operation or a parameter: `list_sub_customers`, `x_language`."""
    return _HUMP.sub("_", name.replace("-", "_")).lower()


def _arguments(view: SiteView, shown: Shown) -> tuple[dict[str, Any], list[str]]:
    """The arguments of the request class, and what it has no argument for."""
    sent: dict[str, list[Any]] = {}
    for name, value in (*_variables(view, shown), *shown.query, *_declared_headers(view, shown)):
        sent.setdefault(name, []).append(value)
    schemas = {one["name"]: one["schema"] for one in view.parameters}
    arguments = {python_name(name): _argument(sent[name], schemas[name]) for name in sent if name in schemas}
    unsaid = [name for name in sent if name not in schemas]
    body, readable = _body(shown.body)
    if shown.body and readable:
        arguments["body"] = body
    return arguments, unsaid + (["this body"] if shown.body and not readable else [])


def _argument(texts: list[str], schema: Document) -> Any:
    """The value that the SDK writes as these texts."""
    values = [_value(text, schema.get("items", schema)) for text in texts]
    return values if len(values) > 1 or schema.get("type") == "array" else values[0]


def _value(text: str, schema: Document) -> Any:
    value = understood(text, schema)
    return value if str(value) == text else text


def _variables(view: SiteView, shown: Shown) -> list[tuple[str, str]]:
    pattern, path = view.operation.path.split("/"), urlsplit(shown.url).path.split("/")
    return [(part[1:-1], unquote(value)) for part, value in zip(pattern, path, strict=False) if part.startswith("{")]


def _declared_headers(view: SiteView, shown: Shown) -> list[tuple[str, str]]:
    sent = {name.lower(): value for name, value in shown.headers}
    names = [one["name"] for one in view.parameters if one["in"] == "header"]
    return [(name, sent[name.lower()]) for name in names if name.lower() in sent]


def _body(text: str) -> tuple[Any, bool]:
    try:
        return json.loads(text), True
    except ValueError:
        return None, False


def _written(arguments: dict[str, Any]) -> str:
    """The arguments, on lines of their own where there are several or a long one."""
    written = [f"{name}={pformat(value, width=WIDTH, sort_dicts=False)}" for name, value in arguments.items()]
    line = ", ".join(written)
    if len(line) <= WIDTH // 2 and "\n" not in line:
        return line
    lines = [one.replace("\n", "\n    ") for one in written]
    return "".join(f"\n    {one}," for one in lines) + "\n"
