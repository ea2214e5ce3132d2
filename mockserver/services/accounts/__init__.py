"""Accounts: moving money between partners and customers, balances, records."""

from mockserver.services.accounts import balances, records, transfers  # noqa: F401  (registration)
