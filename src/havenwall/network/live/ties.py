"""The links of one kind with their changes, from both ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from havenwall.network.graph import Csr, from_pairs
from havenwall.network.walk import Layer

Rows = NDArray[np.int64]


class Ties:
    """A matrix with added and removed ones, and its transpose."""

    def __init__(self, base: Csr) -> None:
        """Begin without changes; the transpose of the base is made if it does not exist yet."""
        self.out = Layer(base)
        """From the row's end: follower by followed, or account by thing."""
        self.into = Layer(base.flipped)
        """From the other end."""

    def add(self, row: int, target: int, moment: int = 0) -> bool:
        """Add a link, since a moment in seconds (0: unknown); False if it is there already."""
        return self.out.add(row, target, moment) and self.into.add(target, row, moment)

    def remove(self, row: int, target: int) -> bool:
        """Take a link away; False if there is none."""
        return self.out.remove(row, target) and self.into.remove(target, row)

    @property
    def size(self) -> int:
        """Bytes that the changes take."""
        return self.out.size + self.into.size

    def compacted(self, rows: Rows, columns: Rows, shape: tuple[int, int], *, loops: bool) -> Csr:
        """The changed matrix with its ends numbered anew.

        Args:
            rows: (n,) new number of each row.
            columns: (m,) new number of each column.
            shape: rows and columns of the result.
            loops: whether ones on the diagonal are possible.
        """
        base, (left, right, began) = self.out.base, self.out.added()
        kept = np.ones(base.links, np.bool_)
        for row, target in zip(*self.out.removed(), strict=True):
            kept[base.indptr[row] + np.searchsorted(base.row(row), target)] = False
        sources = np.concatenate([base.sources()[kept], left])
        targets = np.concatenate([base.indices[kept], right])
        dated = base.since is not None or began.any()
        before = np.zeros(base.links, np.uint32) if base.since is None else base.since
        since = np.concatenate([before[kept], began]) if dated else None
        return from_pairs(rows[sources], columns[targets], shape, since=since, loops=loops)
