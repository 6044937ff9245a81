"""Adults who follow hardly anybody but minors, and the same ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

import msgspec

from havenwall.detect.behaviour.base import Found, Ladder
from havenwall.detect.behaviour.bounded import Bounded, Memory
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType, LinkKind

_MINORS: Final = 10
_SHARE: Final = 0.8
_PARTNERS: Final = 2
"""One other may be a colleague or the other parent."""
_COMMON: Final = 3
"""Minors that two adults must have in common, so that one popular child ties nobody together."""
_MOST: Final = 512
_ADULTS: Final = 1_000_000


class _Adult(msgspec.Struct, array_like=True, gc=False):
    follows: int = 0
    minors: dict[str, None] = {}
    """Minors it follows who do not follow it."""
    friends: dict[str, None] = {}
    """Minors who follow it."""
    listed: bool = False
    """Whether those it follows know of it."""


class CoFollow:
    """Buyers look at the same children and at nothing else."""

    name = "only-minors"
    version = "1"
    takes = (EventType.LINK, EventType.UNLINK)
    what = (
        "An account the platform says is an adult's follows ten possible minors or more who do not follow "
        "it back; they are at least 80 % of all it follows; and two or more other such accounts follow at "
        "least three of the same. Counted are the minors it has in common with them."
    )
    why = (
        "That buyers follow the same accounts is what network detection rests on too; here it needs no "
        "confirmed account. Numbers are judgement, looked over on the sandbox."
    )
    innocent = "Pupils follow their teacher back; parents follow few; a fan page follows adults as well."
    unit = "minors in common"
    ladder = Ladder(((5, 0.3), (12, 0.5), (40, 0.6)))

    def __init__(self) -> None:
        self._adults: Bounded[_Adult] = Bounded(_ADULTS, _Adult)
        self._followers: Bounded[dict[str, None]] = Bounded(_ADULTS, dict[str, None])

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._adults, self._followers)

    def see(self, row: Row, known: Known) -> Iterator[Found]:
        """What a follow makes known of who follows, and of others who follow the same."""
        if row.link != LinkKind.FOLLOW or not row.target:
            return
        who, whom = row.entity, row.target
        if row.type == EventType.UNLINK:
            self._unfollow(who, whom, known)
        elif known.adult(who):
            yield from self._follow(who, whom, known)
        elif known.minor(who) and known.adult(whom):
            self._follow_back(who, whom)

    def _follow(self, who: str, whom: str, known: Known) -> Iterator[Found]:
        adult = self._adult(who)
        adult.follows += 1
        if not known.minor(whom) or whom in adult.friends or len(adult.minors) >= _MOST:
            return
        adult.minors[whom] = None
        if _only_minors(adult):
            # The first time, its earlier follows count as well.
            for minor in (whom,) if adult.listed else tuple(adult.minors):
                self._register(minor, who)
            adult.listed = True
            yield from self._judge(who, adult)

    def _judge(self, who: str, adult: _Adult) -> Iterator[Found]:
        partners = self._partners(who, adult)
        for one in (who, *partners):
            other = self._adults.get(one)
            mine = self._partners(one, other) if other and _only_minors(other) else ()
            if other and len(mine) >= _PARTNERS:
                theirs = {minor for each in mine for minor in self._minors(each)}
                common = len(theirs & other.minors.keys())
                evidence = {"common": str(common), "alike": str(len(mine)), "follows": str(other.follows)}
                yield Found(one, common, evidence)

    def _partners(self, who: str, adult: _Adult) -> tuple[str, ...]:
        alike = Counter(each for minor in adult.minors for each in self._followers.get(minor) or ())
        return tuple(each for each, common in alike.items() if common >= _COMMON and each != who)

    def _minors(self, who: str) -> dict[str, None]:
        adult = self._adults.get(who)
        return adult.minors if adult else {}

    def _register(self, minor: str, who: str) -> None:
        followers = self._followers.get(minor) or {}
        self._followers.put(minor, followers)
        if len(followers) < _MOST // 8:
            followers[who] = None

    def _follow_back(self, minor: str, adult: str) -> None:
        told = self._adult(adult)
        told.minors.pop(minor, None)
        if len(told.friends) < _MOST:
            told.friends[minor] = None
        (self._followers.get(minor) or {}).pop(adult, None)

    def _unfollow(self, who: str, whom: str, known: Known) -> None:
        adult = self._adults.get(who)
        if adult:
            adult.follows = max(0, adult.follows - 1)
            adult.minors.pop(whom, None)
            (self._followers.get(whom) or {}).pop(who, None)
        elif known.minor(who) and (other := self._adults.get(whom)):
            other.friends.pop(who, None)

    def _adult(self, who: str) -> _Adult:
        adult = self._adults.get(who) or _Adult()
        self._adults.put(who, adult)
        return adult


def _only_minors(adult: _Adult) -> bool:
    return len(adult.minors) >= max(_MINORS, _SHARE * adult.follows)
