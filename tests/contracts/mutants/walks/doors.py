"""The gateway."""

from __future__ import annotations

from typing import Any

from requests import PreparedRequest, Request

from contracts.targets.target import TOKEN
from mockserver.gateway import signature
from tests.contracts.mutants.diary import Diary
from tests.contracts.mutants.walks.words import CUSTOMER, PARTNER


def doors(diary: Diary) -> None:
    """Calls that the gateway refuses, and tokens."""
    provinces = f"{diary.target.base_url}/v2/systems/configs/provinces"
    chinese = Request("GET", provinces, headers={"X-Language": "zh_cn"})
    wrong = (Request("PATCH", provinces), Request("GET", provinces + "/"), Request("GET", provinces + "s"))
    for request in (*wrong, chinese):
        diary.send("customer", request)
    diary.send("", Request("GET", provinces))
    customers = f"{diary.target.base_url}/v2/partners/sub-customers/query"
    for body, kind in (("{}", "text/html"), ("", "application/json")):
        diary.send("solution_provider", Request("POST", customers, data=body, headers={"Content-Type": kind}))
    _come_as_others(diary)
    _forge(diary, provinces)
    diary.call("solution_provider", "ListSubCustomers", {}, TOKEN)
    diary.call("operator", "ListPartnerBalances", None, TOKEN)
    diary.place("users", account=PARTNER, name="demo-operator", items=[])
    diary.call("operator", "ListPartnerBalances", None, TOKEN)
    diary.wait("P2D")
    diary.call("solution_provider", "ListSubCustomers", {}, TOKEN)
    for language in ("zh_CN", "en_US"):
        diary.call("reseller", "ListServiceTypes", X_Language=language)
        diary.call("customer", "ListServiceTypes", X_Language=language, limit=-1)


def _come_as_others(diary: Diary) -> None:
    """Users that hold just one right."""
    order = {"order_id": "x", "use_coupon": "NO", "use_discount": "NO"}
    rights: list[tuple[str, dict[str, Any], str, Any, dict[str, Any]]] = [
        ("demo-distributor", {"items": ["BPC_ITEM_SALES_020100"]}, "ListIndirectPartners", {}, {}),
        (PARTNER, {"items": ["BPC_ITEM_SUBCUSTSERV_060200"]}, "ListCustomerOrders", None, {}),
        (CUSTOMER, {"actions": ["billing:order:view"]}, "PayOrders", order, {}),
        (CUSTOMER, {"actions": ["billing:coupon:view"]}, "ListStoredValueCards", None, {"status": 1}),
    ]
    for number, (account, held, operation, body, parameters) in enumerate(rights):
        name = f"walker-{number}"
        diary.place("users", account=account, name=name, credential=name, **held)
        diary.call(name, operation, body, **parameters)


def _forge(diary: Diary, url: str) -> None:
    """Signed calls with one thing changed after the signature, old ones, and one that is signed and has a token."""
    forged = _signed(diary, Request("GET", url))
    forged.headers["Authorization"] = str(forged.headers["Authorization"])[:-4] + "0000"
    body = _signed(diary, Request("POST", f"{diary.target.base_url}/v2/partners/sub-customers/query", json={}))
    body.prepare_body(None, None, json={"limit": 1})
    both = _signed(diary, Request("GET", url))
    diary.target.sign("customer", TOKEN)(both)
    both.headers["Authorization"] = "SDK-HMAC-SHA256 Access=none"
    old = _signed_as(diary, url, ("host", "x-sdk-date"), "20200101T000000Z")
    hostless = _signed_as(diary, url, ("x-sdk-date",), "")
    for one in (forged, body, both, old, hostless):
        response = diary.target.send(one)
        diary.lines.append((response.status_code, response.content))


def _signed(diary: Diary, request: Request) -> PreparedRequest:
    request.auth = diary.target.sign("solution_provider")
    return request.prepare()


def _signed_as(diary: Diary, url: str, names: tuple[str, ...], date: str) -> PreparedRequest:
    """Signed for these headers, at a date; now, if it is empty."""
    made, secret = _signed(diary, Request("GET", url)), diary.target.controls.credentials["solution_provider"]
    date = date or str(made.headers["x-sdk-date"])
    headers = {"host": str(made.headers["host"]), "x-sdk-date": date}
    text = signature.canonical_request("GET", made.path_url, "", headers, names, b"")
    value = signature.sign(secret["sk"], date, text)
    parts = f"Access={secret['ak']}, SignedHeaders={';'.join(names)}, Signature={value}"
    made.headers.update({"x-sdk-date": date, "Authorization": f"{signature.ALGORITHM} {parts}"})
    return made
