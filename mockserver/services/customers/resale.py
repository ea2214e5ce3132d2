"""The reseller model of the international site: whose customers may be frozen and have budgets."""

from __future__ import annotations

from mockserver.domain.call import Call
from mockserver.domain.entities import RESELLER_MODEL, Customer, Partner
from mockserver.services.acting import sees


def resale_fault(call: Call, partner: Partner, customer: Customer | None) -> str:
    """Why a customer is not one that `partner` resells to: CBC.5004 somebody else's, CBC.5024 another association;
    empty if it is one."""
    if customer is None or customer.partner_id != partner.id or not sees(call, customer):
        return "CBC.5004"
    return "" if customer.association_type == RESELLER_MODEL else "CBC.5024"
