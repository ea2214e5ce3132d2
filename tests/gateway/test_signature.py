"""The signature, held against the documented vectors and against the vendor's own signer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest
from huaweicloudsdkcore.auth.credentials import GlobalCredentials
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import given, settings
from hypothesis import strategies as st

from mockserver.gateway import signature

AK, SK, HOST, DATE = "AKTEST", "SKTEST", "bss.myhuaweicloud.com", "20260101T000000Z"
VECTOR_HEADERS = {"content-type": "application/json", "host": HOST, "x-domain-id": "dom0001", "x-sdk-date": DATE}
VECTORS = [
    (
        "GET", "/v2/products/service-types", "limit=2&offset=0", b"",
        "83be172057d1fac9d03665f68ff6751a5f1865fdc41cd3eae2a1361544aca4a7",
    ),
    (
        "POST", "/v2/partners/sub-customers/query", "", b'{"offset": 0, "limit": 1}',
        "8509385b28935c198c61db5f46e32940a49b27ad37d066233c53b6a87b76e57a",
    ),
    (
        "GET", "/v2/orders/customer-orders/details/CS 1", "a=true&b=1&b=2&c=x%20y%2F%C3%BC", b"",
        "430fd0d204359b8ac3b3d1a73042cd7aa60e94c2330cb9b1d0acdb6160849961",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "query", "body", "expected"), VECTORS)
def test_the_vectors_of_the_protocol(method: str, path: str, query: str, body: bytes, expected: str) -> None:
    names = tuple(sorted(VECTOR_HEADERS))
    canonical = signature.canonical_request(method, path, query, VECTOR_HEADERS, names, body)
    assert signature.sign(SK, DATE, canonical) == expected


@dataclass
class Signed:
    """A request as the vendor's SDK signs and sends it, and the signature that the emulator computes of it."""

    sdk: str
    emulator: str


def signed_by_both(
    method: str, path: str, query: list[tuple[str, Any]], body: str = "", headers: dict[str, str] | None = None
) -> Signed:
    request = SdkRequest(
        method=method,
        schema="https",
        host=HOST,
        resource_path=path,
        query_params=list(query),
        header_params={"X-Sdk-Date": DATE, **(headers or {})},
        body=body or None,
    )
    Signer(GlobalCredentials(AK, SK)).sign(request)
    sent_path, _, sent_query = request.uri.partition("?")
    arrived = {name.lower(): value.encode("latin-1").decode() for name, value in request.header_params.items()}
    given_parts = signature.parse_authorization(arrived["authorization"])
    assert given_parts is not None and given_parts.ak == AK
    canonical = signature.canonical_request(
        method, unquote(sent_path), sent_query, arrived, given_parts.signed_headers, body.encode()
    )
    return Signed(given_parts.signature, signature.sign(SK, DATE, canonical))


REQUESTS: dict[str, tuple[Any, ...]] = {
    "nothing but a path": ("GET", "/v2/bases/provinces", []),
    "a trailing slash": ("GET", "/v2/bases/provinces/", []),
    "an encoded blank": ("GET", "/v2/orders/customer-orders/details/CS%201", []),
    "an encoded slash": ("GET", "/v2/orders/customer-orders/details/CS%2F1", []),
    "an encoded percent": ("GET", "/v2/orders/details/100%2525", []),
    "unicode in the path": ("GET", "/v2/orders/details/%E5%BC%A0%E4%B8%89", []),
    "every unreserved character": ("GET", "/v2/orders/details/aZ09-_.~", [("a", "aZ09-_.~")]),
    "parameters out of order": ("GET", "/v2/x", [("b", 2), ("a", 1), ("B", 3)]),
    "a repeated parameter": ("GET", "/v2/x", [("t", "3"), ("t", "1"), ("t", "10")]),
    "a list": ("GET", "/v2/x", [("t", ["3", "1", "10"])]),
    "empty values": ("GET", "/v2/x", [("a", ""), ("b", ""), ("a", "1")]),
    "booleans": ("GET", "/v2/x", [("a", True), ("b", False)]),
    "unicode in the query": ("GET", "/v2/x", [("customer", "张三"), ("ü", "ß")]),
    "reserved characters": ("GET", "/v2/x", [("a", "x y/z?&=+%;,:@!$'()*")]),
    "a body": ("POST", "/v2/x", [], '{"a": 1}'),
    "a unicode body": ("POST", "/v2/x", [], '{"name": "张三"}'),
    "a put with all": ("PUT", "/v2/x", [("a", "1")], "{}"),
    "a delete": ("DELETE", "/v2/x/1", []),
    "a lower-case method": ("delete", "/v2/x/1", []),
    "extra headers": ("GET", "/v2/x", [], "", {"X-Domain-Id": "d1", "X-Language": "zh_CN"}),
    "a header with blanks around": ("GET", "/v2/x", [], "", {"X-Language": "  zh_CN "}),
    "a unicode header": ("GET", "/v2/x", [], "", {"X-Note": "张三"}),
    "a header with _, which is not signed": ("GET", "/v2/x", [], "", {"x_note": "1"}),
    "a host of its own": ("GET", "/v2/x", [], "", {"host": "127.0.0.1:8080"}),
    "json": ("POST", "/v2/x", [], "{}", {"Content-Type": "application/json"}),
    "a payload that is not signed": ("POST", "/v2/x", [], "text", {"Content-Type": "text/plain"}),
}
"""Method, path, query, body and headers, as the SDK takes them."""


