"""The control API: sandboxes, clock, state, journal. Knows everything below, and no web framework."""

from mockserver.control import (  # noqa: F401  (registration)
    budgets,
    coupons,
    discounts,
    docs,
    faults,
    info,
    money,
    orders,
    realname,
    requests,
    sandboxes,
    state,
    usage,
)
