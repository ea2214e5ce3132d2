"""Yearly/monthly resources: provisioned by orders, renewed, expired, given up."""

from mockserver.services.resources import lifecycle  # noqa: F401  (registration)
