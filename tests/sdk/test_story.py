"""What partners of the China site do with the SDK: get customers, move money, read the records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from huaweicloudsdkbss.v2 import (
    AdjustAccountReq,
    AdjustToIndirectPartnerReq,
    CreateCustomerV2Req,
    CreateSubCustomerRequest,
    ListCustomerAccountChangeRecordsRequest,
    ListIndirectPartnersRequest,
    ListPartnerAccountChangeRecordsRequest,
    ListPartnerAdjustRecordsRequest,
    ListPartnerBalancesRequest,
    ListSubCustomersRequest,
    QueryIndirectPartnersReq,
    QuerySubCustomerListReq,
    ReclaimToPartnerAccountBalancesReq,
    ReclaimToPartnerAccountRequest,
    ShowCustomerAccountBalancesRequest,
    UpdateCustomerAccountAmountRequest,
    UpdateIndirectPartnerAccountRequest,
)

from tests.driver import World
from tests.sdk.conftest import Connect
from tests.sdk.seller import customer_token

CASH = 1


def new_customer(**fields: Any) -> CreateSubCustomerRequest:
    body = {"xaccount_id": "user-1", "xaccount_type": "DEMO_IDP", "domain_name": "sdk-customer", **fields}
    return CreateSubCustomerRequest(body=CreateCustomerV2Req(**body))


def customers(client: Any, **filters: str) -> list[Any]:
    answer = client.list_sub_customers(ListSubCustomersRequest(body=QuerySubCustomerListReq(**filters)))
    return list(answer.customer_infos)


def allocation(customer_id: str, amount: str, **fields: str) -> UpdateCustomerAccountAmountRequest:
    body = AdjustAccountReq(customer_id=customer_id, amount=Decimal(amount), **fields)
    return UpdateCustomerAccountAmountRequest(body=body)


def reclaim(customer_id: str, amount: str) -> ReclaimToPartnerAccountRequest:
    body = ReclaimToPartnerAccountBalancesReq(customer_id=customer_id, amount=Decimal(amount))
    return ReclaimToPartnerAccountRequest(body=body)


def partner_cash(client: Any, **parameters: str) -> float:
    answer = client.list_partner_balances(ListPartnerBalancesRequest(**parameters))
    return next(float(one.amount) for one in answer.account_balances if one.account_type == CASH)


def own_balances(client: Any) -> list[Any]:
    return list(client.show_customer_account_balances(ShowCustomerAccountBalancesRequest()).account_balances)


def own_cash(client: Any) -> float:
    return next(float(one.amount) for one in own_balances(client) if one.account_type == CASH)


def test_a_solution_provider_gets_a_customer_and_moves_money(world: World, connect: Connect) -> None:
    partner = connect(world, "solution_provider")
    created = partner.create_sub_customer(new_customer())
    assert customers(partner, customer_id=created.domain_id) == []
    world.advance("PT5S")
    (listed,) = customers(partner, customer_id=created.domain_id)
    assert (listed.account_name, listed.association_type) == ("sdk-customer", "2")

    world.place("customers", name="sdk-customer", credential="sdk_customer")
    customer, cash = connect(world, "sdk_customer"), partner_cash(partner)
    transfer = partner.update_customer_account_amount(allocation(created.domain_id, "120.50")).transfer_id
    assert (partner_cash(partner), own_cash(customer)) == (cash - 120.5, 120.5)
    world.advance("PT1M")
    reclaimed = partner.reclaim_to_partner_account(reclaim(created.domain_id, "20.25")).trans_id
    assert (partner_cash(partner), own_cash(customer)) == (cash - 100.25, 100.25)

    adjustments = partner.list_partner_adjust_records(ListPartnerAdjustRecordsRequest(customer_id=created.domain_id))
    assert [(one.trans_id, one.amount) for one in adjustments.records] == [(reclaimed, "20.25"), (transfer, "120.50")]
    of_day = {"balance_type": "BALANCE_TYPE_DEBIT", "trade_time_begin": "2026-03-02", "trade_time_end": "2026-03-02"}
    seen = partner.list_partner_account_change_records(ListPartnerAccountChangeRecordsRequest(**of_day)).records
    own = customer.list_customer_account_change_records(ListCustomerAccountChangeRecordsRequest(**of_day)).records
    assert [one.trade_id for one in seen[:2]] == [one.trade_id for one in own] == [reclaimed, transfer]
    assert [one.balance_after_change for one in own] == ["100.25", "120.50"]


def test_a_distributor_funds_a_reseller_and_its_customer(world: World, connect: Connect) -> None:
    distributor = connect(world, "distributor")
    query = ListIndirectPartnersRequest(body=QueryIndirectPartnersReq(account_name="demo-reseller"))
    (reseller,) = distributor.list_indirect_partners(query).indirect_partners
    named = {"indirect_partner_id": reseller.indirect_partner_id}
    created = distributor.create_sub_customer(
        new_customer(xaccount_type="DIST_IDP", include_association_result=True, **named)
    )
    assert customers(distributor) == []
    assert created.domain_id in [one.customer_id for one in customers(distributor, **named)]

    cash, held = partner_cash(distributor), partner_cash(distributor, **named)
    top_up = AdjustToIndirectPartnerReq(amount=Decimal("50.00"), **named)
    distributor.update_indirect_partner_account(UpdateIndirectPartnerAccountRequest(body=top_up))
    distributor.update_customer_account_amount(allocation(created.domain_id, "30.00", **named))
    assert (partner_cash(distributor), partner_cash(distributor, **named)) == (cash - 50, held + 20)


def test_a_partner_reads_the_balance_as_its_customer(world: World, connect: Connect) -> None:
    partner = connect(world, "solution_provider")
    request = partner.show_customer_account_balances_invoker(ShowCustomerAccountBalancesRequest())
    answer = request.add_header("X-Auth-Token", customer_token(world, "solution_provider", "customer")).invoke()
    assert answer.account_balances == own_balances(connect(world, "customer"))
