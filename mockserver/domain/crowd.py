"""Many invented customers, made with Faker from the sandbox's seed."""

from __future__ import annotations

from decimal import Decimal

from faker import Faker

from mockserver.domain.forms import CustomerForm
from mockserver.domain.placing import place_customer
from mockserver.domain.sandbox import Sandbox

_REFERRAL_EVERY = 5
_ENTERPRISE_EVERY = 3


def add_customers(sandbox: Sandbox, partner: str, count: int) -> None:
    """Add `count` customers to `partner`: mostly partner-paid and funded, some referral, a third enterprises."""
    faker = Faker("zh_CN" if sandbox.site == "cn" else "en_US")
    faker.seed_instance(sandbox.seed)
    for number in range(1, count + 1):
        enterprise = number % _ENTERPRISE_EVERY == 0
        referral = number % _REFERRAL_EVERY == 0
        place_customer(
            sandbox,
            CustomerForm(
                name=f"large-customer-{number:06d}",
                partner=partner,
                association="referral" if referral else "partner_paid",
                associated=f"-P{faker.random_int(1, 900)}D",
                mobile=f"138{number:08d}" if sandbox.site == "cn" else "",
                email=f"customer{number}@example.com",
                label=faker.random_element(("north", "south", "east", "west")),
                realname=faker.company() if enterprise else faker.name(),
                customer_type=1 if enterprise else 0,
                verified_status=2,
                allocated=None if referral or sandbox.site == "intl" else Decimal(faker.random_int(0, 100_000)) / 100,
            ),
        )
