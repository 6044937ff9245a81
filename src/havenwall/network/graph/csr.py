"""Compressed sparse rows: who is tied to whom, as flat arrays that compiled loops and memory maps can use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.errors import BadGraph
from havenwall.network.graph.cores import on_all_cores, sealed
from havenwall.network.graph.pairs import Columns, Moments, Rows, sort_pairs
from havenwall.network.graph.prefetch import prefetch

Weights = NDArray[np.float32]
_NONE = np.empty(0, np.uint32)
_BLOCKS = 64
_AHEAD = 32
_WIDEST = 16
"""A loop is compiled for every width up to this."""


class Csr(msgspec.Struct, frozen=True, eq=False, dict=True):
    """A sparse (rows, columns) matrix of ones; those of row i are at `indices[indptr[i]:indptr[i + 1]]`."""

    indptr: Rows
    """(rows + 1,) int64."""
    indices: Columns
    """(links,) uint32, ascending within a row, no doubles."""
    columns: int
    """How many columns there are."""
    since: Moments | None = None
    """(links,) uint32 seconds since 1970 UTC at which each tie began, 0 where unknown; None if undated."""

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.indptr) - 1

    @property
    def links(self) -> int:
        """How many ones there are."""
        return len(self.indices)

    @cached_property
    def degree(self) -> Rows:
        """(rows,) ones in each row."""
        return np.diff(self.indptr)

    @cached_property
    def flipped(self) -> Csr:
        """The transpose, dates included; made when first asked for."""
        return flip(self)

    def row(self, row: int) -> Columns:
        """Columns of the ones of a row, ascending."""
        return self.indices[self.indptr[row] : self.indptr[row + 1]]

    def gather(self, values: Weights) -> Weights:
        """(rows, f) for each row the sum of `values` (columns, f) over its ones: the matrix product."""
        width = values.shape[1]
        if width > _WIDEST:
            parts = [values[:, at : at + _WIDEST] for at in range(0, width, _WIDEST)]
            return np.concatenate([self.gather(part) for part in parts], axis=1)
        out = np.zeros((self.rows, width), np.float32)
        bounds, indices = sealed(self.indptr, np.int64), sealed(self.indices, np.uint32)
        given, lanes = sealed(values, np.float32), (0,) * width
        # Of about as many ones each: the rows of celebrities would hold a core up.
        edges = np.searchsorted(bounds, np.linspace(0, self.links, _BLOCKS + 1))
        edges[0], edges[-1] = 0, self.rows

        def work(begin: int, end: int) -> None:
            if width == 1:
                _gather_one(bounds, indices, given[:, 0], out[:, 0], edges[begin], edges[end])
            else:
                _gather(bounds, indices, given, out, edges[begin], edges[end], lanes)

        on_all_cores(work, _BLOCKS, self.links * width)
        return out

    def take(self, rows: Rows) -> Csr:
        """The matrix of some rows, in the order given."""
        size = self.degree[rows]
        indptr = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
        place = np.repeat(self.indptr[rows] - indptr[:-1], size) + np.arange(indptr[-1])
        since = None if self.since is None else self.since[place]
        return Csr(indptr, self.indices[place], self.columns, since)

    def sources(self) -> Rows:
        """(links,) the row of each one."""
        return np.repeat(np.arange(self.rows), self.degree)


def from_pairs(
    rows: NDArray[np.integer],
    columns: NDArray[np.integer],
    shape: tuple[int, int],
    *,
    since: NDArray[np.integer] | None = None,
    loops: bool = True,
) -> Csr:
    """Sort pairs into a matrix; of doubles the one that began first stays.

    Args:
        rows: (m,) row of each one.
        columns: (m,) column of each one.
        shape: rows and columns of the matrix, each below 2**32.
        since: (m,) seconds since 1970 UTC, 1..2**32-1, 0 where unknown; of doubles a known date stays.
        loops: whether ones on the diagonal are kept.

    Raises:
        BadGraph: the arrays differ in length or a number lies outside the shape.
    """
    if len(rows) != len(columns) or (since is not None and len(since) != len(rows)):
        raise BadGraph(f"{len(rows)} sources and {len(columns)} targets", field="edges")
    for name, values, bound in (("source", rows, shape[0]), ("target", columns, shape[1])):
        if len(values) and not 0 <= int(values.min()) <= int(values.max()) < bound:
            raise BadGraph(f"a {name} outside 0..{bound - 1}", field="edges")
    when = _NONE if since is None else np.asarray(since, np.uint32)
    left, right = np.asarray(rows, np.uint32), np.asarray(columns, np.uint32)
    bounds, indices, dates = sort_pairs(left, right, when, shape, loops=loops)
    return Csr(bounds, indices, shape[1], None if since is None else dates)


def union(parts: Sequence[Csr], shape: tuple[int, int]) -> Csr:
    """Every one that is in any of the parts, each of the given shape; the first date stays."""
    rows = np.concatenate([_NONE, *(part.sources() for part in parts)])
    columns = np.concatenate([_NONE, *(part.indices for part in parts)])
    return from_pairs(rows, columns, shape, since=_dates(parts))


def beside(parts: Sequence[Csr], rows: int) -> Csr:
    """(rows, sum of columns) the parts side by side, each of them (rows, columns)."""
    starts = np.cumsum([0, *(part.columns for part in parts)])
    left = np.concatenate([_NONE, *(part.sources() for part in parts)])
    columns = [part.indices + start for part, start in zip(parts, starts[:-1], strict=True)]
    right = np.concatenate([_NONE, *columns])
    return from_pairs(left, right, (rows, int(starts[-1])), since=_dates(parts))


def _dates(parts: Sequence[Csr]) -> Moments | None:
    if all(part.since is None for part in parts):
        return None
    dates = [np.zeros(part.links, np.uint32) if part.since is None else part.since for part in parts]
    return np.concatenate(dates)


def flip(matrix: Csr) -> Csr:
    """The transpose: (columns, rows)."""
    when = _NONE if matrix.since is None else matrix.since
    sources = np.repeat(np.arange(matrix.rows, dtype=np.uint32), matrix.degree)
    shape = (matrix.columns, matrix.rows)
    bounds, indices, dates = sort_pairs(matrix.indices, sources, when, shape, loops=True)
    return Csr(bounds, indices, matrix.rows, None if matrix.since is None else dates)


@njit(cache=True, nogil=True)
def _gather(indptr, indices, values, out, begin, end, lanes):  # type: ignore[no-untyped-def]
    # `lanes` is a tuple as long as a row is wide: its length is known when compiling, so that loops over
    # columns become single instructions.
    flat, last = values.reshape(-1), len(indices) - 1
    for row in range(begin, end):
        for place in range(indptr[row], indptr[row + 1]):
            prefetch(flat, np.int64(indices[min(place + _AHEAD, last)]) * len(lanes))
            source = indices[place]
            for column in range(len(lanes)):
                out[row, column] += values[source, column]


@njit(cache=True, nogil=True)
def _gather_one(indptr, indices, values, out, begin, end):  # type: ignore[no-untyped-def]
    for row in range(begin, end):
        total = np.float32(0)
        for place in range(indptr[row], indptr[row + 1]):
            total += values[indices[place]]
        out[row] = total
