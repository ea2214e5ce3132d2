"""Answers of the wrong form."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from contracts.mutants.building import answer, code


def gone(value: Any) -> Any:
    return ...


def as_text(value: Any) -> Any:
    return str(value)


def as_number(value: Any) -> Any:
    return Decimal(value)


def as_null(value: Any) -> Any:
    return None


MUTANTS = [
    answer("total-gone", "ListPartnerAccountChangeRecords", "total_count", "is left out", gone),
    answer("total-text", "ListIssuedCouponQuotas", "total_count", "is a text", as_text),
    answer("transfer-gone", "UpdateCustomerAccountAmount", "transfer_id", "is left out", gone),
    answer("amount-text", "ListPartnerBalances", "account_balances/*/amount", "is a text", as_text),
    answer("change-number", "ListPartnerAccountChangeRecords", "records/*/change_amount", "is a number", as_number),
    answer("status-text", "ListCustomerOrders", "order_infos/*/status", "is a text", as_text),
    answer(
        "left-number",
        "ListFreeResourceInfos",
        "free_resource_packages/*/free_resources/*/amount",
        "is a number",
        as_number,
    ),
    answer("usage-text", "ListFreeResourceUsages", "free_resources/*/amount", "is a text", as_text),
    answer("budget-text", "ShowSubCustomerBudget", "used_amount", "is a text", as_text, "intl"),
    answer("verified-number", "ListSubCustomers", "customer_infos/*/verified_status", "is a number", int),
    answer("main-boolean", "ListPayPerUseCustomerResources", "data/*/is_main_resource", "is a boolean", bool),
    answer("currency-other", "ListCustomerOrders", "order_infos/*/currency", "is another", lambda value: "USD"),
    answer("currency-gone", "ListPartnerBalances", "account_balances/*/currency", "is left out", gone),
    answer(
        "ledger-type",
        "ListPartnerBalances",
        "account_balances/*/account_type",
        "is none of the enum",
        lambda value: value + 2,
    ),
    answer(
        "instant-with-millis",
        "ListPayPerUseCustomerResources",
        "data/*/expire_time",
        "has milliseconds",
        lambda value: value.replace("Z", ".000Z"),
    ),
    answer(
        "instant-local",
        "ListSubCustomers",
        "customer_infos/*/associated_on",
        "is of China time",
        lambda value: value.replace("Z", "+08:00"),
    ),
    answer("count-null", "ListCities", "count", "is null", as_null),
    answer("code-lower", "ListProvinces", "provinces/*/code", "is in small letters", lambda value: value.lower()),
    answer("list-null", "ListPartnerAdjustRecords", "records", "is null where empty", lambda value: value or None),
    answer("stranger", "ListServiceTypes", "+debug", "is there", lambda value: True),
    answer("coupon-camel", "ListSubCustomerCoupons", "user_coupons/*/+couponId", "is there", lambda value: "-"),
    answer("order-ids-text", "RenewalResources", "order_ids", "is a text", lambda value: ",".join(value)),
    answer(
        "result-lower",
        "UpdatePeriodToOnDemandInstantly",
        "to_ondemand_service_results/*/result",
        "is in small letters",
        str.lower,
    ),
    answer("refund-id-gone", "ShowRefundOrderDetails", "refund_infos/*/id", "is left out", gone),
    answer(
        "line-product-gone", "ListOnDemandResourceRatings", "product_rating_results/*/product_id", "is left out", gone
    ),
    code(
        "one-decimal",
        "form",
        "ListPartnerBalances ListPartnerAccountChangeRecords ListCustomerOrders",
        "contract.writing:_scalar_writer",
        "unit = Decimal(1).scaleb(-decimals)",
        "unit = Decimal(1).scaleb(1 - decimals)",
    ),
    code(
        "times-in-china",
        "form",
        "ListSubCustomers ListCustomerOrders ListPayPerUseCustomerResources",
        "contract.writing:_scalar_writer",
        "value.astimezone(UTC).strftime",
        "(value + (value - value.replace(hour=0))).strftime",
    ),
    code(
        "nulls-left-out",
        "form",
        "ShowRealnameAuthenticationReviewResult",
        "contract.writing:_object_writer",
        "elif nullable and key in value:",
        "elif nullable and not value:",
    ),
]
