"""Each operation of customers, accounts and resellers through the SDK: what is sent has its effect, and the answer's
fields have the values and types that a partner's engineer computes with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

from mockserver.services import SERVICES
from tests.contract.loaded import VIEWS
from tests.driver import World
from tests.sdk.conftest import CLIENTS, Connect
from tests.sdk.models import ask, operations

AREAS = ("customers", "accounts", "resellers", "enterprise")
BOTH = ("cn", "intl")
TODAY = {"trade_time_begin": "2026-03-02", "trade_time_end": "2026-03-02"}
DEBIT = "BALANCE_TYPE_DEBIT"


@dataclass(frozen=True)
class Sdk:
    """A sandbox and its callers' clients: `sdk("customer", "ShowRealNameAuthStatus")`."""

    world: World
    connect: Connect

    def __call__(self, caller: str, operation_id: str, body: Any = None, /, **parameters: Any) -> Any:
        return ask(self.connect(self.world, caller), operation_id, body, **parameters)

    def place(self, kind: str, **fields: Any) -> str:
        """The id of what is placed."""
        return str(self.world.place(kind, **fields)["id"])

    def newcomer(self) -> str:
        """A customer of the solution provider that is not authenticated."""
        return self.place("customers", name="newcomer", partner="demo-partner")


Check = Callable[[Sdk], None]
CHECKS: dict[tuple[str, str], Check] = {}


def checks(operation_id: str, *sites: str) -> Callable[[Check], Check]:
    """Register the check of an operation on these sites."""

    def register(check: Check) -> Check:
        CHECKS.update({(operation_id, site): check for site in sites})
        return check

    return register


@pytest.mark.parametrize(("operation_id", "site"), CHECKS)
def test_it_works_through_the_sdk(
    operation_id: str, site: str, new_world: Callable[..., World], connect: Connect
) -> None:
    world = new_world(site=site)
    CHECKS[operation_id, site](Sdk(world, connect))
    assert world.control("GET", f"requests?sandbox={world.id}&operation={operation_id}")["requests"]


def test_every_operation_with_rules_is_checked() -> None:
    ruled = {
        (view.operation.id, view.site)
        for view in VIEWS
        if view.operation.area in AREAS and view.operation.id in SERVICES
        if view.operation.id in operations(CLIENTS[view.site]())
    }
    assert ruled - CHECKS.keys() == set()


# Customers


@checks("CheckUserIdentity", *BOTH)
def a_taken_name_and_a_free_one(sdk: Sdk) -> None:
    taken = sdk("solution_provider", "CheckUserIdentity", {"search_type": "name", "search_value": "demo-customer"})
    free = sdk("solution_provider", "CheckUserIdentity", {"search_type": "name", "search_value": "free-name"})
    assert (taken.check_result, free.check_result) == ("used_by_user", "available")


@checks("SendVerificationMessageCode", "cn")
def a_code_by_message_registers_a_number(sdk: Sdk) -> None:
    number = {"mobile_phone": "13900000001"}
    sdk("solution_provider", "SendVerificationMessageCode", {"receiver_type": 1, "timeout": 10, **number})
    code = sdk.world.look("verification_codes", receiver="13900000001")[-1]["code"]
    sdk("solution_provider", "CreateSubCustomer", {**new_customer(), **number, "verification_code": code})
    assert sdk.world.look("customers", mobile="13900000001")


@checks("SendVerificationMessageCode", "intl")
def a_code_by_mail_registers_an_address(sdk: Sdk) -> None:
    address = {"email": "new@example.com"}
    sdk("solution_provider", "SendVerificationMessageCode", {"receiver_type": 2, **address})
    code = sdk.world.look("verification_codes", receiver="new@example.com")[-1]["code"]
    body = {**new_customer(), **address, "domain_area": "MX", "verification_code": code}
    sdk("solution_provider", "CreateSubCustomer", body)
    assert sdk.world.look("customers", email="new@example.com")


def new_customer() -> dict[str, Any]:
    return {"xaccount_id": "user-1", "xaccount_type": "DEMO_IDP", "include_association_result": True}


@checks("CreateSubCustomer", *BOTH)
def a_new_customer_has_the_name_asked_for(sdk: Sdk) -> None:
    body = {**new_customer(), "domain_area": "MX", "domain_name": "sdk-customer", "is_close_market_ms": "true"}
    created = sdk("solution_provider", "CreateSubCustomer", body)
    assert created.domain_name == "sdk-customer"
    assert sdk.world.look("customers", name="sdk-customer")[0]["id"] == created.domain_id


