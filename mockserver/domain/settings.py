"""What no page states a number for, and what outside people decide: knobs of a sandbox, placed by the control API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """A knob: its default value and what it does."""

    value: Any
    meaning: str
    accepted: tuple[Any, ...] = ()
    """The only values there are; empty where any of the type is good."""


DEFAULTS: Mapping[str, Setting] = {
    "association_delay": Setting(2, "Seconds until a new customer is associated with its partner."),
    "association_wait": Setting(10, "Seconds that include_association_result waits at most (beyond: CBC.99000050)."),
    "association_fails": Setting(False, "New customers cannot authorise the partner (CBC.99000004)."),
    "customers_per_mobile": Setting(
        5, "Customers that may be registered with one mobile number (beyond: CBC.99000030)."
    ),
    "reported_leads": Setting([], "Numbers and addresses that the vendor registered as its own leads (CBC.99000051)."),
    "taken_mobiles": Setting([], "Mobile numbers in use outside this sandbox (CBC.99000029)."),
    "realname_review": Setting(
        "pass",
        "What the reviewer does with an application: pass or refuse, or leave it under review for the control API.",
        ("pass", "refuse", "review"),
    ),
    "realname_review_delay": Setting(2, "Seconds until the reviewer passes or refuses an application."),
    "realname_opinion": Setting("The documents cannot be read.", "The reviewer's words when refusing."),
    "realname_applications": Setting(5, "Applications that a customer may file (beyond: CBC.99007191)."),
    "customers_per_document": Setting(5, "Customers that one document number may authenticate (CBC.99007189)."),
    "realname_outcomes": Setting({}, "Code that answers an application with this document or card number."),
    "attachments": Setting({}, "Size in bytes of files in the partner's bucket, by path; others are small and exist."),
    "partner_paid_records": Setting(
        True, "Whether partner-paid customers may read their own income and expenses (no: CBC.99000084)."
    ),
    "accounts_of_another_site": Setting(
        {}, "Code that ListServiceTypes answers in China to these accounts, by name: CBC.0150 or CBC.0156."
    ),
    "bucket_readable": Setting(True, "Whether the partner's bucket can be read (no: CBC.99005030)."),
    "partners_using_coupons": Setting(
        [], "Ids of partners that use coupons themselves and may issue no vouchers (CBC.50000010)."
    ),
    "reassociated_customers": Setting(
        [], "Ids of customers that were associated with a partner before their present one (CBC.99000022)."
    ),
    "hosted_members": Setting(
        [], "Ids of enterprise members whose finances their master account manages (CBC.50000034)."
    ),
    "freezing_fails": Setting([], "Ids of customers whose freezing and unfreezing fail (CBC.0999 in error_details)."),
    "grace_days": Setting(15, "Days of the grace period, in which what has expired or is in arrears still runs."),
    "retention_days": Setting(15, "Days of the retention period behind it, in which data are kept but frozen."),
    "usage_settlement_hours": Setting(
        1,
        "Hours from one settlement of pay-per-use to the next; larger values make long journeys quicker.",
        (1, 2, 3, 4, 6, 8, 12, 24),
    ),
    "order_payment_days": Setting(7, "Days until an unpaid order is cancelled."),
    "order_processing_seconds": Setting(5, "Seconds from the start of an order's processing to its completion."),
    "payment_seconds": Setting(0, "Seconds that an order still reads as unpaid after its payment (CBC.99000088)."),
    "automatic_coupons": Setting(True, "Automatic payments use the customer's coupons and stored-value cards."),
    "longest_term_years": Setting(
        10, "Years from now on until which resources can be renewed (beyond: CBC.99003154).", tuple(range(1, 31))
    ),
    "unsubscription_fee_percent": Setting(0, "Handling fee of what an unsubscription would give back, in percent."),
    "short_price_codes": Setting(
        False, "Price queries answer the short codes that were seen live: CBC.6006 for CBC.99006006, and so on."
    ),
}
