"""What a confirmation changes, at once: exact counts and local walks, most-changed accounts first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.model import LinkKind
from havenwall.network.graph import Graph
from havenwall.network.graph.prefetch import prefetch
from havenwall.network.live.counters import Counters, CountRule
from havenwall.network.live.delta import DeltaGraph
from havenwall.network.live.ledger import UNIT, Count, mark, mass
from havenwall.network.live.ranking import most_changed
from havenwall.network.walk import Direction, Push, PushConfig

_AHEAD = 16


class LiveConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How candidates are found as events come."""

    counts: CountRule = CountRule()
    """Who is left out of the counts."""
    push: PushConfig = PushConfig()
    """How far and how exactly the local walks go."""
    direction: Direction = Direction.SYMMETRIC
    """Which way they go."""
    most_walks: int = 300
    """So many confirmed accounts have a walk, which is kept in memory; counters alone follow the others."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """An account whose ties to the confirmed ones have changed."""

    row: int
    name: str
    change: float
    """How much they have changed, on the scale of `ranking.most_changed`."""
    to_seeds: int
    """Links from the account to confirmed ones."""
    from_seeds: int
    """Links from confirmed accounts to it."""
    audience: int
    """Follows of confirmed accounts by its followers, hubs left out."""
    audience_two: int
    """Followers, hubs left out, that follow two confirmed accounts or more."""
    cotags: int
    """Uses by confirmed accounts of the things it uses, crowded things left out."""
    estimate: float
    """Summed estimates of the local walks from all confirmed accounts."""


class Live:
    """The network around the confirmed accounts while links, confirmations and retractions come and go.

    Joins exact `Counters` with one local walk per confirmed account, up to `most_walks`. Walks are kept one
    by one and summed in whole numbers, so that a retraction takes away exactly what the confirmation brought,
    in any order.
    """

    def __init__(self, graph: Graph | DeltaGraph, config: LiveConfig | None = None) -> None:
        """Begin without confirmed accounts; from now on the graph is changed through here only."""
        self.config = config or LiveConfig()
        self.graph = graph if isinstance(graph, DeltaGraph) else DeltaGraph(graph)
        self.counters = Counters(self.graph, self.config.counts)
        self._ways = self.graph.ways(self.config.direction)
        self.walks: dict[int, Push] = {}
        """The local walk of each confirmed account, by row."""

    def confirm(self, rows: Iterable[int], *, top: int = 100) -> list[Candidate]:
        """Accounts are confirmed; those that are already are passed over.

        Args:
            rows: of the accounts.
            top: how many candidates to give at most.

        Returns:
            The accounts, not confirmed themselves, whose counts or estimate changed since last asked, by
            these confirmations or by other events; the most changed first.

        Raises:
            BadInput: there is no such row.
        """
        for row in map(int, rows):
            if self.counters.confirm(row) and len(self.walks) < self.config.most_walks:
                self.walks[row] = Push(self._ways, row, self.config.push)
                self._merge(self.walks[row], 1)
        return self.candidates(top=top)

    def retract(self, rows: Iterable[int], *, top: int = 100) -> list[Candidate]:
        """Accounts are no longer confirmed; those that are not are passed over. See `confirm`."""
        for row in map(int, rows):
            if self.counters.retract(row) and row in self.walks:
                self._merge(self.walks.pop(row), -1)
        return self.candidates(top=top)

    def link(self, kind: LinkKind, src: int, dst: int, at: datetime | None = None) -> bool:
        """Two accounts are tied; False if they were already. See `DeltaGraph.add` for errors."""
        return self.graph.add(kind, src, dst, at) and self._tied(kind, src, dst, 1)

    def unlink(self, kind: LinkKind, src: int, dst: int) -> bool:
        """A tie is taken back; False if there was none. See `DeltaGraph.remove` for errors."""
        return self.graph.remove(kind, src, dst) and self._tied(kind, src, dst, -1)

    def use(self, kind: LinkKind, row: int, thing: int, at: datetime | None = None) -> bool:
        """An account uses a thing; False if it did already. See `DeltaGraph.use` for errors."""
        if not self.graph.use(kind, row, thing, at):
            return False
        self.counters.used(kind, row, thing, 1)
        return True

    def disuse(self, kind: LinkKind, row: int, thing: int) -> bool:
        """The use of a thing is taken back; False if there was none. See `DeltaGraph.disuse` for errors."""
        if not self.graph.disuse(kind, row, thing):
            return False
        self.counters.used(kind, row, thing, -1)
        return True

    @property
    def estimates(self) -> NDArray[np.float64]:
        """(n,) summed estimates of the local walks from all confirmed accounts."""
        return self.counters.ledger.estimates[: self.graph.n]

    def candidates(self, *, top: int = 100) -> list[Candidate]:
        """What `confirm` gives, for all events since last asked."""
        ledger = self.counters.ledger
        rows, change = most_changed(ledger, self.graph.ties(LinkKind.FOLLOW).into, top)
        ledger.forget()
        return [self._candidate(*pair) for pair in zip(rows.tolist(), change.tolist(), strict=True)]

    def shares(self, row: int) -> dict[int, float]:
        """Share of each confirmed account in an account's estimate, 0..1, the largest first."""
        parts = {seed: walk[row] for seed, walk in self.walks.items()}
        total = sum(parts.values())
        order = sorted((seed for seed, part in parts.items() if part), key=lambda seed: (-parts[seed], seed))
        return {seed: parts[seed] / total for seed in order}

    def _tied(self, kind: LinkKind, src: int, dst: int, change: int) -> bool:
        if kind is LinkKind.FOLLOW:
            self.counters.followed(src, dst, change)
            self._rewire(src, dst, change)
        return True

    def _rewire(self, src: int, dst: int, change: int) -> None:
        reached = self.counters.count(Count.REACHED)
        sources = [source for source, _ in self._ways.steps(src, dst) if reached[source]]
        for walk in self.walks.values():
            if any(source in walk for source in sources):
                self._merge(walk, -1)
                (walk.link if change > 0 else walk.unlink)(self._ways, src, dst)
                self._merge(walk, 1)

    def _merge(self, walk: Push, sign: int) -> None:
        book = self.counters.ledger.book
        _merge(book, mass(book.counts), walk.rows, walk.estimates, sign)

    def _candidate(self, row: int, change: float) -> Candidate:
        counts = self.counters.ledger.book.counts[row : row + 1]
        return Candidate(
            row=row,
            name=self.graph.names[row],
            change=change,
            to_seeds=int(counts[0, Count.TO_SEEDS]),
            from_seeds=int(counts[0, Count.FROM_SEEDS]),
            audience=int(counts[0, Count.AUDIENCE]),
            audience_two=int(counts[0, Count.AUDIENCE_TWO]),
            cotags=int(counts[0, Count.COTAGS]),
            estimate=float(mass(counts)[0] / UNIT),
        )


@njit(cache=True, nogil=True)
def _merge(book, masses, rows, estimates, sign):  # type: ignore[no-untyped-def]
    counts, flags, changed, before, sizes = book
    size = sizes[0]
    flat = counts.reshape(-1)
    for at in range(len(rows)):
        coming = rows[min(at + _AHEAD, len(rows) - 1)]
        prefetch(flat, coming * counts.shape[1])
        prefetch(flags, coming)
        size = mark(counts, flags, changed, before, size, rows[at])
        counts[rows[at], Count.REACHED] += sign
        masses[rows[at]] += sign * np.int64(np.rint(estimates[at] * UNIT))
    sizes[0] = size
