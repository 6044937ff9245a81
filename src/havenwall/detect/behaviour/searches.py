"""Searches that were blocked, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from havenwall.detect.behaviour.base import DAY, Found, Ladder
from havenwall.detect.behaviour.bounded import Memory, Recent
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType

_WINDOW: Final = 30 * DAY


class Searches:
    """Who is told no and tries on, day after day, was not there by accident."""

    name = "blocked-searches"
    version = "1"
    takes = (EventType.SEARCH,)
    what = (
        "Different days within 30 with at least two blocked searches. Accounts whose owner the platform has "
        "verified are left out."
    )
    why = (
        "A help page answers a blocked search; most who came by accident or for help do not repeat it on "
        "many days. Days and not searches are counted, so that one evening's curiosity or research stays "
        "one day."
    )
    innocent = "A journalist searches a whole afternoon for one story: one day. Verified press is left out."
    unit = "days"
    ladder = Ladder(((3, 0.3), (6, 0.5), (12, 0.6)))

    def __init__(self) -> None:
        self._searches = Recent(_WINDOW)

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._searches,)

    def see(self, row: Row, known: Known) -> Iterator[Found]:
        """What a `search` event makes known of who searched."""
        if row.type != EventType.SEARCH:
            return
        times = self._searches.add(row.entity, row.name, row.at)
        if len(times) < 2 * self.ladder.least or known.verified(row.entity):
            return
        by_day: dict[int, int] = {}
        for at in times.values():
            by_day[at // DAY] = by_day.get(at // DAY, 0) + 1
        days = sum(count >= 2 for count in by_day.values())
        yield Found(row.entity, days, {"days": str(days), "searches": str(len(times))})
