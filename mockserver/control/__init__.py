"""The control API: sandboxes, clock, state, journal. Knows everything below, and no web framework."""

from mockserver.control import budgets, coupons, docs, faults, info, money, realname, requests, sandboxes, state  # noqa: F401  (registration)
