"""Coupons of customers: issuing, reclaiming, listing, records."""

from mockserver.services.coupons import issuing, listing, reclaiming, records  # noqa: F401  (registration)
