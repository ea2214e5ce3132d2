"""Income and expense records, and adjustments: views of the ledger's movements."""

from __future__ import annotations

from typing import Any

from mockserver.domain.call import Answer, Call
from mockserver.domain.clock import CHINA, instant_text
from mockserver.domain.entities import PARTNER_PAID, Customer, Partner
from mockserver.domain.ids import digest
from mockserver.domain.ledger import ALLOCATED, CASH, CREDIT, Movement, Posting, Trade
from mockserver.services.accounts.balances import refuse_resale, unit
from mockserver.services.acting import acting_partner, calling_customer, sees
from mockserver.services.paging import page
from mockserver.services.periods import between, trade_days
from mockserver.services.registry import serves

DEBIT = "BALANCE_TYPE_DEBIT"
ADJUSTMENTS = (Trade.ALLOCATION, Trade.RECLAIM, Trade.UNBINDING)
"""Movements between a partner and its customers, or a distributor and its resellers."""

CONSUMPTION = (Trade.USAGE, Trade.WRITE_OFF, Trade.PURCHASE)
"""Movements that a bill stands behind."""


@serves("ListPartnerAccountChangeRecords")
def list_partner_records(call: Call) -> Answer:
    """What changed a partner's cash or credit on the China days asked for, newest first.

    An account manager does not see the rows of customers that others are in charge of. Source: api-bpconsole/mt_060007.
    """
    partner, ledger = acting_partner(call), call.sandbox.ledger
    book = CASH if call.parameters["balance_type"] == DEBIT else CREDIT
    on_days, trade_type = trade_days(call, reversed_matches_nothing=True), call.parameters.get("trade_type")
    found = [
        (posting, movement)
        for posting, movement in ledger.history(ledger.book(partner.id, book))
        if on_days(movement.time) and trade_type in (None, movement.trade.trade_type) and _is_shown(call, movement)
    ]
    return {
        "total_count": len(found),
        "currency": call.sandbox.currency,
        "records": [_partner_record(call, *entry) for entry in page(call, found)],
    }


@serves("ListCustomerAccountChangeRecords")
def list_customer_records(call: Call) -> Answer:
    """What changed the calling customer's cash or credit on the China days asked for, newest first.

    Allocated money counts as cash. A partner-paid customer has no credit account. Source: api-oce/mac_00003.
    """
    customer, ledger = calling_customer(call), call.sandbox.ledger
    _check_readable(call, customer)
    on_days, wanted = (
        trade_days(call, reversed_matches_nothing=True),
        _sent(call, "revenue_expense_type", "trade_type", "trade_id", "payment_channel_no"),
    )
    channels = call.parameters.get("payment_channel_id")
    found = [
        (posting, movement)
        for posting, movement in ledger.history(*ledger.accounts_of(customer.id, _books(call, customer)))
        if on_days(movement.time)
        and wanted.items() <= _facts(posting, movement).items()
        and (channels is None or _channel(movement) in channels.split(","))
    ]
    return {
        "total_count": len(found),
        "currency": call.sandbox.currency,
        "records": [_customer_record(customer, *entry) for entry in page(call, found)],
    }


@serves("ListPartnerAdjustRecords")
def list_adjustments(call: Call) -> Answer:
    """The movements between a partner and its customers or, for a distributor, its resellers, newest first.

    What came back from customers that left or switched is among them; asked for by its id, a customer that is not
    partner-paid by this partner now has none. Source: api-bpconsole/zh-cn_topic_0000001191118881.
    """
    partner, ledger = acting_partner(call), call.sandbox.ledger
    wanted = _sent(call, "operation_type", "trans_id", "customer_id")
    asked_in_vain = "customer_id" in wanted and not _is_adjustable(call, partner, wanted["customer_id"])
    history = () if asked_in_vain else ledger.history(ledger.book(partner.id, CASH))
    found = [
        movement
        for _, movement in history
        if movement.trade in ADJUSTMENTS
        and _partner_id(movement) == partner.id
        and between(call.parameters, "operation_time", movement.time)
        and wanted.items() <= _adjustment_facts(movement).items()
        and _is_shown(call, movement)
    ]
    return {"records": [_adjustment(call, one) for one in page(call, found)], "total_count": len(found)}


# What is asked for


def _sent(call: Call, *names: str) -> dict[str, str]:
    """Those of the filters that were sent."""
    return {name: value for name in names if (value := call.parameters.get(name)) is not None}


