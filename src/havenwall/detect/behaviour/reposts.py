"""What was removed comes back, much of it, by the same hand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from havenwall.detect.behaviour.base import DAY, Found, Ladder
from havenwall.detect.behaviour.bounded import Bounded, Memory, Recent
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType

_WINDOW: Final = 30 * DAY
_WORDS: Final = 5
"""Shorter texts are alike by chance."""
_MADE: Final = 500_000
_GONE: Final = 200_000


class Reposts:
    """Content that the platform removed is posted again."""

    name = "reposts"
    version = "1"
    takes = (EventType.POST, EventType.MEDIA, EventType.REMOVED)
    what = (
        "Different pieces of content, removed before, that the account posted within 30 days: media of the "
        "same hash (or the same media item), and texts of five words or more with the same wording."
    )
    why = (
        "Different pieces and not postings are counted: whoever keeps a stock puts up many, whoever "
        "quarrels with the platform over one picture puts up that one again and again."
    )
    innocent = (
        "A fan page posts a removed picture ten times: one piece. A shop puts up two removed offers: two "
        "pieces."
    )
    unit = "removed pieces posted again"
    ladder = Ladder(((4, 0.3), (8, 0.5), (20, 0.7)))

    def __init__(self) -> None:
        self._prints: Bounded[str] = Bounded(_MADE, str)
        self._gone: Bounded[int] = Bounded(_GONE, int)
        self._again = Recent(_WINDOW)

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._prints, self._gone, self._again)

    def see(self, row: Row, known: Known) -> Iterator[Found]:
        """What a `post` or `media` event makes known of its author; `removed` events are remembered."""
        del known
        if row.type == EventType.REMOVED:
            mark = self._prints.get(row.entity)
            if mark is not None:
                self._gone.put(mark, row.at)
            return
        mark = _print(row) if row.type in (EventType.POST, EventType.MEDIA) else None
        if mark is None or row.target is None:
            return
        self._prints.put(row.target, mark)
        gone = self._gone.get(mark)
        if gone is not None and row.at > gone:
            pieces = len(self._again.add(row.entity, mark, row.at))
            yield Found(row.entity, pieces, {"pieces": str(pieces)})


def _print(row: Row) -> str | None:
    if row.type == EventType.MEDIA:
        return row.hash or row.target
    words = (row.text or "").casefold().split()
    if len(words) < _WORDS:
        return None
    return hashlib.blake2b(" ".join(words).encode(), digest_size=12).hexdigest()
