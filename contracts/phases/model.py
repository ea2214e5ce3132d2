"""Random sequences of calls, each answer foretold by a small reference model; differences are told as short scripts."""

from __future__ import annotations

from collections.abc import Iterator

from contracts.checks import Answer
from contracts.events import Event, ExchangeSent, Finding, FindingFound
from contracts.phases.registry import whole_phase
from contracts.phases.running import OutOfTime, Run

SEQUENCES, SEQUENCES_QUICK = 450, 20
STEPS, STEPS_QUICK = 40, 25
SHARES = 4
"""Parts of the phase, of which each plays every fourth batch."""
BREAK = "\n          "
"""Between the lines of a script in a finding."""

Heard = list[tuple[str, str, Answer]]


@whole_phase("model", shares=SHARES)
def model(run: Run) -> Iterator[Event]:
    """Play sequences batch by batch. Equal seeds play equal sequences."""
    from contracts.model.play import Play, TimeIsOver
    from contracts.model.searching import Budget, Search

    heard: Heard = []
    play = Play(run.target, run.contract, lambda *call: heard.append(call), lambda: _is_over(run))
    budget = Budget(SEQUENCES_QUICK, STEPS_QUICK) if run.options.quick else Budget(SEQUENCES, STEPS)
    seen: set[tuple[str, str]] = set()
    try:
        for found in Search(play, run.seed, budget).batches(run.part.share, SHARES):
            yield from _told(run, heard, seen)
            heard.clear()
            if found is not None:
                complaint = f"not what the model foretells: {found.complaint}"
                script = BREAK.join((*found.preparation, *found.script))
                yield FindingFound(run.part, Finding(found.operation, "model", complaint, script, found.answer))
    except TimeIsOver:
        yield from _told(run, heard, seen)
        raise OutOfTime from None


def _is_over(run: Run) -> bool:
    return run.deadline is not None and run.clock() >= run.deadline


def _told(run: Run, heard: Heard, seen: set[tuple[str, str]]) -> Iterator[Event]:
    """The calls of a batch, and what is wrong with their answers whatever the model says, once of each kind."""
    for operation, line, answer in heard:
        yield ExchangeSent(run.part, line, answer, answer.response.elapsed.total_seconds())
        for complaint in run.complaints(answer):
            finding = Finding(operation, "model", complaint, line, answer)
            if (operation, finding.kind) not in seen:
                seen.add((operation, finding.kind))
                yield FindingFound(run.part, finding)
