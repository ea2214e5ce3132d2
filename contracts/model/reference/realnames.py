"""Real-name authentication: applications, their reviews, the codes by which a number or an address is proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from contracts.model.reference.people import (
    ENTERPRISE,
    IN_REVIEW,
    INDIVIDUAL,
    TURNED_DOWN,
    VERIFIED,
    Customer,
)
from contracts.model.reference.world import World

MOST_APPLICATIONS, MOST_PER_DOCUMENT = 3, 1
"""Set by the model itself: no page gives the numbers."""
BLOCKED, CARD_FROZEN = "D-BLOCKED", "6222-FROZEN"
OUTCOMES = {BLOCKED: "CBC.70600026", CARD_FROZEN: "CBC.99007258"}
"""What the vendor's and the bank's checks say of a document and of a card."""
SCAN_TIME = timedelta(minutes=10)
HOUR, MOST_IN_AN_HOUR = timedelta(hours=1), 15
DAY, MOST_IN_A_DAY = timedelta(days=1), 60
WRONG_TRIES = 3


@dataclass
class Application:
    """An application of a customer. A change leaves it an individual until it has passed."""

    customer: Customer
    name: str
    number: str
    enterprise: bool = False
    change: bool = False
    status: int = IN_REVIEW
    opinion: str | None = None


@dataclass
class Ticket:
    """A QR code that a customer fetched."""

    customer: Customer
    url: str
    ends: datetime
    scanned: bool = False


@dataclass
class Reviewing:
    """What the reviewer does, and how many seconds it takes."""

    verdict: str = "pass"
    delay: int = 2
    opinion: str = "unreadable"


class RealNames:
    """All applications, and the QR codes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.reviewing = Reviewing()
        self.applications: list[Application] = []
        self.tickets: list[Ticket] = []

    def of(self, customer: Customer) -> list[Application]:
        return [one for one in self.applications if one.customer is customer]

    def pending(self, customer: Customer) -> Application | None:
        return next((one for one in self.of(customer) if one.status == IN_REVIEW), None)

    def others_with(self, number: str, customer: Customer) -> int:
        """How many other customers have passed with a document."""
        passed = [one.customer for one in self.applications if one.status == VERIFIED and one.number == number]
        return len({one.id for one in passed if one is not customer})

    def file(self, application: Application, verdict: str = "", reviewed: bool = True) -> None:
        """A new application; its review comes later, unless the reviewer leaves it."""
        self.applications.append(application)
        if not application.change:
            application.customer.verified = IN_REVIEW
        verdict = verdict or self.reviewing.verdict
        if reviewed and verdict != "review":
            due = self._world.now + timedelta(seconds=self.reviewing.delay)
            self._world.plan(due, lambda: self._review(application, verdict == "pass"))

    def _review(self, application: Application, passed: bool) -> None:
        if application.status == IN_REVIEW:
            self.decide(application, passed, self.reviewing.opinion)

    def decide(self, application: Application, passed: bool, opinion: str) -> None:
        """Only a refusal has an opinion."""
        customer = application.customer
        application.status = VERIFIED if passed else TURNED_DOWN
        application.opinion = None if passed else opinion
        if passed:
            customer.verified, customer.real_name = VERIFIED, application.name
            customer.kind = ENTERPRISE if application.enterprise else INDIVIDUAL
        elif not application.change:
            customer.verified = TURNED_DOWN

    def kind_shown(self, customer: Customer) -> int | None:
        """What a customer reads of itself: what it is or, before that, has applied for."""
        own = self.of(customer)
        if not own:
            return None
        if customer.verified == VERIFIED:
            return customer.kind
        return ENTERPRISE if own[-1].enterprise else INDIVIDUAL


@dataclass
class Code:
    """A code that was sent to a number or an address, good for one purpose and one use."""

    receiver: str
    purpose: int
    text: str
    sent: datetime
    ends: datetime
    wrong: int = 0
    used: bool = False


class Codes:
    """All codes."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.sent: list[Code] = []

    def send(self, receiver: str, purpose: int, text: str, minutes: int) -> None:
        """A life beyond an hour becomes five minutes."""
        now = self._world.now
        life = timedelta(minutes=minutes if minutes <= 60 else 5)
        self.sent.append(Code(receiver, purpose, text, now, now + life))

    def are_too_many(self, receiver: str) -> bool:
        ages = [self._world.now - one.sent for one in self.sent if one.receiver == receiver]
        return sum(one < HOUR for one in ages) >= MOST_IN_AN_HOUR or sum(one < DAY for one in ages) >= MOST_IN_A_DAY

    def last(self, receiver: str, purpose: int) -> Code | None:
        found = [one for one in self.sent if (one.receiver, one.purpose) == (receiver, purpose)]
        return found[-1] if found else None

    def fault(self, receiver: str, purpose: int, text: str) -> str:
        """What stands against a code: `wrong`, `tried` too often, `late`; empty if nothing does."""
        code = self.last(receiver, purpose)
        if code is None or code.used:
            return "wrong"
        if code.wrong > WRONG_TRIES:
            return "tried"
        if code.ends <= self._world.now:
            return "late"
        if code.text != text:
            return "tried" if code.wrong == WRONG_TRIES else "wrong"
        return ""

    def use(self, receiver: str, purpose: int, text: str) -> None:
        """A good code is used up, a wrong one counted while another is waiting for use."""
        code, fault = self.last(receiver, purpose), self.fault(receiver, purpose, text)
        if code is not None and not fault:
            code.used = True
        elif code is not None and not code.used and code.wrong <= WRONG_TRIES and self._world.now < code.ends:
            code.wrong += 1
