"""A distributor's resellers: who they are, funding them, and taking money back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.clock import instant_text
from mockserver.domain.entities import Partner
from mockserver.domain.ledger import CASH
from mockserver.services.accounts.transfers import allocate, reclaim
from mockserver.services.acting import acting_partner, calling_partner, sees
from mockserver.services.paging import page
from mockserver.services.registry import serves


@serves("ListIndirectPartners")
def list_resellers(call: Call) -> Answer:
    """The calling distributor's resellers, the newest association first. Source: api-bpconsole/espp_00003.

    An account manager sees the resellers in his charge.
    """
    distributor = calling_partner(call)
    own = [one for one in call.sandbox.partners if one.distributor_id == distributor.id and sees(call, one)]
    found = sorted((one for one in own if _matches(call, one)), key=_association, reverse=True)
    return {"count": len(found), "indirect_partners": [_row(one) for one in page(call, found)]}


@serves("UpdateIndirectPartnerAccount")
def allocate_to_reseller(call: Call) -> Answer:
    """Move cash from the calling distributor to one of its resellers, in yuan. Source: api-bpconsole/espp_00001."""
    reseller = _reseller_in_charge(call)
    return {"transfer_id": allocate(call, calling_partner(call), (reseller.id, CASH), "CBC.99005003").id}


@serves("ReclaimIndirectPartnerAccount")
def reclaim_from_reseller(call: Call) -> Answer:
    """Take back what is left on a reseller's account, in yuan; what it allocated to customers has left it.

    Designated money counts as left: the page sets no other bound than the balance. Source: api-bpconsole/espp_00004.
    """
    reseller = _reseller_in_charge(call)
    return {"trans_id": reclaim(call, (reseller.id, CASH), calling_partner(call)).id}


def _reseller_in_charge(call: Call) -> Partner:
    """The reseller named, if it is the distributor's and in the user's charge; else CBC.99000037."""
    reseller = acting_partner(call)
    if not sees(call, reseller):
        raise call.refused("CBC.99000037", f"{reseller.name} is assigned to another account manager")
    return reseller


def _matches(call: Call, reseller: Partner) -> bool:
    """Whether a reseller is the one asked for, has the text in its name, in whatever case of letters, and was
    associated between the instants."""
    wanted_id, name = call.body.get("indirect_partner_id"), call.body.get("account_name", "")
    begin, end = call.body.get("associated_on_begin", ""), call.body.get("associated_on_end", "Z")
    return (
        wanted_id in (None, reseller.id)
        and name.casefold() in reseller.name.casefold()
        and begin < instant_text(_association(reseller)) < end
    )


def _association(reseller: Partner) -> datetime:
    assert reseller.associated_on is not None, "a reseller is associated from its beginning"
    return reseller.associated_on


def _row(reseller: Partner) -> dict[str, Any]:
    return {
        "indirect_partner_id": reseller.id,
        "mobile_phone": reseller.mobile,
        "email": reseller.email,
        "account_name": reseller.name,
        "name": reseller.corp_name,
        "associated_on": reseller.associated_on,
        "account_manager_id": reseller.account_manager,
        "account_manager_name": reseller.account_manager,
    }
