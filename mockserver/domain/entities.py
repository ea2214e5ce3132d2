"""Who and what exists in a sandbox. Rows are immutable: a change is a new row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

REFERRAL, PARTNER_PAID, RESELLER_MODEL = "1", "2", "3"
"""Association types: referral (both sites), partner-paid (China), reseller model (international)."""

PARTNER_KINDS = ("solution_provider", "distributor", "reseller")
UNVERIFIED, IN_REVIEW, REFUSED, VERIFIED = -1, 0, 1, 2
"""States of a real-name authentication."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner company. A reseller belongs to a distributor."""

    id: str
    name: str
    kind: str
    corp_name: str
    xaccount_type: str
    mobile: str = ""
    email: str = ""
    distributor_id: str | None = None
    associated_on: datetime | None = None
    account_manager: str | None = None
    """Login name of the distributor's account manager for this reseller."""
    restricted: bool = False
    left_programme: bool = False
    test_account: bool = False
    realname_upload: bool = True
    """Whether the partner switched on the upload of real-name attachments."""
    may_set_budgets: bool = True
    """Whether its distributor granted a reseller the right to set budgets (international site)."""
    consumption_quota: Decimal = Decimal("10000.00")
    due_amount: Decimal = Decimal("0.00")
    unbilled_amount: Decimal = Decimal("0.00")
    coupon_amount: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer account. `partner_id` is None while it is not associated with any partner."""

    id: str
    name: str
    created_on: datetime
    partner_id: str | None = None
    association_type: str = ""
    associated_on: datetime | None = None
    xaccount_id: str = ""
    xaccount_type: str = ""
    mobile: str = ""
    email: str = ""
    area: str = "CN"
    label: str = ""
    level: str = "V0"
    customer_type: int = -1
    verified_status: int = UNVERIFIED
    realname: str = ""
    marketing_closed: bool = False
    freeze_type: str | None = None
    """ACCOUNT or ACCOUNT_AND_RESOURCE while the partner has it frozen (international site)."""
    freeze_reason: str = ""
    """Why it was last frozen or unfrozen."""
    manager_id: str | None = None
    """The account manager's user id."""
    new_customer_tag: str = ""
    tag_from: str = ""
    tag_until: str = ""
    granting_amount: Decimal | None = None
    """Expenditure quota of a customer settled monthly (international site)."""
    granting_amount_used: Decimal = Decimal("0.00")
    enterprise_projects: bool = False
    blocked_checks: tuple[str, ...] = ()
    """Checks of the service that this customer fails (ids as in `fail_check_items`)."""


@dataclass(frozen=True, slots=True)
class User:
    """A login of an account. The main user has every permission; an operator has items, a customer's user actions."""

    id: str
    account_id: str
    name: str
    password: str
    main: bool = False
    role: str = "operator"
    """operator, account_manager, or customer_user; main users have none of them to speak of."""
    items: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    every_item: bool = False
    enabled: bool = True
    revision: int = 0
    """Grows when password or permissions change: tokens of an older revision are void."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An AK/SK pair of a user."""

    ak: str
    sk: str
    user_id: str


@dataclass(frozen=True, slots=True)
class Token:
    """An IAM token. `assumed_by` is the partner's user where a partner took a customer's identity."""

    text: str
    user_id: str
    account_id: str
    revision: int
    issued_at: datetime
    expires_at: datetime
    method: str = "password"
    assumed_by: str | None = None
    project: str | None = None


@dataclass(frozen=True, slots=True)
class VerificationCode:
    """A code sent to a mobile number or an e-mail address."""

    id: str
    receiver: str
    scene: int
    code: str
    sent_at: datetime
    expires_at: datetime
    failures: int = 0
    used: bool = False
    customer_id: str = ""
    language: str = ""
    """Of the message: zh-cn or en-us."""


@dataclass(frozen=True, slots=True)
class RealName:
    """An application for real-name authentication, and what became of it."""

    id: str
    customer_id: str
    kind: str
    """individual, enterprise or change."""
    name: str
    document_number: str
    applied_on: datetime
    status: int = IN_REVIEW
    opinion: str | None = None
    details: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code by which a customer authenticates itself with its face."""

    ticket: str
    customer_id: str
    expires_at: datetime
    scanned: bool = False


@dataclass(frozen=True, slots=True)
class Budget:
    """What a customer of the reseller model may spend (international site)."""

    customer_id: str
    amount: Decimal
    kind: str
    """MONTHLY or PACKAGE."""
    used: Decimal = Decimal("0.00")
    used_in: str = ""
    """China month of the latest use, like 2026-03: a MONTHLY budget starts anew in each."""
    freeze_automatically: bool = False


@dataclass(frozen=True, slots=True)
class BudgetRecord:
    """One setting or deletion of a budget."""

    id: str
    customer_id: str
    operation: str
    kind: str
    amount: Decimal
    operator: str
    partner_id: str
    time: datetime
