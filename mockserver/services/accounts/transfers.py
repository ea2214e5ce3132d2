"""Moving money from a partner to its customers and back."""

from __future__ import annotations

from mockserver.domain.call import Answer, Call
from mockserver.domain.entities import PARTNER_PAID, Customer, Partner
from mockserver.domain.ledger import ALLOCATED, CASH, Movement, Trade
from mockserver.services.acting import acting_partner, customer_of, sees
from mockserver.services.registry import serves


@serves("UpdateCustomerAccountAmount")
def allocate_to_customer(call: Call) -> Answer:
    """Move cash from a partner to one of its partner-paid customers, in yuan.

    With `indirect_partner_id` a distributor pays from its reseller's balance. What the customer spends later does not
    touch the partner again. Source: api-bpconsole/mt_060005.
    """
    payer = acting_partner(call)
    customer = _customer_in_charge_of(call, payer)
    if customer.association_type != PARTNER_PAID:
        raise call.refused("CBC.99000000", f"{customer.name} is not partner-paid")
    return {"transfer_id": allocate(call, payer, (customer.id, ALLOCATED), "CBC.5003").id}


@serves("ReclaimToPartnerAccount")
def reclaim_from_customer(call: Call) -> Answer:
    """Take allocated money back from a customer, in yuan, up to what is left of it.

    Its arrears and its usage not yet billed do not lower that. Source: api-bpconsole/mt_060006.
    """
    partner = acting_partner(call)
    customer = _customer_in_charge_of(call, partner)
    funded = call.sandbox.ledger.find(customer.id, ALLOCATED)
    if customer.association_type != PARTNER_PAID or funded is None:
        raise call.refused("CBC.99000047", f"{customer.name} holds no account of allocated money")
    return {"trans_id": reclaim(call, (customer.id, ALLOCATED), partner).id}


def allocate(call: Call, payer: Partner, payee: tuple[str, str], code: str) -> Movement:
    """Move the amount asked for from the payer's cash, or refuse with `code`.

    Designated money cannot be allocated, nor can credit.
    """
    amount, cash = call.body["amount"], call.sandbox.ledger.open(payer.id, CASH)
    if amount > cash.available:
        shown = f"balance {cash.balance}, designated {cash.earmarked}"
        raise call.refused(code, f"{amount} asked, {cash.available} allocatable ({shown})")
    return call.sandbox.ledger.transfer((payer.id, CASH), payee, amount, Trade.ALLOCATION, call.now, prefix="AD")


def reclaim(call: Call, payer: tuple[str, str], payee: Partner) -> Movement:
    """Move the amount asked for back to the partner's cash, or refuse with CBC.99005003."""
    amount, held = call.body["amount"], call.sandbox.ledger.balance(*payer)
    if amount > held:
        raise call.refused("CBC.99005003", f"{amount} asked, {held} there")
    return call.sandbox.ledger.transfer(payer, (payee.id, CASH), amount, Trade.RECLAIM, call.now, prefix="RE")


def _customer_in_charge_of(call: Call, partner: Partner) -> Customer:
    """The customer named, if it is the partner's (else CBC.99000035) and in the user's charge (else CBC.99000000)."""
    customer_id = call.body["customer_id"]
    customer = call.sandbox.customers.get(customer_id)
    if customer is not None and customer.partner_id == partner.id and not sees(call, customer):
        raise call.refused("CBC.99000000", f"{customer.name} is assigned to another account manager")
    return customer_of(call, partner, customer_id)
