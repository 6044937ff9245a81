"""The discover stage: communities for reviewers while there are too few confirmed accounts to learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from havenwall.engine import Batch, Output, Stream
from havenwall.model import Communities, Community, Signal, derived_id, now
from havenwall.model.community import COMMUNITY
from havenwall.network.communities import find_communities
from havenwall.network.view import DiscoverView

VERSION = "1"
_ENOUGH = 10
"""Confirmed accounts from which the network stage learns; what it finds from them is better founded."""
_GROWN = 1.05
"""So many times the links of the last search make a new one worth while."""


class DiscoverStage:
    """From stored signals and links to one `community` signal per account of a community that holds up.

    It comes to rest: the id of a signal is made from its account, its own signals start no search, and
    without news it gives what it gave before, in case that was not kept.
    """

    name = "discover"
    reads = (Stream.EVENT, Stream.SIGNAL)
    notice_only = True

    def __init__(self, view: DiscoverView) -> None:
        self._view = view
        self._last: tuple[int, int, Output] | None = None

    def run(self, batch: Batch) -> Output:
        """One search per batch that brought news; nothing once enough accounts are confirmed.

        Raises:
            NotReady: networkit cannot be loaded here.
        """
        if not len(batch) or len(self._view.seeds()) >= _ENOUGH:
            return Output()
        signals, links = self._view.mark()
        if self._last is None or signals != self._last[0] or links > _GROWN * self._last[1]:
            found = find_communities(self._view)
            self._last = signals, links, Output(signals=tuple(self._signals(found)))
        return self._last[2]

    def _signals(self, found: Communities) -> Iterator[Signal]:
        told = self._view.communities() if found.found else {}
        taken: set[str] = set()
        for community in found.found:
            name = _same(community, told, taken)
            taken.add(name)
            yield from _members(community, name)


def _same(community: Community, told: dict[str, str], taken: set[str]) -> str:
    """The id that most of its accounts were told under before, so that a community that grows stays one."""
    before = Counter(told[entity] for entity in community.members if entity in told)
    return next((name for name, _ in before.most_common() if name not in taken), community.id)


def _members(community: Community, name: str) -> Iterator[Signal]:
    at = now()
    for place, entity in enumerate(community.members):
        evidence = {
            "community": name,
            "accounts": str(len(community.members)),
            "own_signal": "yes" if place < community.signalled else "no",
            "why": community.sentence,
        }
        yield Signal(
            id=derived_id(COMMUNITY, entity),
            entity=entity,
            detector=COMMUNITY,
            version=VERSION,
            strength=community.strength,
            at=at,
            evidence=evidence,
        )
