"""What a behaviour rule says, and how strongly."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from havenwall.detect.behaviour.bounded import Memory
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType

HOUR = 3_600_000_000
DAY = 24 * HOUR
"""In µs."""


class Found(NamedTuple):
    """What a rule has seen one account do."""

    entity: str
    level: float
    """How much of it, in the unit of the rule's ladder."""
    evidence: dict[str, str]
    """Figures only: neither the names of those concerned nor any content."""


class Ladder(tuple[tuple[float, float], ...]):
    """(level, strength) from weak to strong: reaching a level makes a signal of that strength."""

    __slots__ = ()

    @property
    def least(self) -> float:
        """The level below which nothing is said."""
        return self[0][0]

    def rung(self, level: float) -> int:
        """The highest rung that is reached, -1 below all."""
        return sum(level >= bar for bar, _ in self) - 1


class Behaviour(Protocol):
    """One rule. It keeps what it must remember in bounded memory, and looks at events one by one.

    What it says depends on the events and their order alone, never on how they were cut into batches.
    """

    name: str
    """Signals carry it as their detector."""
    version: str
    what: str
    """What is looked for, and the thresholds: for the reference page."""
    why: str
    """What the thresholds rest on."""
    innocent: str
    """Who does something alike, and what keeps them below."""
    unit: str
    """What the ladder's levels count."""
    ladder: Ladder

    @property
    def takes(self) -> tuple[EventType, ...]:
        """The types of events it looks at; of links it gets follows and shared contacts."""
        ...

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers: a rule filled with another's goes on as that one would."""
        ...

    def see(self, row: Row, known: Known) -> Iterable[Found]:
        """What an event makes known. `known` has taken it in already."""
        ...
