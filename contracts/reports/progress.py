"""A run while it goes, on one line of a terminal: what runs, how fast, what was found, how long it will take."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from contracts.events import Event, ExchangeSent, FindingFound, Part, PartEnded, PartStarted, PlanMade

Clock = Callable[[], float]
SETTLED = 3.0
"""Seconds after which the time left is told."""


class Live:
    """Shows progress on a terminal; on anything else it shows nothing."""

    def __init__(self, console: Console, *, quiet: bool = False, clock: Clock = time.monotonic) -> None:
        """`clock` tells seconds."""
        self.shows = console.is_terminal and not console.is_dumb_terminal and not quiet
        self._state = State(clock)
        self._progress = Progress(
            BarColumn(bar_width=24),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            _Words(self._state),
            console=console,
            transient=True,
            disable=not self.shows,
            get_time=clock,
        )
        self._task = self._progress.add_task("", total=None)

    def __enter__(self) -> Live:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        if not self.shows:
            return
        self._state(event)
        if isinstance(event, PlanMade):
            self._progress.update(self._task, total=len(event.parts))
            self._progress.start()
        elif isinstance(event, PartEnded):
            self._progress.advance(self._task)


class State:
    """What the line is made of."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock()
        self._planned = 0
        self._ended = 0
        self._running: dict[Part, None] = {}
        self._last = ""
        self.sent = 0
        self.found = 0

    def __call__(self, event: Event) -> None:
        match event:
            case PlanMade():
                self._began, self._planned = self._clock(), len(event.parts)
            case PartStarted():
                self._running[event.part] = None
            case PartEnded():
                self._running.pop(event.part, None)
                self._last = str(event.part)
                self._ended += 1
            case ExchangeSent():
                self.sent += 1
            case FindingFound():
                self.found += 1
            case _:
                pass

    @property
    def elapsed(self) -> float:
        """Seconds since the plan."""
        return self._clock() - self._began

    @property
    def rate(self) -> float:
        """Calls a second."""
        return self.sent / self.elapsed if self.elapsed > 0 else 0.0

    @property
    def left(self) -> float | None:
        """Seconds until the end if the other parts are like those before; None where nothing can be told yet."""
        if not self._ended or self.elapsed < SETTLED:
            return None
        return self.elapsed / self._ended * (self._planned - self._ended)

    @property
    def runs(self) -> str:
        """What runs now, or ran last: workers tell of a part when it is over."""
        return ", ".join(map(str, self._running)) or self._last

    def words(self) -> str:
        left = "" if self.left is None else f"  {_clock(self.left)} left"
        return f"{self.rate:.0f} calls/s{left}  {self.found} found  {self.runs}"


class _Words(ProgressColumn):
    def __init__(self, state: State) -> None:
        self._state = state
        super().__init__()

    def render(self, task: Task) -> Text:
        text = Text(self._state.words(), no_wrap=True, overflow="ellipsis")
        text.highlight_regex(r"[1-9][0-9]* found", "bold red")
        return text


def _clock(seconds: float) -> str:
    """`1:05`, in minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
