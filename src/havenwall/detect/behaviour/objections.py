"""Minors block an account or report it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from havenwall.detect.behaviour.base import DAY, Found, Ladder
from havenwall.detect.behaviour.bounded import Memory, Recent
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType

_WINDOW: Final = 60 * DAY
_MINORS: Final = 2 / 3
"""Least share of minors among those who objected. Anybody well known is blocked, and by all ages."""


class Objections:
    """Those concerned say it themselves."""

    name = "minor-objections"
    version = "1"
    takes = (EventType.BLOCK, EventType.REPORT)
    what = (
        "Different possible minors who blocked the account, or reported it or something it made, within 60 "
        "days; at least two in three of all who objected are minors. Who reported is known only from the "
        "platform's own `report` events: of reports that Havenwall takes, it is sealed."
    )
    why = (
        "A block costs nothing and is seen by nobody, so it is honest. Reports can be organised: past 0.7 "
        "it never goes."
    )
    innocent = (
        "A journalist or a fan page with a wide audience is blocked by all ages; a teacher by one pupil or "
        "two."
    )
    unit = "minors who objected"
    ladder = Ladder(((3, 0.3), (6, 0.5), (12, 0.7)))

    def __init__(self) -> None:
        self._objectors = Recent(_WINDOW)

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._objectors,)

    def see(self, row: Row, known: Known) -> Iterator[Found]:
        """What a `block` or `report` event makes known of the account it is about."""
        if row.type == EventType.BLOCK:
            about, by = row.target, row.entity
        elif row.type == EventType.REPORT:
            about, by = known.account_of(row.entity), row.target or ""
        else:
            return
        if not about or not by or about == by:
            return
        objectors = self._objectors.add(about, by, row.at)
        minors = sum(map(known.minor, objectors)) if len(objectors) >= self.ladder.least else 0
        if minors >= max(self.ladder.least, _MINORS * len(objectors)):
            yield Found(about, minors, {"minors": str(minors), "objected": str(len(objectors))})
