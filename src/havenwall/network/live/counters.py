"""Counts around the confirmed accounts, kept exactly while links and confirmations come and go."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.errors import BadConfig, BadInput
from havenwall.model import LinkKind
from havenwall.network.live.circles import Circles
from havenwall.network.live.delta import DeltaGraph
from havenwall.network.live.ledger import Count, Ledger, mark
from havenwall.network.walk.adjacency import degree, neighbours


class CountRule(msgspec.Struct, frozen=True, kw_only=True):
    """Who is left out of the counts.

    Raises:
        BadConfig: a setting is below 1.
    """

    hub: int = 400
    """Followers that follow more accounts than this say nothing by it and are left out."""
    crowd: int = 2_000
    """Things that more accounts than this use say nothing and are left out."""

    def __post_init__(self) -> None:
        for name in ("hub", "crowd"):
            if getattr(self, name) < 1:
                raise BadConfig("must be at least 1", field=name)


class Counters:
    """Exact counts for a set of confirmed accounts over a graph that changes; see `Count` for each.

    Both rules, `hub` and `crowd`, look at the degree as it is now: a follower that comes to follow one
    account too many is left out from then on, with all that it gave before, and counts again, in full, when
    it takes a follow back. So the counts depend on the graph and the confirmed accounts alone, never on the
    order of events, and retracting an account subtracts exactly what confirming it now would add.

    Cost: confirming takes time with the sum of what the account's followers follow (each at most `hub`) and
    of the users of its things (each at most `crowd`); a link takes time only where an end is confirmed, or
    the follower or thing passes its limit.
    """

    def __init__(self, graph: DeltaGraph, rule: CountRule | None = None) -> None:
        """Begin without confirmed accounts. Changes of the graph must be told as they happen."""
        self.graph = graph
        self.rule = rule or CountRule()
        self.ledger = Ledger(graph.n)
        self._seeds: set[int] = set()
        follows = graph.ties(LinkKind.FOLLOW)
        self._audience = Circles(
            follows.out,
            follows.into,
            self.rule.hub,
            self.ledger,
            together=Count.AUDIENCE,
            several=Count.AUDIENCE_TWO,
            confirmed=Count.TO_SEEDS,
        )
        self._follows = follows
        self._things: dict[LinkKind, Circles] = {}
        for kind in graph.uses:
            self._circles(kind)

    @property
    def seeds(self) -> NDArray[np.int64]:
        """Rows of the confirmed accounts, ascending."""
        return np.array(sorted(self._seeds), np.int64)

    def __contains__(self, row: object) -> bool:
        """Whether an account is confirmed."""
        return row in self._seeds

    def count(self, column: Count) -> NDArray[np.int32]:
        """(n,) a count of every account; a view that later changes show in."""
        self._grow()
        return self.ledger.count(column)

    def confirm(self, row: int) -> bool:
        """An account is confirmed; False if it was already.

        Raises:
            BadInput: there is no such row.
        """
        return row not in self._seeds and self._change(row, 1)

    def retract(self, row: int) -> bool:
        """An account is no longer confirmed; False if it was not."""
        return row in self._seeds and self._change(row, -1)

    def followed(self, src: int, dst: int, change: int = 1) -> None:
        """A follow has been added to the graph (`change` 1) or taken back (-1)."""
        self._grow()
        self._audience.move(src, dst, change, confirmed=dst in self._seeds)
        if src in self._seeds:
            _touch(self.ledger.book, dst, int(Count.FROM_SEEDS), change)

    def used(self, kind: LinkKind, row: int, thing: int, change: int = 1) -> None:
        """The use of a thing has been added to the graph (`change` 1) or taken back (-1)."""
        self._grow()
        self._circles(kind).move(thing, row, change, confirmed=row in self._seeds)

    def changed(self) -> NDArray[np.int64]:
        """Rows whose counts were touched since last asked, in the order of their first change."""
        rows = self.ledger.touched
        self.ledger.forget()
        return rows

    def _change(self, row: int, change: int) -> bool:
        if not 0 <= row < self.graph.n:
            raise BadInput(f"no account {row} among {self.graph.n}", field="row")
        self._grow()
        (self._seeds.add if change > 0 else self._seeds.remove)(row)
        self.ledger.confirm(row, change > 0)
        self._audience.change(row, change)
        for kind in self.graph.uses:
            self._circles(kind).change(row, change)
        _follow_out(self._follows.out.view, self.ledger.book, row, int(Count.FROM_SEEDS), change)
        return True

    def _circles(self, kind: LinkKind) -> Circles:
        if kind not in self._things:
            ties = self.graph.used(kind)
            self._things[kind] = Circles(
                ties.into, ties.out, self.rule.crowd, self.ledger, together=Count.COTAGS
            )
        self._things[kind].grow(len(self.graph.things[kind]))
        return self._things[kind]

    def _grow(self) -> None:
        self.ledger.grow(self.graph.n)


def count_around(graph: DeltaGraph, seeds: Iterable[int], rule: CountRule | None = None) -> Counters:
    """Counters of a graph with these accounts confirmed.

    Raises:
        BadInput: there is no such row.
    """
    counters = Counters(graph, rule)
    for row in seeds:
        counters.confirm(row)
    return counters


@njit(cache=True, nogil=True)
def _follow_out(out, book, row, column, change):  # type: ignore[no-untyped-def]
    indptr, indices, table, entries = out
    counts, flags, changed, before, sizes = book
    size = sizes[0]
    found = np.empty(degree(indptr, table, entries, row), np.uint32)
    neighbours(indptr, indices, table, entries, row, found, 0)
    for held in found:
        target = np.int64(held)
        size = mark(counts, flags, changed, before, size, target)
        counts[target, column] += change
    sizes[0] = size


@njit(cache=True, nogil=True)
def _touch(book, row, column, change):  # type: ignore[no-untyped-def]
    counts, flags, changed, before, sizes = book
    size = sizes[0]
    size = mark(counts, flags, changed, before, size, row)
    counts[row, column] += change
    sizes[0] = size