@checks("ListSubCustomers", *BOTH)
def customers_are_found_by_name(sdk: Sdk) -> None:
    answer = sdk("solution_provider", "ListSubCustomers", {"account_name": "demo-cust", "limit": 1})
    (one,) = answer.customer_infos
    assert (answer.count, one.customer_id, one.customer_type) == (1, sdk.world.customer.id, 1)
    assert (one.verified_status, one.associated_on) == ("2", "2025-09-02T02:00:00Z")
    assert [manager.account_name for manager in one.account_managers] == ["demo-manager"]


@checks("ListSubCustomerNewTag", "cn")
def a_new_customer_is_tagged_with_its_months(sdk: Sdk) -> None:
    body = {"customer_ids": [sdk.world.customer.id]}
    (tag,) = sdk("solution_provider", "ListSubCustomerNewTag", body).new_customer_tags
    assert (tag.new_customer_tag, tag.effective_time, tag.expire_time) == ("Y", "2026-01", "2027-12")


PASSPORT = {"cn": ["test/data.jpg", "test/entry.jpg", "test/held.jpg"], "intl": ["test/data.jpg", "test/held.jpg"]}
LICENCE = {"cn": ["test/licence.pdf"], "intl": ["test/front.pdf", "test/back.pdf"]}


def individual(sdk: Sdk, customer_id: str) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "identify_type": 0,
        "verified_type": 3,
        "verified_file_url": PASSPORT[sdk.world.site],
        "name": "Demo Person",
        "verified_number": "X00000000",
        "xaccount_type": "DEMO_IDP",
    }


def enterprise(sdk: Sdk, customer_id: str) -> dict[str, Any]:
    return {
        "customer_id": customer_id,
        "identify_type": 1,
        "certificate_type": 0,
        "verified_file_url": LICENCE[sdk.world.site],
        "corp_name": "Demo Trading Ltd",
        "verified_number": "91000000000000000X",
        "reg_country": "CN",
        "xaccount_type": "DEMO_IDP",
    }


def review_result(sdk: Sdk, customer_id: str) -> int:
    answer = sdk("solution_provider", "ShowRealnameAuthenticationReviewResult", customer_id=customer_id)
    return int(answer.review_result)


@checks("CreatePersonalRealnameAuth", *BOTH)
@checks("ShowRealnameAuthenticationReviewResult", *BOTH)
def an_individual_is_reviewed(sdk: Sdk) -> None:
    customer = sdk.newcomer()
    assert sdk("solution_provider", "CreatePersonalRealnameAuth", individual(sdk, customer)).is_review == 1
    assert review_result(sdk, customer) == 0
    sdk.world.advance("PT1M")
    assert review_result(sdk, customer) == 2


@checks("CreateEnterpriseRealnameAuthentication", *BOTH)
def an_enterprise_is_reviewed(sdk: Sdk) -> None:
    customer = sdk.newcomer()
    assert sdk("solution_provider", "CreateEnterpriseRealnameAuthentication", enterprise(sdk, customer)).is_review == 1
    sdk.world.advance("PT1M")
    assert sdk.world.look("customers", id=customer)[0]["realname"] == "Demo Trading Ltd"


@checks("ChangeEnterpriseRealnameAuthentication", *BOTH)
def an_individual_becomes_an_enterprise(sdk: Sdk) -> None:
    customer = sdk.place("customers", name="person", partner="demo-partner", customer_type=0, verified_status=2)
    body = {**enterprise(sdk, customer), "change_type": 1}
    assert sdk("solution_provider", "ChangeEnterpriseRealnameAuthentication", body).is_review == 1
    sdk.world.advance("PT1M")
    assert sdk.world.look("customers", id=customer)[0]["customer_type"] == 1


@checks("ShowRealNameAuthQrCode", "cn")
def a_code_is_scanned(sdk: Sdk) -> None:
    sdk.place("customers", name="newcomer", partner="demo-partner", credential="newcomer")
    url = sdk("newcomer", "ShowRealNameAuthQrCode").qr_code_url
    assert sdk.world.place("scans", customer="newcomer", qr_code_url=url)["kind"] == "individual"


@checks("ShowRealNameAuthStatus", "cn")
def a_customer_sees_what_it_is(sdk: Sdk) -> None:
    shown = sdk("customer", "ShowRealNameAuthStatus")
    assert (shown.verified_status, shown.verified_type) == (2, 1)


# Customers in the reseller model


def frozen(sdk: Sdk) -> Any:
    return sdk.world.look("customers", name="demo-customer")[0]["freeze_type"]


