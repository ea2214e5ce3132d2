"""Properties by name. A property looks at one operation through a probe and yields what is wrong:

    @holds("paging", applies=has_pages)
    def paging(probe: Probe) -> Iterator[Wrong]:
        '''All pages together are the whole list.'''

What it looks at is said in the operation's document. Each check counts as seen or, where the target had nothing to
show, as vacuous: `probe.saw()`, `probe.nothing("the list is empty")`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockserver.contract.operation import SiteView

if TYPE_CHECKING:
    from contracts.properties.probe import Probe, Told


@dataclass(frozen=True)
class Wrong:
    """What is wrong with an answer; `shrunk` is the smallest exchange found that shows the same."""

    complaint: str
    told: Told
    shrunk: Told | None = None


Holds = Callable[["Probe"], Iterator[Wrong]]


@dataclass(frozen=True)
class Property:
    """A property of each operation to which it applies."""

    name: str
    check: Holds
    applies: Callable[[SiteView], bool]


PROPERTIES: dict[str, Property] = {}
"""In the order in which they are looked at."""


def holds(name: str, *, applies: Callable[[SiteView], bool] = lambda view: True) -> Callable[[Holds], Holds]:
    """Register a property."""

    def register(check: Holds) -> Holds:
        PROPERTIES[name] = Property(name, check, applies)
        return check

    return register
