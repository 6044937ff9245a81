"""A layer of added and removed links on top of a matrix that itself stays as it is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from havenwall.network.graph import Csr
from havenwall.network.graph.cores import sealed
from havenwall.network.walk.adjacency import (
    ADDED,
    HALF,
    KEY,
    LOW,
    OUT_OF_BASE,
    SINCE,
    STATE,
    Adjacency,
    degree,
    has,
    neighbours,
    put,
)
from havenwall.network.walk.table import FEWEST, Entries, new_table, rebuilt


class Layer:
    """A matrix of ones with added and removed ones; memory grows with the changed pairs, not with the base.

    Rows at and after the end of the base are empty until something is added to them.
    """

    def __init__(self, base: Csr) -> None:
        """Begin without changes. The arrays of the base are only read; they may be read-only memory maps."""
        self.base = base
        self.links = base.links
        """How many ones there are."""
        self._size = 0
        changes = new_table(FEWEST), np.zeros((FEWEST, 4), np.int64)
        self.view = Adjacency(sealed(base.indptr, np.int64), sealed(base.indices, np.uint32), *changes)
        """What compiled loops take; not the same one after a change."""

    def add(self, row: int, target: int, moment: int = 0) -> bool:
        """Add a one, since a moment in seconds (0: unknown); False if it is there already."""
        return self._put(row, target, moment, wanted=True)

    def remove(self, row: int, target: int) -> bool:
        """Take a one away; False if there is none."""
        return self._put(row, target, 0, wanted=False)

    def has(self, row: int, target: int) -> bool:
        """Whether there is a one."""
        return bool(has(*self.view, row, target))

    def degree(self, row: int) -> int:
        """How many ones the row has."""
        return int(degree(self.view.indptr, self.view.table, self.view.entries, row))

    def row(self, row: int) -> NDArray[np.uint32]:
        """The columns of the row's ones, ascending."""
        found = np.empty(self.degree(row), np.uint32)
        neighbours(*self.view, row, found, 0)
        found.sort()
        return found

    def added(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Rows, columns and moments of the ones that the layer holds itself."""
        pairs = self._pairs(ADDED)
        return pairs[:, KEY] >> HALF, pairs[:, KEY] & LOW, pairs[:, SINCE]

    def removed(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows and columns of the base's ones that no longer count, those added again later among them."""
        pairs = self._pairs(OUT_OF_BASE)
        return pairs[:, KEY] >> HALF, pairs[:, KEY] & LOW

    @property
    def size(self) -> int:
        """Bytes that the changes take."""
        return self.view.table.nbytes + self.view.entries.nbytes

    def _pairs(self, state: int) -> Entries:
        entries = self.view.entries[: self._size]
        return entries[(entries[:, KEY] >= 0) & (entries[:, STATE] & state != 0)]

    def _put(self, row: int, target: int, moment: int, *, wanted: bool) -> bool:
        if self.has(row, target) == wanted:
            return False
        if self._size + 2 > len(self.view.entries):
            longer = np.concatenate([self.view.entries, np.zeros_like(self.view.entries)])
            self.view = self.view._replace(table=rebuilt(longer, self._size), entries=longer)
        self._size = int(put(*self.view, self._size, row, target, moment, wanted))
        self.links += 1 if wanted else -1
        return True


NOTHING = Layer(Csr(np.zeros(1, np.int64), np.empty(0, np.uint32), 0)).view
"""A matrix without rows."""