@checks("FreezeSubCustomers", "intl")
@checks("UnfreezeSubCustomers", "intl")
def some_are_frozen_and_others_reported(sdk: Sdk) -> None:
    body = {"customer_ids": [sdk.world.customer.id, "nobody"], "reason": "unpaid"}
    reported = sdk("solution_provider", "FreezeSubCustomers", {**body, "freeze_type": "ACCOUNT"}).error_details
    assert [(one.id, one.error_code) for one in reported] == [("nobody", "CBC.5004")]
    assert frozen(sdk) == "ACCOUNT"
    sdk("solution_provider", "UnfreezeSubCustomers", {**body, "unfreeze_type": "ACCOUNT"})
    assert frozen(sdk) is None


@checks("UpdateSubCustomerBudget", "intl")
@checks("ShowSubCustomerBudget", "intl")
@checks("ListSubCustomerBudget", "intl")
@checks("ListSubCustomerBudgetRecords", "intl")
def a_budget_is_set_shown_and_recorded(sdk: Sdk) -> None:
    customer = sdk.world.customer.id
    body = {"customer_id": customer, "budget_amount": Decimal("150.50"), "budget_type": "PACKAGE"}
    sdk("solution_provider", "UpdateSubCustomerBudget", body)
    sdk.world.place("budget_usage", customer="demo-customer", amount="10.25")
    shown = sdk("solution_provider", "ShowSubCustomerBudget", customer_id=customer)
    assert (shown.budget_amount, shown.used_amount, shown.currency) == (150.5, 10.25, "USD")
    listed = sdk("solution_provider", "ListSubCustomerBudget", {"customer_ids": [customer, "nobody"]})
    assert [(one.customer_id, one.budget_amount) for one in listed.budget_infos] == [(customer, 150.5)]
    records = sdk("solution_provider", "ListSubCustomerBudgetRecords", customer_id=customer, budget_type="PACKAGE")
    (record,) = records.record_list
    assert (record.operation_type, record.budget_amount, record.operator) == ("SETTING", 150.5, "demo-partner")


@checks("ShowPartnerConsumptionQuota", "intl")
def a_quota_is_used_by_what_is_due(sdk: Sdk) -> None:
    sdk.place("partners", name="demo-partner", consumption_quota="5000.00", due_amount="20.50", cash="0.00")
    quota = sdk("solution_provider", "ShowPartnerConsumptionQuota")
    assert (quota.consumption_quota, quota.due_amount, quota.used_consumption_quota) == ("5000.00", "20.50", "20.50")


# Accounts


def balances(answer: Any) -> dict[int, Decimal]:
    """Amounts by account type."""
    return {one.account_type: Decimal(str(one.amount)) for one in answer.account_balances}


@checks("ListPartnerBalances", "cn")
def a_partner_has_cash_credit_and_what_it_can_allocate(sdk: Sdk) -> None:
    answer = sdk("solution_provider", "ListPartnerBalances")
    cash = next(one for one in answer.account_balances if one.account_type == 1)
    assert balances(answer)[8] == balances(answer)[1] - Decimal(str(cash.designated_amount))
    assert (cash.designated_amount, cash.measure_id, cash.currency) == (500, 1, "CNY")


@checks("ListCustomersBalancesDetail", "cn")
def customers_have_what_they_were_allocated(sdk: Sdk) -> None:
    asked = [{"customer_id": sdk.world.customer.id}, {"customer_id": sdk.world.referral_customer.id}]
    answer = sdk("solution_provider", "ListCustomersBalancesDetail", {"customer_infos": asked})
    (row,) = answer.customer_balances
    assert (row.customer_id, float(row.amount), float(row.debt_amount)) == (sdk.world.customer.id, 150, 0)


@checks("ShowCustomerAccountBalances", "cn")
def a_customer_sees_its_money_and_its_arrears(sdk: Sdk) -> None:
    sdk.world.place("arrears", customer="demo-customer", amount="7.50")
    answer = sdk("customer", "ShowCustomerAccountBalances")
    assert (balances(answer), float(answer.debt_amount)) == ({1: Decimal(150)}, 7.5)


@checks("ShowCustomerAccountBalances", "intl")
def a_referral_customer_sees_dollars(sdk: Sdk) -> None:
    answer = sdk("referral_customer", "ShowCustomerAccountBalances")
    assert (balances(answer)[1], answer.currency) == (Decimal(80), "USD")


