"""Voucher quotas that a distributor issues to its resellers and takes back."""

from __future__ import annotations

from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.coupons import NORMAL, VOUCHER_QUOTA, Quota, QuotaRecord
from mockserver.domain.entities import Partner
from mockserver.services.acting import calling_partner, sees
from mockserver.services.coupons.changes import QUOTA_ISSUED, QUOTA_RECLAIMED, cut, take_quota_back
from mockserver.services.coupons.listing import newest_first, quota_row
from mockserver.services.paging import page
from mockserver.services.periods import between
from mockserver.services.registry import serves


@serves("UpdateCouponQuotas")
def issue_quotas(call: Call) -> Answer:
    """Cut a new quota of `quota_amount`, in yuan, for each reseller named. Source: api-bpconsole/espp_00002.

    The balance must suffice for all that are served, else nobody is. A reseller that is leaving is reported.
    """
    quota = _quota_to_issue(call)
    resellers = [_reseller(call, one) for one in dict.fromkeys(call.body["indirect_partner_ids"])]
    _check_designated_customers(call, quota, resellers)
    staying = [one for one in resellers if not one.left_programme]
    amount = call.body["quota_amount"]
    if amount * len(staying) > quota.balance:
        raise call.refused("CBC.99000013", f"{len(staying)} times {amount} asked, {quota.balance} left")
    children = [_cut(call, quota.id, reseller) for reseller in staying]
    return {
        "error_details": [call.detail("CBC.50010105", id=one.id) for one in resellers if one.left_programme],
        "simple_quota_infos": [{"id": child.partner_id, "quota_id": child.id} for child in children],
    }


@serves("ReclaimCouponQuotas")
def reclaim_quotas(call: Call) -> Answer:
    """Take back what is left of resellers' quotas; it returns to the quotas that they were cut from.

    If nothing can be taken back the whole call is refused, else what cannot is reported. Coupons that the reseller has
    issued stay. Source: api-bpconsole/espp_00005.
    """
    quota_ids = list(dict.fromkeys(call.body["quota_ids"]))
    reclaimable = [one for one in quota_ids if _is_reclaimable(call, call.sandbox.quotas.get(one))]
    if not reclaimable:
        raise call.refused("CBC.99000012")
    operator, remark = call.principal.user.name, call.body.get("remark", "")
    quotas = [
        take_quota_back(call.sandbox, call.sandbox.quotas[one], operator, call.now, remark) for one in reclaimable
    ]
    return {
        "error_details": [call.detail("CBC.99000012", id=one) for one in quota_ids if one not in reclaimable],
        "simple_quota_infos": [{"quota_id": one.id, "quota_balance": one.balance} for one in quotas],
    }


@serves("ListIssuedCouponQuotas")
def list_issued_quotas(call: Call) -> Answer:
    """The quotas of the calling distributor's resellers, newest first, those taken back too.

    Source: api-bpconsole/espp_00006.
    """
    sent = call.parameters
    found = [
        quota
        for quota in newest_first(call.sandbox.quotas)
        if _is_own(call, quota)
        and sent.get("quota_id") in (None, quota.id)
        and sent.get("indirect_partner_id") in (None, quota.partner_id)
        and sent.get("parent_quota_id") in (None, quota.parent_id)
    ]
    return {"total_count": len(found), "quotas": [_issued_row(call, quota) for quota in page(call, found)]}


@serves("ListCouponQuotasRecords")
def list_quota_records(call: Call) -> Answer:
    """Each issue and each reclaim of a quota of the calling distributor's resellers, newest first.

    An operation_type that there is not is no filter. Source: api-bpconsole/espp_00007.
    """
    sent = call.parameters
    operation = sent.get("operation_type")
    found = [
        record
        for record in newest_first(call.sandbox.quota_records)
        if _is_own(call, call.sandbox.quotas[record.quota_id])
        and sent.get("indirect_partner_id") in (None, record.reseller_id)
        and sent.get("quota_id") in (None, record.quota_id)
        and sent.get("parent_quota_id") in (None, record.parent_quota_id)
        and (operation not in (QUOTA_ISSUED, QUOTA_RECLAIMED) or operation == record.operation_type)
        and between(sent, "operation_time", record.time)
    ]
    return {"total_count": len(found), "records": [_record_row(call, record) for record in page(call, found)]}


# Checks


def _quota_to_issue(call: Call) -> Quota:
    """The caller's voucher quota, in effect and in a state that allows issuing."""
    quota, caller = call.sandbox.quotas.get(call.body["quota_id"]), calling_partner(call)
    if quota is None or quota.partner_id != caller.id or quota.kind != VOUCHER_QUOTA:
        raise call.refused("CBC.0100", f"{caller.name} has no voucher quota {call.body['quota_id']}")
    if not quota.terms.hold_at(call.now):
        raise call.refused("CBC.99000017")
    if quota.state != NORMAL:
        raise call.refused("CBC.99000015", f"the quota is in state {quota.state}")
    return quota


def _reseller(call: Call, reseller_id: str) -> Partner:
    """A reseller of the caller in the user's charge, else CBC.99000037."""
    reseller = call.sandbox.partners.get(reseller_id)
    if reseller is None or reseller.distributor_id != calling_partner(call).id or not sees(call, reseller):
        raise call.refused("CBC.99000037", f"{reseller_id} is no reseller of {calling_partner(call).name}")
    return reseller


def _check_designated_customers(call: Call, quota: Quota, resellers: list[Partner]) -> None:
    """A quota for designated customers goes only to the reseller whose customers they are."""
    designated = [call.sandbox.customers[one].partner_id for one in quota.rules.customers]
    if any(partner_id != reseller.id for partner_id in designated for reseller in resellers):
        raise call.refused("CBC.50000021")


def _cut(call: Call, quota_id: str, reseller: Partner) -> Quota:
    """The parent changes with every cut, so it is looked up for each."""
    parent, operator = call.sandbox.quotas[quota_id], call.principal.user.name
    return cut(call.sandbox, parent, reseller, call.body["quota_amount"], operator, call.now)


def _is_own(call: Call, quota: Quota) -> bool:
    """Whether a quota was cut from one of the caller's, for a reseller in the user's charge."""
    parent = call.sandbox.quotas.get(quota.parent_id)
    own = parent is not None and parent.partner_id == calling_partner(call).id
    return own and sees(call, call.sandbox.partners[quota.partner_id])


def _is_reclaimable(call: Call, quota: Quota | None) -> bool:
    return quota is not None and _is_own(call, quota) and quota.state == NORMAL and quota.balance > 0


# Rows


def _reseller_fields(call: Call, reseller_id: str) -> dict[str, Any]:
    reseller = call.sandbox.partners[reseller_id]
    return {
        "indirect_partner_id": reseller.id,
        "indirect_partner_account_name": reseller.name,
        "indirect_partner_name": reseller.corp_name,
    }


def _issued_row(call: Call, quota: Quota) -> dict[str, Any]:
    fields = _reseller_fields(call, quota.partner_id)
    return {**quota_row(call, quota), **fields, "parent_quota_id": quota.parent_id}


def _record_row(call: Call, record: QuotaRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "operator": record.operator,
        "operation_type": record.operation_type,
        "quota_id": record.quota_id,
        "parent_quota_id": record.parent_quota_id,
        "amount": record.amount,
        "operation_time": record.time,
        "result": "0",
        **_reseller_fields(call, record.reseller_id),
        "remark": record.remark,
    }
