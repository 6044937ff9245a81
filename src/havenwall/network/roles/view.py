"""Some accounts and their surroundings, as sums over who is tied to them."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from havenwall.model import LinkKind
from havenwall.network.graph import Csr, Graph
from havenwall.network.roles.hints import Hints
from havenwall.network.roles.near import Near
from havenwall.network.roles.overlap import FloatArray, mutual_sums


class View:
    """The accounts looked at and their surroundings, each quantity made when first asked for."""

    def __init__(self, graph: Graph, near: Near, hints: Hints, rows: NDArray[np.int64]) -> None:
        self.graph, self.near, self.hints, self.rows = graph, near, hints, rows
        self._confirmed = near.seeds[rows] > 0
        self._ordered = bool(np.all(np.diff(rows) == 1))

    @cached_property
    def to(self) -> Csr:
        """(rows, n) whom they follow."""
        return self._only(self.graph.follows)

    @cached_property
    def by(self) -> Csr:
        """(rows, n) who follows them."""
        return self._only(self.graph.follows.flipped)

    @cached_property
    def parts(self) -> FloatArray:
        """(n, 6) weights summed: seeds, traders, buyers (two columns as in `Near.buyers`), fans, watchers."""
        near = self.near
        return np.column_stack([near.seeds, near.traders, near.buyers, near.fans, near.watchers])

    @cached_property
    def follows(self) -> FloatArray:
        """(rows, 6) sums of `parts` over whom they follow."""
        return self.to.gather(self.parts)

    @cached_property
    def followers(self) -> FloatArray:
        """(rows, 6) sums of `parts` over who follows them."""
        return self.by.gather(self.parts)

    @cached_property
    def mutual(self) -> FloatArray:
        """(rows, 6) sums of `parts` over mutual follows."""
        return mutual_sums(self.to, self.by, self.parts)

    @cached_property
    def attention(self) -> tuple[FloatArray, FloatArray]:
        """(rows, 6) twice: sums of `parts` over other ties (likes, comments) that go out and that come in."""
        other = self.graph.other
        return self._only(other).gather(self.parts), self._only(other.flipped).gather(self.parts)

    def own(self, sums: FloatArray) -> FloatArray:
        """(rows,) the buyers' column of `sums` that leaves a confirmed account itself out."""
        return np.where(self._confirmed, sums[:, 3], sums[:, 2])

    def telling(self, *kinds: LinkKind) -> FloatArray:
        """(rows,) summed tells, in nats, of the things of some kinds that they use."""
        total = np.zeros(len(self.rows), np.float32)
        for kind in kinds:
            if kind in self.graph.uses:
                sums = self._only(self.graph.uses[kind]).gather(self.near.tells[kind])
                total += np.where(self._confirmed, sums[:, 1], sums[:, 0])
        return total

    def _only(self, matrix: Csr) -> Csr:
        return matrix if len(self.rows) == matrix.rows and self._ordered else matrix.take(self.rows)

    def hint(self, name: str) -> FloatArray:
        """(rows,) a hint as a number, not a number where it was not given."""
        values = getattr(self.hints, name)
        if values is None:
            return np.full(len(self.rows), np.nan, np.float32)
        return np.asarray(values[self.rows], np.float32)