def _books(call: Call, customer: Customer) -> tuple[str, ...]:
    if call.parameters["balance_type"] == DEBIT:
        return (CASH, ALLOCATED)
    return () if customer.association_type == PARTNER_PAID else (CREDIT,)


def _check_readable(call: Call, customer: Customer) -> None:
    refuse_resale(call, customer)
    if customer.association_type == PARTNER_PAID and not call.sandbox.setting("partner_paid_records"):
        raise call.refused("CBC.99000084", f"{customer.name} is partner-paid, which the setting shuts out")


def _is_adjustable(call: Call, partner: Partner, account_id: str) -> bool:
    """Whether an account is a partner-paid customer or a reseller of the partner."""
    customer, reseller = call.sandbox.customers.get(account_id), call.sandbox.partners.get(account_id)
    if customer is not None:
        return customer.partner_id == partner.id and customer.association_type == PARTNER_PAID
    return reseller is not None and reseller.distributor_id == partner.id


def _is_shown(call: Call, movement: Movement) -> bool:
    """Whether the calling user may see a movement: an account manager sees those of the customers in his charge."""
    return movement.trade not in ADJUSTMENTS or sees(call, _customer_in(call, movement))


# What a movement is


def _customer_id(movement: Movement) -> str:
    """Whom an adjustment funded or took from: a customer, or a distributor's reseller."""
    return movement.payee_id if movement.trade is Trade.ALLOCATION else movement.payer_id


def _partner_id(movement: Movement) -> str:
    """Who paid an adjustment or got it back."""
    return movement.payer_id if movement.trade is Trade.ALLOCATION else movement.payee_id


def _customer_in(call: Call, movement: Movement) -> Customer | Partner:
    account_id = _customer_id(movement)
    return call.sandbox.partners.get(account_id) or call.sandbox.customers[account_id]


def _trade_id(movement: Movement) -> str:
    """The id of the order, where the movement is about one."""
    return movement.order_id or movement.id


def _channel(movement: Movement) -> str:
    return movement.channel or movement.trade.channel


def _direction(posting: Posting) -> str:
    return "REVENUE" if posting.amount > 0 else "EXPENSE"


def _facts(posting: Posting, movement: Movement) -> dict[str, str]:
    """What the filters of a customer's records look at."""
    return {
        "revenue_expense_type": _direction(posting),
        "trade_type": movement.trade.trade_type,
        "trade_id": _trade_id(movement),
        "payment_channel_no": movement.channel_number,
    }


def _adjustment_facts(movement: Movement) -> dict[str, str]:
    """What the filters of the adjustments look at."""
    return {
        "customer_id": _customer_id(movement),
        "operation_type": movement.trade.detail_type,
        "trans_id": movement.id,
    }


# Rows


def _record(posting: Posting, movement: Movement) -> dict[str, Any]:
    return {
        "account_change_id": digest(posting.id, size=16),
        "trade_detail_type": movement.trade.detail_type,
        "trade_time": movement.time,
        "trade_id": _trade_id(movement),
        "change_amount": abs(posting.amount),
        "balance_after_change": posting.balance_after,
    }


def _partner_record(call: Call, posting: Posting, movement: Movement) -> dict[str, Any]:
    customer = _customer_in(call, movement) if movement.trade in ADJUSTMENTS else None
    return {
        **_record(posting, movement),
        "type": "1" if posting.amount > 0 else "2",
        "customer_id": customer.id if customer else "",
        "account_name": customer.name if customer else "",
    }


def _customer_record(customer: Customer, posting: Posting, movement: Movement) -> dict[str, Any]:
    consumed = movement.trade in CONSUMPTION
    instant = instant_text(movement.time)
    return {
        **_record(posting, movement),
        "revenue_expense_type": _direction(posting),
        "bill_cycle": f"{movement.time.astimezone(CHINA):%Y-%m}" if consumed else "",
        "payment_channel_id": _channel(movement),
        "payment_channel_no": movement.channel_number,
        "consume_time": f"{instant},{instant}" if consumed else "",
        "account_name": customer.name,
        "cloud_service_type_name": "",
        "resource_type_name": "",
    }


def _adjustment(call: Call, movement: Movement) -> dict[str, Any]:
    customer = _customer_in(call, movement)
    return {
        "customer_id": customer.id,
        "customer_name": customer.name,
        "operation_type": movement.trade.detail_type,
        "amount": movement.amount,
        **unit(call),
        "apply_scene": "",
        "operation_time": movement.time,
        "trans_id": movement.id,
        "memo": movement.memo,
    }
