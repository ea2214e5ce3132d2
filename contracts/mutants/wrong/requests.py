"""Requests understood wrongly."""

from __future__ import annotations

from contracts.mutants.building import code, document, several
from contracts.mutants.documents import GONE
from contracts.mutants.edits import Edit

QUERY = "parameters/name={}/schema/{}"
BODY = "requestBody/properties/{}/{}"

MUTANTS = [
    document("limit-one-more", "request", "ListPartnerAccountChangeRecords", QUERY.format("limit", "maximum"), 101),
    document("limit-one-less", "request", "ListCustomerOrders", QUERY.format("limit", "maximum"), 99),
    document("limit-zero", "request", "ListIssuedPartnerCoupons", QUERY.format("limit", "minimum"), 0),
    document("limit-default", "request", "ListResourceTypes", QUERY.format("limit", "default"), 20),
    document("offset-default", "request", "ListSubCustomers", BODY.format("offset", "default"), 1),
    document("offset-negative", "request", "ListQuotaCoupons", BODY.format("offset", "minimum"), -1),
    document("items-limit-500", "request", "ListPayPerUseCustomerResources", BODY.format("limit", "maximum"), 499),
    document("memo-shorter", "request", "CreatePartnerCoupons", BODY.format("memo", "maxLength"), 511),
    document("remark-longer", "request", "ReclaimCouponQuotas", BODY.format("remark", "maxLength"), 257),
    document("password-shorter", "request", "CreateSubCustomer", BODY.format("password", "minLength"), 7),
    document("customers-one-more", "request", "CreatePartnerCoupons", BODY.format("customer_ids", "maxItems"), 101),
    document("resources-one-more", "request", "RenewalResources", BODY.format("resource_ids", "maxItems"), 11),
    document("items-one-less", "request", "ListFreeResourceUsages", BODY.format("free_resource_ids", "maxItems"), 99),
    document("times-one-more", "request", "AutoRenewalResources", BODY.format("auto_renew_times", "maximum"), 100),
    document("periods-one-more", "request", "ListRenewRateOnPeriod", BODY.format("period_num", "maximum"), 12),
    document("path-one-less", "request", "AutoRenewalResources", QUERY.format("resource_id", "maxLength"), 63),
    document("quota-beyond", "request", "UpdateCouponQuotas", BODY.format("quota_amount", "maximum"), 200000000),
    document("amount-beyond", "request", "UpdateCustomerAccountAmount", BODY.format("amount", "maximum"), 2147483648),
    document("use-coupon-anything", "request", "PayOrders", BODY.format("use_coupon", "enum"), GONE),
    document("no-yearly", "request", "AutoRenewalResources", BODY.format("period_type", "enum"), ["MONTH"]),
    document("status-missing", "request", "ListCustomerOrders", QUERY.format("status", "enum"), [1, 3, 4, 5, 6]),
    document("project-optional", "request", "ListOnDemandResourceRatings", "requestBody/required/project_id", GONE),
    document("parent-required", "request", "ListIssuedCouponQuotas", "parameters/name=parent_quota_id/required", True),
    document("reason-optional", "request", "FreezeSubCustomers", "requestBody/required/reason", GONE, "intl"),
    document(
        "null-limit-accepted",
        "request",
        "ListCustomerAccountChangeRecords",
        QUERY.format("limit", "x-nullish/null"),
        "absent",
    ),
    document(
        "empty-expense-accepted",
        "request",
        "ListCustomerAccountChangeRecords",
        QUERY.format("revenue_expense_type", "x-nullish/empty"),
        "absent",
    ),
    document("no-ids-keeps", "request", "ListQuotaCoupons", BODY.format("quota_ids", "x-nullish"), {"empty": "keep"}),
    document(
        "empty-label-refused",
        "request",
        "ListSubCustomers",
        BODY.format("label", "x-nullish"),
        {"empty_string": "refuse"},
    ),
    document(
        "empty-name-kept",
        "request",
        "ListFreeResourceInfos",
        BODY.format("product_name", "x-nullish"),
        {"empty_string": "keep"},
    ),
    document(
        "reseller-null-refused",
        "request",
        "ListCustomersBalancesDetail",
        BODY.format("indirect_partner_id", "x-nullish"),
        {"null": "refuse", "empty": "absent", "empty_string": "absent"},
    ),
    document("order-by-case", "request", "ListCustomerOrders", QUERY.format("order_by", "pattern"), "^-?createTime$"),
    document(
        "mobile-short",
        "request",
        "SendVerificationMessageCode",
        "requestBody/properties/mobile_phone/pattern",
        "^1[0-9]{9,10}$",
    ),
    document("flexi-by-default", "request", "ListQuotaCoupons", BODY.format("quota_type", "default"), 1),
    document(
        "main-by-default", "request", "ListPayPerUseCustomerResources", BODY.format("only_main_resource", "default"), 1
    ),
    document("pays-by-default", "request", "RenewalResources", BODY.format("is_auto_pay", "default"), 1),
    document(
        "package-by-default",
        "request",
        "UpdateSubCustomerBudget",
        BODY.format("budget_type", "default"),
        "PACKAGE",
        "intl",
    ),
    document(
        "freezes-all-by-default",
        "request",
        "FreezeSubCustomers",
        BODY.format("freeze_type", "default"),
        "ACCOUNT_AND_RESOURCE",
        "intl",
    ),
    document(
        "precise-by-default", "request", "ListOnDemandResourceRatings", BODY.format("inquiry_precision", "default"), 1
    ),
    document(
        "waits-by-default", "request", "CreateSubCustomer", BODY.format("include_association_result", "default"), True
    ),
    code(
        "no-numeric-strings",
        "request",
        "ListQuotaCoupons ListSubCustomers ListFreeResourceInfos",
        "contract.reading:_integer",
        "isinstance(value, str) and _INTEGER.match(value)",
        "isinstance(value, str) and not value",
    ),
    code(
        "booleans-lower-case",
        "request",
        "CreateSubCustomer ListRenewRateOnPeriod",
        "contract.reading:_boolean",
        "value.lower()",
        "value",
    ),
    code(
        "null-always-refused",
        "request",
        "CreatePartnerCoupons UpdateCustomerAccountAmount PayOrders ListQuotaCoupons",
        "contract.reading:_body_rules",
        "REFUSE if required else ABSENT",
        "REFUSE",
    ),
    code(
        "empty-is-a-value",
        "request",
        "ListCustomerOrders ListPartnerAdjustRecords ListUsageTypes",
        "contract.reading:_text_kind",
        '{"": "empty", ',
        "{",
    ),
    code(
        "content-type-ignored",
        "request",
        "UpdateCustomerAccountAmount ListSubCustomers PayOrders",
        "gateway.validate:_body",
        'if kind != "application/json":',
        'if kind == "text/plain":',
    ),
    several(
        "body-not-demanded",
        "request",
        "ListSubCustomers ListQuotaCoupons ListIndirectPartners",
        Edit(
            "gateway.validate:_body",
            "if not request.body.strip():",
            "if request.body and not request.body.strip():",
            (("return json_of(request.body)", 'return json_of(request.body or b"{}")'),),
        ),
    ),
]
