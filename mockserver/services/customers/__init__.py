"""Customers: registration, lists, real names, freezing, budgets."""

from mockserver.services.customers import (  # noqa: F401  (registration)
    budgets,
    freezing,
    listing,
    realname,
    realname_customer,
    registration,
    verification,
)
