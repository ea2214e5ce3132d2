"""Drawn calls, valid and invalid; what they find is shrunk to a small call that shows the same."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.cases import Case, describe, fuzzed_cases, smallest
from contracts.checks import Answer
from contracts.events import Event, ExchangeSent
from contracts.phases.registry import phase
from contracts.phases.running import Run
from contracts.targets.target import body_of
from mockserver.contract.operation import Operation

CASES, CASES_QUICK = 40, 2
"""Drawn calls of each sort, valid and invalid, of one operation."""
SHRINKING = 150
"""Calls that making one finding small may take."""


@phase("fuzzing")
def fuzzing(run: Run, operation: Operation) -> Iterator[Event]:
    """Send drawn calls; each new kind of complaint is shrunk."""
    count = CASES_QUICK if run.options.quick else CASES
    shrunk: set[str] = set()
    for positive in (True, False):
        for case in fuzzed_cases(run.generated[operation.id], positive, count, run.seed):
            sent = run.send(describe(case), run.request_of(case))
            yield sent
            if isinstance(sent, ExchangeSent):
                for complaint in list(run.complaints(sent.answer, case)):
                    kind = complaint.partition(":")[0]
                    small = None if kind in shrunk else _small(run, positive, count, sent, kind)
                    shrunk.add(kind)
                    yield from run.complain(sent, complaint, small)


def _small(run: Run, positive: bool, count: int, sent: ExchangeSent, kind: str) -> Answer | None:
    """The smallest call found that is answered with the same kind of complaint; None where only `sent` shows it."""
    found: list[Answer] = []

    def shows_it(case: Case) -> bool:
        run.restart()
        tried = run.send("", run.request_of(case))
        if not isinstance(tried, ExchangeSent):
            return False
        answer = tried.answer
        shown = any(one.partition(":")[0] == kind for one in run.complaints(answer, case))
        if shown:
            found.append(answer)
        return shown

    smallest(run.generated[run.part.operation], positive, count, run.seed, shows_it, SHRINKING)
    run.restart()
    return min((sent.answer, *found), key=_size) if found else None


def _size(answer: Answer) -> tuple[int, str]:
    url = str(answer.request.url)
    return len(url) + len(body_of(answer.request)), url
