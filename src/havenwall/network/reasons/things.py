"""Which tags, groups, media and contacts an account shares with confirmed ones, most telling first."""

from __future__ import annotations

import heapq

import numpy as np

from havenwall.model import LinkKind, SharedThing
from havenwall.network.evidence import IntArray, Links, Seen

_SHOWN = 5


def shared_things(links: Links, rows: IntArray, seeds: IntArray) -> list[tuple[SharedThing, ...]]:
    """For each of `rows` the things it shares with confirmed accounts, 5 at most, weighed as in the model."""
    column = np.zeros((links.n, 1), np.float32)
    column[seeds] = 1
    seen = Seen(links, column)
    kinds = [_Kind(links, seen, kind) for kind in links.graph.uses]
    return [
        tuple(heapq.nlargest(_SHOWN, (t for kind in kinds for t in kind.of(row)), key=lambda t: t.weight))
        for row in rows.tolist()
    ]


class _Kind:
    def __init__(self, links: Links, seen: Seen, kind: LinkKind) -> None:
        self._uses, self._names = links.things(kind), links.graph.things[kind]
        self._confirmed = self._uses.flipped.gather(seen.seeds)[:, 0]
        self._users = self._uses.flipped.degree
        self._weight = seen.lift(kind)[:, 0]

    def of(self, row: int) -> list[SharedThing]:
        return [
            SharedThing(
                entity=self._names[int(thing)],
                confirmed=int(self._confirmed[thing]),
                users=int(self._users[thing]),
                weight=round(float(self._weight[thing]), 3),
            )
            for thing in self._uses.row(row)
            if self._weight[thing] > 0
        ]