@checks("ShowCustomerExpenditureQuota", "intl")
def a_customer_has_used_half_of_its_quota(sdk: Sdk) -> None:
    sdk.place("customers", name="demo-referral", granting_amount="200.00", granting_amount_used="100.00")
    quota = sdk("referral_customer", "ShowCustomerExpenditureQuota")
    assert (quota.granting_amount, quota.percentage_granting_amount_used, quota.currency) == (200, 0.5, "USD")


@checks("UpdateCustomerAccountAmount", "cn")
@checks("ReclaimToPartnerAccount", "cn")
@checks("ListPartnerAdjustRecords", "cn")
@checks("ListPartnerAccountChangeRecords", "cn")
@checks("ListCustomerAccountChangeRecords", "cn")
def money_moves_and_is_recorded_on_both_sides(sdk: Sdk) -> None:
    body = {"customer_id": sdk.world.customer.id, "amount": Decimal("12.34")}
    given = sdk("solution_provider", "UpdateCustomerAccountAmount", body).transfer_id
    sdk.world.advance("PT1S")
    taken = sdk("solution_provider", "ReclaimToPartnerAccount", body).trans_id
    adjusted = sdk("solution_provider", "ListPartnerAdjustRecords", operation_type="SOURCE_OPERATION_BERETRIEVE")
    assert [(one.trans_id, one.amount) for one in adjusted.records] == [(taken, "12.34")]
    partners = sdk("solution_provider", "ListPartnerAccountChangeRecords", balance_type=DEBIT, limit=2, **TODAY)
    assert [(one.trade_id, one.type) for one in partners.records] == [(taken, "1"), (given, "2")]
    own = sdk("customer", "ListCustomerAccountChangeRecords", balance_type=DEBIT, limit=2, **TODAY)
    assert [one.trade_id for one in own.records] == [taken, given]
    assert [one.revenue_expense_type for one in own.records] == ["EXPENSE", "REVENUE"]


# Resellers


@checks("ListIndirectPartners", *BOTH)
def a_distributor_has_its_reseller(sdk: Sdk) -> None:
    answer = sdk("distributor", "ListIndirectPartners", {"associated_on_begin": "2025-01-01T00:00:00Z"})
    (reseller,) = answer.indirect_partners
    assert (answer.count, reseller.account_name, reseller.name) == (1, "demo-reseller", "Demo Reseller Ltd")


@checks("UpdateIndirectPartnerAccount", "cn")
@checks("ReclaimIndirectPartnerAccount", "cn")
def a_reseller_is_funded_and_gives_back(sdk: Sdk) -> None:
    named = {"indirect_partner_id": sdk.world.reseller.id}
    before = balances(sdk("distributor", "ListPartnerBalances", **named))[1]
    assert sdk("distributor", "UpdateIndirectPartnerAccount", {**named, "amount": Decimal("10.00")}).transfer_id
    assert sdk("distributor", "ReclaimIndirectPartnerAccount", {**named, "amount": Decimal("4.00")}).trans_id
    assert balances(sdk("distributor", "ListPartnerBalances", **named))[1] == before + 6


@checks("UpdateCouponQuotas", "cn")
@checks("ListIssuedCouponQuotas", "cn")
@checks("ReclaimCouponQuotas", "cn")
@checks("ListCouponQuotasRecords", "cn")
def a_quota_is_cut_for_a_reseller_and_taken_back(sdk: Sdk) -> None:
    quota, reseller = sdk.place("quotas", partner="demo-distributor", amount="1000.00"), sdk.world.reseller.id
    body = {"quota_id": quota, "indirect_partner_ids": [reseller], "quota_amount": Decimal("100.50")}
    (cut,) = sdk("distributor", "UpdateCouponQuotas", body).simple_quota_infos
    (listed,) = sdk("distributor", "ListIssuedCouponQuotas", indirect_partner_id=reseller).quotas
    assert (listed.quota_id, listed.parent_quota_id, listed.balance) == (cut.quota_id, quota, 100.5)
    (taken,) = sdk("distributor", "ReclaimCouponQuotas", {"quota_ids": [cut.quota_id]}).simple_quota_infos
    assert (taken.quota_id, float(taken.quota_balance)) == (cut.quota_id, 0)
    records = sdk("distributor", "ListCouponQuotasRecords", quota_id=cut.quota_id).records
    assert {one.indirect_partner_account_name for one in records} == {"demo-reseller"}


# Enterprises


@checks("CreateEnterpriseProjectAuth", *BOTH)
def enterprise_projects_are_switched_on(sdk: Sdk) -> None:
    sdk("customer", "CreateEnterpriseProjectAuth")
    assert sdk.world.look("customers", name="demo-customer")[0]["enterprise_projects"] is True
