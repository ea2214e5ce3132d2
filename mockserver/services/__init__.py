"""The business rules of each area: functions that read like the documentation. Knows the domain.

A service is found by its operation's id. Importing this package registers all of them.
"""

from mockserver.services.registry import SERVICES, Service, serves

__all__ = ["SERVICES", "Service", "serves"]

from mockserver.services import (  # noqa: F401  (registration)
    accounts,
    coupons,
    customers,
    discounts,
    enterprise,
    on_demand,
    orders,
    packages,
    prices,
    products,
    quotas,
    regions,
    renewal_prices,
    resellers,
    resources,
    specifications,
)
