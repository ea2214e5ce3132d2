"""Orders of yearly/monthly products: placed, paid, cancelled, looked at."""

from mockserver.services.orders import (  # noqa: F401  (registration)
    available,
    cancelling,
    details,
    listing,
    paying,
    refunds,
)
