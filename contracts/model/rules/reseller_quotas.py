"""Quotas that a distributor cuts for its reseller and takes back; their records (China)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from hypothesis import strategies as st

from contracts.model.comparing import SOMETHING, Given, Refused
from contracts.model.coupon_rows import quota_row
from contracts.model.machine import Listing, Rules, one_of, picks, rarely, step
from contracts.model.reference.people import People
from contracts.model.reference.vouchers import FOR_VOUCHERS, NORMAL, Quota, Vouchers
from contracts.model.reference.world import CENT
from contracts.model.rules.coupons import some_quota, values


class Cutting(Rules):
    """From the quotas of a distributor to those of its reseller and back."""

    sites = ("cn",)

    @step(pick=picks, foreign=rarely, drawn=values, share=st.sampled_from(["all", "more", "some"]))
    def cut_quota(self, pick: int, foreign: bool, drawn: int, share: str) -> None:
        """A distributor gives its reseller a quota of its own."""
        vouchers, partners = self.world.of(Vouchers), self.world.of(People).partners
        quota = some_quota(self, "distributor", foreign, pick)
        if quota is None:
            return
        amount = {"all": quota.balance, "more": quota.balance + CENT}.get(share, Decimal(drawn) / 100) or CENT
        codes = _codes_of_cut(self, quota, amount)
        reseller = partners["reseller"].id
        infos = {"simple_quota_infos": [{"id": reseller, "quota_id": SOMETHING}], "error_details": []}
        answer = self.call(
            "distributor",
            "UpdateCouponQuotas",
            Refused(*codes) if codes else Given(infos),
            quota_id=quota.id,
            indirect_partner_ids=[reseller],
            quota_amount=amount,
        )
        if not codes:
            child = answer["simple_quota_infos"][0]["quota_id"]
            self.play.name(child, "quota")
            vouchers.cut(quota, "reseller", amount, child)

    @step(chosen=st.lists(picks, min_size=1, max_size=2))
    def take_quotas_back(self, chosen: list[int]) -> None:
        vouchers = self.world.of(Vouchers)
        quotas = list({one.id: one for one in (one_of(vouchers.quotas, pick) for pick in chosen)}.values())
        good = [one for one in quotas if one.parent and one.state == NORMAL and one.balance > 0]
        bad = [{"id": one.id, "error_code": "CBC.99000012"} for one in quotas if one not in good]
        infos = [{"quota_id": one.id, "quota_balance": Decimal(0)} for one in good]
        foretold = Given({"simple_quota_infos": infos, "error_details": bad}) if good else Refused("CBC.99000012")
        self.call("distributor", "ReclaimCouponQuotas", foretold, quota_ids=[one.id for one in quotas])
        for one in good:
            vouchers.take_quota_back(one)

    def listings(self) -> Iterator[Listing]:
        vouchers = self.world.of(Vouchers)
        children = [
            {**quota_row(one), "parent_quota_id": one.parent.id} for one in vouchers.quotas if one.parent is not None
        ]
        yield Listing("distributor", "ListIssuedCouponQuotas", "quotas", children, ("quota_id",), "total_count")
        records = [
            {
                "operation_type": one.kind,
                "quota_id": one.quota.id,
                "parent_quota_id": one.quota.parent.id if one.quota.parent else "",
                "amount": one.amount,
                "operation_time": one.time,
            }
            for one in vouchers.quota_records
        ]
        key = ("operation_type", "quota_id", "amount", "operation_time")
        yield Listing(
            "distributor", "ListCouponQuotasRecords", "records", records, key, "total_count", "operation_time"
        )


def _codes_of_cut(rules: Rules, quota: Quota, amount: Decimal) -> list[str]:
    codes = []
    if quota.partner != "distributor" or quota.kind != FOR_VOUCHERS:
        return ["CBC.0100"]
    if not quota.begins <= rules.world.now < quota.ends:
        codes.append("CBC.99000017")
    if quota.state != NORMAL and rules.world.now < quota.ends:
        codes.append("CBC.99000015")
    reseller = {one.id for one in rules.world.of(People).of("reseller")}
    if quota.receivers and not set(quota.receivers) <= reseller:
        codes.append("CBC.50000021")
    if amount > quota.balance:
        codes.append("CBC.99000013")
    return codes
