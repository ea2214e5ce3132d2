"""Who calls."""

from __future__ import annotations

from dataclasses import dataclass

from mockserver.domain.entities import Customer, Partner, User


@dataclass(frozen=True, slots=True)
class Principal:
    """The account and the user behind a credential, and the partner's user who assumed the account's identity."""

    user: User
    partner: Partner | None = None
    customer: Customer | None = None
    assumed_by: str | None = None

    @property
    def kind(self) -> str:
        """solution_provider, distributor, reseller or customer: what `x-callers` speaks of."""
        return self.partner.kind if self.partner else "customer"

    @property
    def role(self) -> str:
        """The kind, or for a user who is not the account itself: operator, account_manager, customer_user."""
        return self.kind if self.user.main else self.user.role

    @property
    def account_id(self) -> str:
        return self.user.account_id

    @property
    def account_name(self) -> str:
        account = self.partner or self.customer
        return account.name if account else ""

    @property
    def manages_own_customers_only(self) -> bool:
        """An account manager sees the customers assigned to him; one who holds another role as well sees all."""
        return not self.user.main and self.user.role == "account_manager" and not self.user.every_item
