"""A profile worded like a removed account's."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from havenwall.detect.behaviour.base import Found, Ladder
from havenwall.detect.behaviour.bounded import Bounded, Memory
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.off_platform import addresses
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType

_ALIKE: Final = 0.6
"""Least Jaccard likeness of the word triples of two profiles."""
_TRIPLES: Final = 4
"""Shorter wordings are alike by chance."""
_COMMON: Final = 10
"""What more profiles hold is a figure of speech or a quotation."""
_LINK: Final = re.compile(r"(?:https?://|www\.)([\w.-]+/?[\w./-]{0,80})", re.IGNORECASE)
_BIOS: Final = 100_000
_MARKS: Final = 1_000_000
_EACH: Final = 64
_Marks = frozenset[str]


class Likeness:
    """What the search for returns does not look at: the wording of a profile, links and addresses in it."""

    name = "likeness"
    version = "1"
    takes = (EventType.ACCOUNT, EventType.REMOVED)
    what = (
        "A profile shares with that of one removed account: 60 % of its word triples (at least four of "
        "them), two points; a link or address, one point each. What more than ten profiles hold counts for "
        "nothing."
    )
    why = (
        "Names, media, followers, groups and contacts of removed accounts are compared by the search for "
        "returns (detector `return`), all together and with what speaks against it; this rule adds only "
        "what that does not see, and ends at 0.5 because words can be copied."
    )
    innocent = "A fan page quotes what many quote; a colleague's profile links the same shop: one point."
    unit = "points in common"
    ladder = Ladder(((1, 0.3), (2, 0.5)))

    def __init__(self) -> None:
        self._bios: Bounded[_Marks] = Bounded(_BIOS, _Marks)
        self._gone: Bounded[_Marks] = Bounded(_BIOS // 4, _Marks)
        # Which profiles hold a mark: the removed by name, of the others only how many.
        self._former: Bounded[dict[str, None]] = Bounded(_MARKS, dict[str, None])
        self._uses: Bounded[int] = Bounded(_MARKS, int)

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._bios, self._gone, self._former, self._uses)

    def see(self, row: Row, known: Known) -> Iterator[Found]:
        """What a profile makes known of its account; profiles of removed accounts are remembered."""
        del known
        if row.type == EventType.REMOVED:
            self._remember(row.entity)
        elif row.type == EventType.ACCOUNT and row.text:
            marks = frozenset(_marks(row.text))
            fresh = marks - (self._bios.get(row.entity) or frozenset())
            self._bios.put(row.entity, marks)
            # In an order of their own: a set's differs between processes, and decides what is forgotten.
            for mark in sorted(fresh):
                self._uses.put(mark, (self._uses.get(mark) or 0) + 1)
            yield from self._judge(row.entity, marks)

    def _remember(self, account: str) -> None:
        marks = self._bios.get(account)
        if not marks:
            return
        self._gone.put(account, marks)
        for mark in sorted(marks):
            former = self._former.get(mark) or {}
            self._former.put(mark, former)
            if len(former) <= _COMMON:
                former[account] = None

    def _judge(self, account: str, marks: _Marks) -> Iterator[Found]:
        rare = self._rare(marks)
        # Who was removed has said all it will say.
        if account in self._gone:
            return
        shared = Counter(each for mark in rare for each in self._former.get(mark) or ())
        points = [(_points(rare, self._rare(self._gone.get(former) or ())), former) for former in shared]
        level, former = max(points, default=(0, ""))
        if level:
            yield Found(account, level, {"former": former, "points": str(level)})

    def _rare(self, marks: Iterable[str]) -> set[str]:
        return {mark for mark in marks if (self._uses.get(mark) or 0) <= _COMMON}


def _points(mine: set[str], theirs: set[str]) -> int:
    words = {mark for mark in mine if mark[0] == "w"}
    others = {mark for mark in theirs if mark[0] == "w"}
    both, either = len(words & others), len(words | others)
    worded = both >= _TRIPLES and both >= _ALIKE * either
    return 2 * worded + sum(mark[0] != "w" for mark in mine & theirs)


def _marks(text: str) -> Iterator[str]:
    """Fingerprints of a profile, some 80 at most: `w` of word triples, `l` of links, `a` of addresses."""
    words = re.findall(r"\w+", _LINK.sub(" ", text).casefold())[:_EACH]
    for link in _LINK.findall(text)[:8]:
        yield "l" + _print(link.casefold().rstrip("/."))
    for _, point in zip(range(8), addresses(text), strict=False):
        yield "a" + point
    for triple in zip(words, words[1:], words[2:], strict=False):
        yield "w" + _print(" ".join(triple))


def _print(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
