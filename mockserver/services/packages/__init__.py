"""Resource packages: provided by orders and gifts, used up by pay-per-use resources, and what is left of them."""

from mockserver.services.packages import listing  # noqa: F401  (registration)
from mockserver.services.packages.deducting import deduct
from mockserver.services.packages.providing import provide_package, renew_package, unsubscribe_package

__all__ = ["deduct", "provide_package", "renew_package", "unsubscribe_package"]