@pytest.mark.parametrize("name", REQUESTS)
def test_the_vendors_sdk_signs_alike(name: str) -> None:
    signed = signed_by_both(*REQUESTS[name])
    assert signed.emulator == signed.sdk


SEGMENTS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8), min_size=1, max_size=4)
VALUES = st.text(st.characters(codec="utf-8"), max_size=8) | st.booleans() | st.integers()
HEADERS = st.dictionaries(
    st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,12}", fullmatch=True).filter(
        lambda name: name.lower() not in ("host", "authorization", "x-sdk-date", "content-type", "x-sdk-content-sha256")
    ),
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=8),
    max_size=3,
).filter(lambda headers: len({name.lower() for name in headers}) == len(headers))


@settings(derandomize=True, max_examples=300, deadline=None)
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    segments=SEGMENTS,
    query=st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1, max_size=6), VALUES, max_size=4),
    body=st.text(max_size=30),
    headers=HEADERS,
)
def test_the_vendors_sdk_signs_any_request_alike(
    method: str, segments: list[str], query: dict[str, Any], body: str, headers: dict[str, str]
) -> None:
    path = "/" + "/".join(Signer._url_encode(segment) for segment in segments)
    signed = signed_by_both(method, path, list(query.items()), body, headers)
    assert signed.emulator == signed.sdk


def test_a_query_is_signed_in_whatever_order_it_was_sent() -> None:
    one, other = (signature.canonical_request("GET", "/x", query, {}, (), b"") for query in ("b=2&a=1", "a=1&b=2"))
    assert one == other


def test_a_signature_in_capitals_is_the_same() -> None:
    header = f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature={'AB' * 32}"
    parsed = signature.parse_authorization(header)
    assert parsed is not None and parsed.signature == "ab" * 32


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer abc",
        f"SDK-HMAC-SHA256 Access=, SignedHeaders=host, Signature={'a' * 64}",
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=, Signature={'a' * 64}",
        "SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature=abc",
        f"SDK-HMAC-SM3 Access=AK, SignedHeaders=host, Signature={'a' * 64}",
        f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature={'a' * 64}\n",
    ],
)
def test_another_authorization_is_none_of_ours(header: str) -> None:
    assert signature.parse_authorization(header) is None


@pytest.mark.parametrize(
    "date",
    [
        "",
        "2026-01-01T00:00:00Z",
        "20260101T000000",
        "20261301T000000Z",
        "20260101T250000Z",
        "2026010T1000000Z",
        "２0260101T000000Z",
    ],
)
def test_another_date_is_none(date: str) -> None:
    assert signature.parse_date(date) is None


def test_an_empty_payload_has_the_hash_of_nothing() -> None:
    canonical = signature.canonical_request("POST", "/x", "", {"x-sdk-content-sha256": "UNSIGNED-PAYLOAD"}, (), b"")
    assert canonical.endswith(hashlib.sha256(b"").hexdigest())
