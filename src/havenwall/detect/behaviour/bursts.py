"""A new account reaches out to very many at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from havenwall.detect.behaviour.base import DAY, HOUR, Found, Ladder
from havenwall.detect.behaviour.bounded import Memory, Recent
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType, LinkKind

_YOUNG: Final = 7 * DAY
_CONTACT: Final = 3
"""A contact reaches further into somebody's life than a follow."""


class Bursts:
    """What is written by hand goes slower; and who has just come knows few."""

    name = "burst"
    version = "1"
    takes = (EventType.CONTACT, EventType.LINK)
    what = (
        "Accounts followed (one point each) or contacted (three) within one hour, in the first seven days "
        "of the account. Nothing is said of accounts whose creation is not known."
    )
    why = (
        "A person who works through suggestions follows some fifty an hour. A burst speaks for a tool, not "
        "for what it is used for: spam bursts too. So it is weak, and ends at 0.5."
    )
    innocent = "A new fan page follows eighty in its first hour; a new shop answers thirty customers."
    unit = "points in an hour"
    ladder = Ladder(((120, 0.3), (300, 0.5)))

    def __init__(self) -> None:
        self._reached = Recent(HOUR, each=512, actors=50_000)

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._reached,)

    def see(self, row: Row, known: Known) -> Iterator[Found]:
        """What a `contact` event or a follow makes known of who makes it."""
        contact = row.type == EventType.CONTACT
        if not contact and (row.type != EventType.LINK or row.link != LinkKind.FOLLOW):
            return
        born = known.born(row.entity)
        if born is None or row.at - born > _YOUNG or not row.target:
            return
        reached = self._reached.add(row.entity, ("c" if contact else "f") + row.target, row.at)
        if len(reached) * _CONTACT < self.ladder.least:
            return
        contacts = sum(thing[0] == "c" for thing in reached)
        points = len(reached) + (_CONTACT - 1) * contacts
        yield Found(row.entity, points, {"reached": str(len(reached)), "contacts": str(contacts)})
