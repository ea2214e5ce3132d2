"""Yearly/monthly resources: provisioned by orders, renewed, expired, given up."""

from mockserver.services.resources import (  # noqa: F401  (registration)
    automatic_renewal,
    conversion,
    lifecycle,
    listing,
    renewing,
    unsubscribing,
)
