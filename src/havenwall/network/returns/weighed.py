"""Sets whose elements count by how rare they are, and how much two of them share, exactly."""

from __future__ import annotations

from functools import cached_property

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph import Csr
from havenwall.network.graph.cores import on_all_cores, sealed
from havenwall.network.returns.sketch import Sketch, Values, sketch

Rows = NDArray[np.int64]


class Weighed(msgspec.Struct, frozen=True, eq=False, dict=True):
    """The rows of a matrix as sets of weighted elements."""

    sets: Csr
    weight: Values
    """(columns,) how much each element counts, 0 or more."""

    @cached_property
    def total(self) -> Values:
        """(rows,) weight of each whole set."""
        running = np.concatenate([[0.0], np.cumsum(self.weight[self.sets.indices])])
        return running[self.sets.indptr[1:]] - running[self.sets.indptr[:-1]]

    def shared(self, left: Rows, right: Rows) -> Values:
        """(m,) weight of the elements that row `left[k]` and row `right[k]` have in common."""
        out = np.zeros(len(left))
        sets = sealed(self.sets.indptr, np.int64), sealed(self.sets.indices, np.uint32)
        given = *sets, sealed(self.weight, np.float64), sealed(left, np.int64), sealed(right, np.int64)

        def work(begin: int, end: int) -> None:
            _merge(*given, out, begin, end)

        on_all_cores(work, len(left), int((self.sets.degree[left] + self.sets.degree[right]).sum()))
        return out

    def overlap(self, left: Rows, right: Rows, doubt: float) -> Values:
        """(m,) how much of the smaller set lies in the other, discounted where little is shared; 0..1.

        The smaller set rules, because an account that came back yesterday can hold only a little of its old
        audience, and one that came back long ago has a large new one. `doubt` is the shared weight at which
        half of that share counts: one common friend is a coincidence however small the sets are.
        """
        shared = self.shared(left, right)
        smaller = np.maximum(np.minimum(self.total[left], self.total[right]), 1e-12)
        return np.clip(shared / smaller, 0, 1) * shared / (shared + doubt)

    def common(self, left: int, right: int) -> Rows:
        """Elements of weight that two rows have in common, the heaviest first."""
        both = np.intersect1d(self.sets.row(left), self.sets.row(right)).astype(np.int64)
        both = both[self.weight[both] > 0]
        return both[np.argsort(-self.weight[both], kind="stable")]

    def telling(self, row: int) -> int:
        """How many elements of weight a row has."""
        return int(np.count_nonzero(self.weight[self.sets.row(row)]))

    def sketch(self, rows: Rows, size: int) -> Sketch:
        """Samples of some rows, at most `size` elements each."""
        return sketch(self.sets.take(rows), self.weight, size)


def tied(links: Csr, left: Rows, right: Rows) -> Values:
    """(m,) 1 where row `left[k]` of a matrix has a one in column `right[k]`, else 0."""
    out = np.zeros(len(left))
    _find(links.indptr, links.indices, left, right, out)
    return out


@njit(cache=True, nogil=True)
def _merge(indptr, indices, weight, left, right, out, begin, end):  # type: ignore[no-untyped-def]
    for k in range(begin, end):
        a, last = indptr[left[k]], indptr[left[k] + 1]
        b, stop = indptr[right[k]], indptr[right[k] + 1]
        total = 0.0
        while a < last and b < stop:
            if indices[a] == indices[b]:
                total += weight[indices[a]]
                a += 1
                b += 1
            elif indices[a] < indices[b]:
                a += 1
            else:
                b += 1
        out[k] = total


@njit(cache=True, nogil=True)
def _find(indptr, indices, left, right, out):  # type: ignore[no-untyped-def]
    for k in range(len(left)):
        low, high = indptr[left[k]], indptr[left[k] + 1]
        end = high
        while low < high:
            middle = (low + high) // 2
            if indices[middle] < right[k]:
                low = middle + 1
            else:
                high = middle
        out[k] = low < end and indices[low] == right[k]
