"""Orders of yearly/monthly products: placed, paid, cancelled, looked at."""

from mockserver.services.orders import paying  # noqa: F401  (registration)
