"""Ids on their way: told in another form, told of something else, not known where they are taken, or known still."""

from __future__ import annotations

from contracts.mutants.building import answer, code

MUTANTS = [
    answer(
        "reseller-id-capital",
        "ListIndirectPartners",
        "indirect_partners/*/indirect_partner_id",
        "is in capitals",
        lambda value: str(value).upper(),
    ),
    answer(
        "quota-told-is-the-reseller",
        "UpdateCouponQuotas",
        "simple_quota_infos/*/quota_id",
        "is another one",
        lambda value: str(value)[::-1],
    ),
    code(
        "customer-told-is-another",
        "visibility",
        "CreateSubCustomer ListSubCustomers",
        "services.customers.registration:create_customer",
        '"domain_id": customer.id',
        '"domain_id": customer.id[::-1]',
    ),
    code(
        "new-customer-not-found-by-id",
        "visibility",
        "ListSubCustomers CreateSubCustomer",
        "services.customers.listing:_filters",
        "yield lambda one: one.id == customer_id",
        "yield lambda one: one.id == customer_id and one.realname",
    ),
    code(
        "reclaimed-quota-held",
        "record",
        "ListQuotaCoupons ReclaimCouponQuotas",
        "services.coupons.listing:list_quotas",
        "        and quota.state != TAKEN_BACK\n",
        "",
    ),
    code(
        "unauthenticated-customer-unknown",
        "visibility",
        "ShowRealnameAuthenticationReviewResult CreatePersonalRealnameAuth SendVerificationMessageCode",
        "services.acting:customer_under",
        "if customer is None or partner is None or",
        "if customer is None or not customer.realname or partner is None or",
    ),
    code(
        "resellers-with-quotas-only",
        "visibility",
        "UpdateIndirectPartnerAccount ReclaimIndirectPartnerAccount",
        "services.resellers:_reseller_in_charge",
        "if not sees(call, reseller):",
        "if not any(one.partner_id == reseller.id for one in call.sandbox.quotas):",
    ),
    code(
        "renewal-tells-the-old-order",
        "record",
        "RenewalResources ShowCustomerOrderDetails",
        "services.resources.renewing:renew_resources",
        '"order_ids": [one.id for one in orders]',
        '"order_ids": [one.id[:-1] + "0" for one in orders]',
    ),
]
