"""Quotas, coupons, cards."""

from __future__ import annotations

from tests.contracts.mutants.diary import Diary
from tests.contracts.mutants.walks.words import PARTNER


def vouchers(diary: Diary) -> None:
    """Quotas, coupons, cards: issued, refused, taken back, expired."""
    partner, both = "solution_provider", [diary.id("customer"), diary.id("referral_customer")]
    validity = {"effective": "P0D", "expires": "P3D"}
    small = diary.place("quotas", partner=PARTNER, amount="50", validity=validity)["id"]
    issue = {"quota_id": small, "customer_ids": both, "face_value": 1}
    late = {"expire_time": "2029-01-01T00:00:00Z"}
    for fields in ({"face_value": 40}, {"face_value": 30}, {"face_value": 10}, late, {"product_ids": ["none"]}):
        diary.call(partner, "CreatePartnerCoupons", {**issue, **fields})
    for one in diary.target.controls.look("coupons"):
        diary.call(partner, "ReclaimPartnerCoupons", {"coupon_id": one["id"]})
    _cut_quotas(diary)
    _list_vouchers(diary)
    diary.place("dissociations", customer="demo-reseller-customer")
    diary.wait("P4D")
    diary.call(partner, "CreatePartnerCoupons", issue)
    for status in (1, 2):
        diary.call("customer", "ListStoredValueCards", status=status)
    for who in ("customer", "referral_customer", "solution_provider"):
        diary.call(who, "ListSubCustomerCoupons")
    diary.call("customer", "ListCustomerCouponChangeRecords", balance_type="BALANCE_TYPE_COUPON")
    diary.wait("P1Y")


def _cut_quotas(diary: Diary) -> None:
    """A distributor cuts quotas for its resellers, and takes some back."""
    reseller, distributor = diary.id("reseller"), "demo-distributor"
    granted = diary.place("quotas", partner=distributor, amount="100")["id"]
    for amount in (60, 40):
        body = {"quota_id": granted, "indirect_partner_ids": [reseller], "quota_amount": amount}
        diary.call("distributor", "UpdateCouponQuotas", body)
    two = {"quota_id": diary.place("quotas", partner=distributor, amount="100")["id"], "quota_amount": 60}
    others = [one["id"] for one in diary.target.controls.look("partners", distributor_id=diary.id("distributor"))]
    diary.call("distributor", "UpdateCouponQuotas", {**two, "indirect_partner_ids": others[:2]})
    cut = [one["id"] for one in diary.target.controls.look("quotas", partner_id=reseller)]
    for one in cut[:2]:
        diary.place("coupons", account="demo-reseller-customer", quota=one, amount="3")
    diary.call("distributor", "ReclaimCouponQuotas", {"quota_ids": cut[-1:], "remark": "r"})
    diary.call("distributor", "ListQuotaCoupons", {"indirect_partner_id": diary.id("reseller")})
    for listing in ("ListIssuedCouponQuotas", "ListCouponQuotasRecords"):
        diary.call("distributor", listing, limit=100)
        diary.call("distributor", listing, indirect_partner_id=others[1])


def _list_vouchers(diary: Diary) -> None:
    partner = "solution_provider"
    for paging in ({"limit": 100}, {"limit": 2, "offset": 1}, {"limit": 1, "offset": 2}):
        found = diary.call(partner, "ListQuotaCoupons", paging).get("quotas", [])
    for one in found:
        diary.call(partner, "ListQuotaCoupons", {"create_time_begin": one["create_time"]})
    diary.call(partner, "ListIssuedPartnerCoupons", coupon_type=4)
    for quota in diary.target.controls.look("quotas", partner_id=diary.id(partner))[:3]:
        for result in ("0", "-1"):
            diary.call(partner, "ListPartnerCouponsRecord", quota_id=quota["id"], result=result)
