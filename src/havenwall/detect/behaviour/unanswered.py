"""Many possible minors contacted, few of whom ever answer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from havenwall.detect.behaviour.base import DAY, Found, Ladder
from havenwall.detect.behaviour.bounded import Memory, Recent
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType

_WINDOW: Final = 30 * DAY
_GRACE: Final = DAY
"""So long an answer may take, measured by the sender's own later contacts."""
_UNANSWERED: Final = 0.6
"""Least share of the contacted minors who did not answer: people who know each other mostly answer."""
_MINORS: Final = 0.5
"""Least share of minors among all contacted: a shop writes to everybody."""


class Unanswered:
    """Somebody seeks out minors who do not know it."""

    name = "unanswered-contacts"
    version = "1"
    takes = (EventType.CONTACT,)
    what = (
        "First contacts to possible minors within 30 days that nobody answered for a day. At least 60 % of "
        "the minors contacted did not answer, and at least half of all contacted are minors."
    )
    why = (
        "Who seeks out strangers writes to many and is answered by few. Judgement, not measured: no public "
        "data has contacts with ages."
    )
    innocent = (
        "A teacher or trainer writes to many minors who answer; a shop writes to all ages; a newcomer to few."
    )
    unit = "minors who did not answer"
    ladder = Ladder(((8, 0.3), (15, 0.5), (30, 0.7)))

    def __init__(self) -> None:
        self._all = Recent(_WINDOW, each=512)
        self._open = Recent(_WINDOW)

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._all, self._open)

    def see(self, row: Row, known: Known) -> Iterator[Found]:
        """What a `contact` event makes known of its sender."""
        if row.type != EventType.CONTACT or row.target is None:
            return
        sender, other = row.entity, row.target
        if sender in self._all.of(other):
            self._open.drop(other, sender)
            return
        everybody = self._all.add(sender, other, row.at)
        if row.answered == "true":
            self._open.drop(sender, other)
        elif known.minor(other):
            waiting = self._open.add(sender, other, row.at)
            if len(waiting) >= self.ladder.least:
                yield from self._judge(sender, tuple(waiting.values()), tuple(everybody), known)

    def _judge(
        self, sender: str, waiting: tuple[int, ...], everybody: tuple[str, ...], known: Known
    ) -> Iterator[Found]:
        silent = sum(at <= max(waiting) - _GRACE for at in waiting)
        minors = sum(map(known.minor, everybody))
        # Those who wait less than a day speak neither for nor against.
        judged = minors - (len(waiting) - silent)
        if silent >= _UNANSWERED * judged and minors >= _MINORS * len(everybody):
            evidence = {"silent": str(silent), "minors": str(minors), "contacted": str(len(everybody))}
            yield Found(sender, silent, evidence)
