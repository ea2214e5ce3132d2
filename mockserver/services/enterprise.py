"""Enterprises: the right to enterprise projects."""

from __future__ import annotations

from dataclasses import replace

from mockserver.domain.call import Answer, Call
from mockserver.domain.entities import VERIFIED, Customer
from mockserver.services.acting import calling_customer
from mockserver.services.registry import serves

ENTERPRISE = 1
"""Customer type."""

SELF_SERVICE = "SELF_OPEN_ONLY_FOR_ENT_AND_INTR_CUST"
PROJECT_CHECKS = ("NOT_OPEN_PROJECT_GROUP", "NOT_OPEN_MULTI_PROJECT", SELF_SERVICE)


@serves("CreateEnterpriseProjectAuth")
def enable_enterprise_projects(call: Call) -> Answer:
    """Switch on enterprise projects for the calling customer. Nothing switches them off; a second call changes nothing.

    Every check that fails is named in `fail_check_items`. Source: api-oce/ep_00022.
    """
    customer = calling_customer(call)
    if customer.enterprise_projects:
        return None
    failed = _failed_checks(customer)
    if failed:
        raise call.refused("CBC.99007004", ", ".join(failed), fail_check_items=failed)
    call.sandbox.customers.put(customer.id, replace(customer, enterprise_projects=True))
    return None


def _failed_checks(customer: Customer) -> list[str]:
    """Project groups and Multi-Project exclude enterprise projects; only a verified enterprise helps itself to them."""
    failed = set(customer.blocked_checks)
    if customer.customer_type != ENTERPRISE or customer.verified_status != VERIFIED:
        failed.add(SELF_SERVICE)
    return [check for check in PROJECT_CHECKS if check in failed]
