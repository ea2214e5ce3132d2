"""What a contract run tells while it goes: frozen events. Reports, progress and summaries only listen.

A listener is a function of one event: `def listen(event: Event) -> None`, told of each in order. Every run begins with
`PlanMade` and ends with `RunEnded`; in between, each part that is run gives `PartStarted`, its `ExchangeSent` and
`FindingFound`, and `PartEnded`. Requests carry live credentials: whoever writes them down masks them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from contracts.checks import Answer
from contracts.targets.target import body_of


@dataclass(frozen=True)
class Part:
    """One phase of one operation, or one whole phase of its own, whose `operation` and `area` are empty."""

    operation: str
    area: str
    phase: str
    caller: str
    """The kind of principal that calls."""
    share: int = 0
    """Which of its shares, where a whole phase is cut into several that different workers can run."""

    def __str__(self) -> str:
        return f"{self.phase} {self.operation}".strip()


@dataclass(frozen=True)
class LeftOut:
    """What was asked for and is not sent, with the reason in one sentence."""

    operation: str
    phase: str
    reason: str


@dataclass(frozen=True)
class Finding:
    """Something that an answer should not be. `shrunk` is the smallest exchange found with the same complaint."""

    operation: str
    phase: str
    complaint: str
    case: str
    answer: Answer
    shrunk: Answer | None = None

    @cached_property
    def kind(self) -> str:
        """The complaint without what varies: two findings of one kind are about one mistake."""
        return self.complaint.partition(":")[0]

    def __str__(self) -> str:
        answer = self.shrunk or self.answer
        return (
            f"{self.operation}: {self.complaint}\n"
            f"  case    {self.phase}: {self.case}\n"
            f"  call    {answer.request.method} {answer.request.path_url}\n"
            f"  body    {body_of(answer.request).decode(errors='replace')}\n"
            f"  answer  {answer.response.status_code} {answer.response.text}"
        )


@dataclass(frozen=True)
class PlanMade:
    """What the run means to do."""

    parts: tuple[Part, ...]
    left_out: tuple[LeftOut, ...]
    seed: int


@dataclass(frozen=True)
class PartStarted:
    part: Part


@dataclass(frozen=True)
class ExchangeSent:
    """A call and its answer; `elapsed` in seconds."""

    part: Part
    case: str
    answer: Answer
    elapsed: float


@dataclass(frozen=True)
class CaseWithheld:
    """A case that was made and not sent: the guard of a target does not let it out."""

    part: Part
    case: str
    reason: str


@dataclass(frozen=True)
class FindingFound:
    part: Part
    finding: Finding


@dataclass(frozen=True)
class Checked:
    """How much of a property was looked at: what could show a mistake, and what had nothing to show, with a reason."""

    part: Part
    name: str
    seen: int
    vacuous: int
    why: str = ""

    @property
    def saw_nothing(self) -> bool:
        return self.seen == 0 and self.vacuous > 0


@dataclass(frozen=True)
class PartEnded:
    """`elapsed` in seconds."""

    part: Part
    cases: int
    accepted: int
    elapsed: float


@dataclass(frozen=True)
class Totals:
    """Counts of a run; `elapsed` in seconds."""

    parts: int = 0
    cases: int = 0
    accepted: int = 0
    withheld: int = 0
    findings: int = 0
    elapsed: float = 0.0


@dataclass(frozen=True)
class RunEnded:
    """`not_run` has the planned parts that were not begun or not ended, `why` the reason, empty where all ended."""

    totals: Totals
    not_run: tuple[Part, ...] = ()
    why: str = ""


Event = PlanMade | PartStarted | ExchangeSent | CaseWithheld | FindingFound | Checked | PartEnded | RunEnded
Listener = Callable[[Event], None]
