"""Customers: registered, authenticated, looked at, funded, left."""

from __future__ import annotations

from typing import Any

from tests.contracts.mutants.diary import Diary
from tests.contracts.mutants.walks.words import CUSTOMER, PARTNER


def people(diary: Diary) -> None:
    """Registering, authenticating, what others may see, and leaving."""
    partner, request = "solution_provider", _code_request(diary)
    for number in range(2):
        diary.call(partner, "SendVerificationMessageCode", request)
        for code, name in (
            ("1" * 6, "walker"),
            (_last_code(diary), "walker"),
            (_last_code(diary), "walker"),
            ("", "other"),
        ):
            _register(diary, code or _last_code(diary), f"{name}{number}")
        diary.wait("PT3S")
    diary.call(partner, "SendVerificationMessageCode", request)
    diary.wait("PT11M")
    _register(diary, _last_code(diary), "latecomer")
    _register(diary, "", "shorter", password="Abcd12!")
    _register(diary, "", "double", domain_name=CUSTOMER)
    for name in ("walker0", "other0", "nobody-at-all"):
        diary.call(partner, "CheckUserIdentity", {"search_type": "name", "search_value": name})
    diary.call(partner, "SendVerificationMessageCode", {**request, "mobile_phone": "1391234567"})
    for _ in range(17):
        diary.call(partner, "SendVerificationMessageCode", request)
    _authenticate(diary)
    _look_around(diary)
    diary.place("arrears", customer=CUSTOMER, amount="0")
    diary.place("dissociations", customer="demo-reseller-customer")
    diary.wait("P1M")


def _code_request(diary: Diary) -> dict[str, Any]:
    if diary.target.site == "cn":
        return {"receiver_type": 1, "mobile_phone": "13912345678"}
    return {"receiver_type": 2, "email": "walker@example.com", "lang": "en-us"}


def _last_code(diary: Diary) -> str:
    codes = diary.target.controls.look("verification_codes")
    return str(codes[-1]["code"]) if codes else ""


def _register(diary: Diary, code: str, name: str, **fields: str) -> None:
    contact = {"mobile_phone": "13912345678"} if diary.target.site == "cn" else {"email": "walker@example.com"}
    body = {"xaccount_id": name, "xaccount_type": "DEMO_IDP", "domain_name": name, **fields}
    proof = {**contact, "verification_code": code} if code else {}
    diary.call("solution_provider", "CreateSubCustomer", {**body, **proof})


def _authenticate(diary: Diary) -> None:
    diary.place("customers", name="fresh", partner=PARTNER, credential="fresh")
    diary.call("solution_provider", "ListSubCustomers", {"customer_id": diary.id("fresh")})
    application = {
        "customer_id": diary.id("fresh"), "identify_type": 1, "verified_file_url": ["a.jpg"], "corp_name": "Fresh Ltd",
        "verified_number": "1", "xaccount_type": "DEMO_IDP",
    }  # fmt: skip
    for _ in range(2):
        diary.call("solution_provider", "CreateEnterpriseRealnameAuthentication", application)
    result = {"customer_id": diary.id("fresh")}
    diary.call("solution_provider", "ShowRealnameAuthenticationReviewResult", **result)
    diary.call("fresh", "CreateEnterpriseProjectAuth")
    diary.wait("PT3S")
    diary.call("solution_provider", "ShowRealnameAuthenticationReviewResult", **result)
    for who in ("fresh", "fresh", "customer", "referral_customer", "customer_user"):
        diary.call(who, "CreateEnterpriseProjectAuth")
        diary.call(who, "ShowRealNameAuthQrCode")


def _look_around(diary: Diary) -> None:
    """Everybody looks at everything, at his own and at that of others."""
    others = [diary.id(name) for name in ("customer", "referral_customer", "reseller_customer")
              if name in diary.target.controls.credentials]  # fmt: skip
    infos = {"customer_infos": [{"customer_id": one} for one in others]}
    for who in ("solution_provider", "distributor", "account_manager", "operator_limited"):
        diary.call(who, "ListCustomersBalancesDetail", infos)
        diary.call(who, "ListSubCustomers", {"limit": 100})
        diary.call(who, "ListSubCustomerNewTag", {"customer_ids": others[:1]})
        diary.call(who, "ListPartnerBalances", indirect_partner_id=diary.id("reseller"))
        for one in others:
            diary.call(who, "UpdateCustomerAccountAmount", {"customer_id": one, "amount": 1.25})
            diary.call(who, "ReclaimToPartnerAccount", {"customer_id": one, "amount": 0.75})
            diary.call(who, "ListCustomerOnDemandResources", {"customer_id": one})
            diary.call(who, "ShowSubCustomerBudget", customer_id=one)
    for name in ("world", "WORLD", "demo"):
        diary.call("solution_provider", "ListSubCustomers", {"account_name": name})
        diary.call("solution_provider", "ListSubCustomers", {"label": name})
    since = {"associated_on_begin": "2026-02-02T02:00:00Z", "associated_on_end": "2026-03-02T02:00:00Z"}
    diary.call("solution_provider", "ListSubCustomers", since)
    reseller = {"indirect_partner_id": diary.id("reseller")}
    diary.call("distributor", "ListPartnerBalances", **reseller)
    diary.place("partners", name="foreign", kind="distributor", credential="foreign")
    diary.call("foreign", "ListPartnerBalances", **reseller)
    diary.call("foreign", "ListIssuedCouponQuotas")
    diary.call("distributor", "ListIndirectPartners", {"account_name": "World"})
    _move_money(diary, reseller)


def _move_money(diary: Diary, reseller: dict[str, str]) -> None:
    diary.call(
        "solution_provider", "UpdateCustomerAccountAmount", {"customer_id": diary.id("customer"), "amount": 99900}
    )
    for amount in (10**8, 400, 0.07):
        diary.call("distributor", "UpdateIndirectPartnerAccount", {**reseller, "amount": amount})
        diary.call("distributor", "ReclaimIndirectPartnerAccount", {**reseller, "amount": amount})
    held = (
        {"customer_id": diary.id("reseller_customer")}
        if "reseller_customer" in diary.target.controls.credentials
        else {}
    )
    diary.call("distributor", "ReclaimToPartnerAccount", {**held, **reseller, "amount": 185})
    for who in ("distributor", "solution_provider"):
        diary.call(who, "ListPartnerAdjustRecords", limit=100)
    diary.call("distributor", "ListPartnerAdjustRecords", **reseller)
    for kind in ("BALANCE_TYPE_DEBIT", "BALANCE_TYPE_CREDIT"):
        for who in ("customer", "referral_customer"):
            diary.call(who, "ListCustomerAccountChangeRecords", balance_type=kind)
        diary.call("solution_provider", "ListPartnerAccountChangeRecords", balance_type=kind)
        for day in range(1, 9):
            span = {"trade_time_begin": "2026-03-01", "trade_time_end": f"2026-03-{day:02d}"}
            diary.call("solution_provider", "ListPartnerAccountChangeRecords", balance_type=kind, **span, limit=100)
    diary.call("customer", "ShowCustomerAccountBalances")
    diary.place("arrears", customer=CUSTOMER, amount="3")
    own = {"customer_infos": [{"customer_id": diary.id("customer")}]}
    diary.call("solution_provider", "ListCustomersBalancesDetail", own)
    ledgers = diary.call("solution_provider", "ListPartnerBalances").get("account_balances", [])
    for one in ledgers[:1]:
        most = {"customer_id": diary.id("customer"), "amount": round(one["amount"] - 100, 2)}
        diary.call("solution_provider", "UpdateCustomerAccountAmount", most)
