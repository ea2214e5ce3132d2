"""What partners of the international site do with the SDK: get customers, unfreeze them, set budgets, watch quotas."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from huaweicloudsdkbssintl.v2 import (
    CreateCustomerV2Req,
    CreateSubCustomerRequest,
    ListSubCustomersRequest,
    ModSubCustomerBudgetReq,
    QuerySubCustomerListReq,
    SendVerificationCodeV2Req,
    SendVerificationMessageCodeRequest,
    ShowPartnerConsumptionQuotaRequest,
    ShowSubCustomerBudgetRequest,
    UnfreezeSubCustomersReq,
    UnfreezeSubCustomersRequest,
    UpdateSubCustomerBudgetRequest,
)
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException

from tests.driver import World
from tests.sdk.conftest import Connect

EMAIL = "sdk-customer@example.com"


def send_code(world: World, partner: Any) -> str:
    """Have a code sent to the future customer, and read it over the customer's shoulder."""
    body = SendVerificationCodeV2Req(receiver_type=2, email=EMAIL, lang="en-us")
    partner.send_verification_message_code(SendVerificationMessageCodeRequest(body=body))
    return str(world.look("verification_codes", receiver=EMAIL)[-1]["code"])


def new_customer(code: str) -> CreateSubCustomerRequest:
    body = CreateCustomerV2Req(
        xaccount_id="user-1",
        xaccount_type="DEMO_IDP",
        domain_name="sdk-customer",
        domain_area="MX",
        email=EMAIL,
        verification_code=code,
    )
    return CreateSubCustomerRequest(body=body)


def is_frozen(partner: Any, customer_id: str) -> bool:
    query = ListSubCustomersRequest(body=QuerySubCustomerListReq(customer_id=customer_id))
    (customer,) = partner.list_sub_customers(query).customer_infos
    return bool(customer.is_frozen)


def budget(customer_id: str, **fields: Any) -> UpdateSubCustomerBudgetRequest:
    body = ModSubCustomerBudgetReq(customer_id=customer_id, budget_amount=Decimal("200.50"), **fields)
    return UpdateSubCustomerBudgetRequest(body=body)


def test_a_new_customer_starts_frozen_until_it_is_unfrozen(abroad: World, connect: Connect) -> None:
    partner = connect(abroad, "solution_provider")
    created = partner.create_sub_customer(new_customer(send_code(abroad, partner)))
    abroad.advance("PT5S")
    assert is_frozen(partner, created.domain_id)
    body = UnfreezeSubCustomersReq(customer_ids=[created.domain_id], reason="paid", unfreeze_type="ACCOUNT")
    assert partner.unfreeze_sub_customers(UnfreezeSubCustomersRequest(body=body)).error_details == []
    assert not is_frozen(partner, created.domain_id)


def test_a_wrong_code_creates_nobody(abroad: World, connect: Connect) -> None:
    partner = connect(abroad, "solution_provider")
    wrong = "000000" if send_code(abroad, partner) != "000000" else "111111"
    with pytest.raises(ClientRequestException) as caught:
        partner.create_sub_customer(new_customer(wrong))
    assert (caught.value.status_code, caught.value.error_code) == (400, "CBC.99004010")
    assert not abroad.look("customers", name="sdk-customer")


def test_a_first_budget_unfreezes_and_is_used_up(abroad: World, connect: Connect) -> None:
    partner = connect(abroad, "solution_provider")
    created = partner.create_sub_customer(new_customer(send_code(abroad, partner)))
    abroad.advance("PT5S")
    partner.update_sub_customer_budget(budget(created.domain_id, cancel_partner_frozen="1", frozen_operate_type=1))
    assert not is_frozen(partner, created.domain_id)
    abroad.place("budget_usage", customer="sdk-customer", amount="200.51")
    shown = partner.show_sub_customer_budget(ShowSubCustomerBudgetRequest(customer_id=created.domain_id))
    assert (float(shown.budget_amount), float(shown.used_amount), shown.budget_type) == (200.5, 200.51, "MONTHLY")
    assert is_frozen(partner, created.domain_id)


def test_the_partner_watches_its_quota(abroad: World, connect: Connect) -> None:
    abroad.place("partners", name="demo-partner", consumption_quota="10000.00", due_amount="300.00", cash="100.00")
    quota = connect(abroad, "solution_provider").show_partner_consumption_quota(ShowPartnerConsumptionQuotaRequest())
    assert (float(quota.consumption_quota), float(quota.used_consumption_quota)) == (10000, 200)
    assert quota.currency == "USD"
