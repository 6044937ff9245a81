"""One step of many walks: what reaches each account over its incoming links, for 1, 4 or 16 columns."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph import Csr
from havenwall.network.graph.cores import on_all_cores, sealed
from havenwall.network.graph.prefetch import prefetch

FloatArray = NDArray[np.float32]
Totals = NDArray[np.float64]
WIDEST = 16
"""Most columns of one sweep: 16 float32 are one cache line, so more would not save memory traffic."""
_WIDTHS = (1, 4, 16)
_LINE = 64
_BLOCKS = 1024
_PER_ROW = 4
_AHEAD = 32


class Pull(msgspec.Struct, frozen=True, eq=False):
    """Incoming links of every account and what the step needs beside them."""

    into: Csr
    """(n, n) whom each account gets mass from."""
    also: Csr
    """(n, n) more of them; empty unless the walk goes both ways."""
    ways: FloatArray
    """(n,) over how many ways on an account's mass is spread, at least 1."""
    arriving: FloatArray
    """(n,) share of what arrives that stays."""
    blocks: NDArray[np.int64]
    """Bounds of row ranges with about as much work each."""

    @property
    def rows(self) -> int:
        """How many accounts there are."""
        return self.into.rows

    @classmethod
    def make(cls, parts: Sequence[Csr], ways: NDArray[np.int64], arriving: FloatArray | None) -> Pull:
        """Join one or two matrices of incoming links."""
        none = Csr(np.zeros_like(parts[0].indptr), np.empty(0, np.uint32), parts[0].columns)
        into, also = (*parts, none)[:2]
        work = into.indptr + also.indptr + _PER_ROW * np.arange(into.rows + 1)
        blocks = np.searchsorted(work, np.linspace(0, work[-1], _BLOCKS + 1))
        stay = np.ones(into.rows, np.float32) if arriving is None else arriving.astype(np.float32)
        return cls(into, also, np.maximum(ways, 1).astype(np.float32), stay, blocks)


def widened(values: FloatArray | tuple[int, int]) -> FloatArray:
    """A copy, or zeros of a shape, with columns of zeros added up to a width that compiled code knows.

    Begins at a cache line, so that reading a row of 16 touches one line and not two.
    """
    rows, columns = values if isinstance(values, tuple) else values.shape
    width = next(width for width in _WIDTHS if width >= columns)
    room = np.zeros(rows * width + _LINE // 4, np.float32)
    first = (-room.ctypes.data % _LINE) // 4
    wide = room[first : first + rows * width].reshape(rows, width)
    if not isinstance(values, tuple):
        wide[:, :columns] = values
    return wide


def sweep(pull: Pull, spread: FloatArray, moved: FloatArray, keep: float) -> tuple[Totals, Totals]:
    """Move all walkers by one link.

    Args:
        pull: the incoming links.
        spread: (n, w) ranks divided by `pull.ways`; made by `widened`.
        moved: (n, w) is overwritten by the ranks after the step, divided by `pull.ways`.
        keep: share of the mass that goes on.

    Returns:
        (w,) sum of the ranks after the step, and (w,) how much they changed in L1.
    """
    width = spread.shape[1]
    totals = np.zeros((len(pull.blocks) - 1, 2, width), np.float32)
    links = _arrays(pull.into) + _arrays(pull.also)
    factors, lanes = (pull.ways, pull.arriving * np.float32(keep)), (0,) * width

    def work(begin: int, end: int) -> None:
        _sweep(links, factors, spread, moved, pull.blocks[begin : end + 1], totals[begin:end], lanes)

    on_all_cores(work, len(totals), (pull.into.links + pull.also.links + pull.rows) * width)
    total, change = totals.sum(axis=0, dtype=np.float64)
    return total, change


def _arrays(matrix: Csr) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    return sealed(matrix.indptr, np.int64), sealed(matrix.indices, np.uint32)


@njit(cache=True, nogil=True)
def _sweep(links, factors, spread, moved, blocks, totals, lanes):  # type: ignore[no-untyped-def]
    # `lanes` is a tuple as long as a row is wide: its length is known when compiling, so that loops over
    # columns become single instructions. Arrays leave their tuples once, as that counts references.
    (into, these, also, those), (ways, stay), flat = links, factors, spread.reshape(-1)
    for block in range(len(totals)):
        for row in range(blocks[block], blocks[block + 1]):
            for column in range(len(lanes)):
                moved[row, column] = 0
            _collect(into, these, spread, flat, moved, row, lanes)
            _collect(also, those, spread, flat, moved, row, lanes)
            factor, way, part = stay[row], ways[row], stay[row] / ways[row]
            for column in range(len(lanes)):
                rank = moved[row, column] * factor
                totals[block, 0, column] += rank
                totals[block, 1, column] += abs(rank - spread[row, column] * way)
                moved[row, column] *= part


@njit(cache=True, nogil=True)
def _collect(bounds, sources, spread, flat, moved, row, lanes):  # type: ignore[no-untyped-def]
    if len(lanes) == 1:
        total = np.float32(0)
        for place in range(bounds[row], bounds[row + 1]):
            total += flat[sources[place]]
        moved[row, 0] += total
        return
    for place in range(bounds[row], bounds[row + 1]):
        prefetch(flat, np.int64(sources[min(place + _AHEAD, len(sources) - 1)]) * len(lanes))
        source = sources[place]
        for column in range(len(lanes)):
            moved[row, column] += spread[source, column]
