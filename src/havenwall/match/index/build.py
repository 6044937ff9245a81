"""From hashes to tables: sorted hashes, and for each band the places of hashes by value (compressed rows)."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from havenwall.match.index.codes import Codes, aligned
from havenwall.match.index.filling import fill_compiled
from havenwall.match.index.kernels import COMPILED
from havenwall.match.index.plan import Plan


def arrange(codes: Codes, entries: NDArray[np.int64]) -> tuple[Codes, NDArray[np.uint32], NDArray[np.int64]]:
    """Different hashes in rising order, and whose they are; repeats with the same entry are dropped.

    Returns (u, 4) codes; (u + 1,) where each code's entries begin, empty when each has one; (n,) entries.
    Equal hashes, as flat pictures have by the thousand, are looked at once.
    """
    order, twins = _order(codes, entries)
    codes, entries = np.take(codes, order, axis=0, out=aligned(len(codes)), mode="clip"), entries[order]
    pairs = np.flatnonzero(twins)
    same = pairs[(codes[pairs + 1] == codes[pairs]).all(axis=1)]
    if not len(same):
        return codes, np.empty(0, np.uint32), entries
    keep = np.ones(len(codes), dtype=bool)
    keep[same[entries[same + 1] == entries[same]] + 1] = False
    head = np.ones(len(codes), dtype=bool)
    head[same + 1] = False
    starts = np.flatnonzero(head[keep])
    codes = np.compress(head, codes, axis=0, out=aligned(int(head.sum())))
    return codes, np.append(starts, keep.sum()).astype(np.uint32), entries[keep]


def _order(codes: Codes, entries: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Rows in order of code and entry; and whether each row and the next may have equal codes."""
    # One sort of numbers that carry their row in the low bits is several times faster than an argsort.
    low = np.uint64(max(1, len(codes)).bit_length())
    keys = codes[:, 0] >> low << low | np.arange(len(codes), dtype=np.uint64)
    keys.sort()
    order = (keys & np.uint64((1 << int(low)) - 1)).astype(np.int64)
    high = keys >> low
    twins = high[1:] == high[:-1]
    if len(tied := _out_of_order(codes, entries, order, twins)):
        rows = order[tied]
        words = codes[rows]
        order[tied] = rows[np.lexsort((entries[rows], words[:, 3], words[:, 2], words[:, 1], words[:, 0]))]
    return order, twins


def _out_of_order(
    codes: Codes, entries: NDArray[np.int64], order: NDArray[np.int64], twins: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Places of the runs of equal keys that are not in order yet; copies given in order of entry are."""
    pairs = np.flatnonzero(twins)
    first, second = order[pairs], order[pairs + 1]
    fine = (codes[first] == codes[second]).all(axis=1) & (entries[first] <= entries[second])
    if fine.all():
        return pairs[:0]
    run = np.append(0, np.cumsum(~twins))
    bad = np.zeros(int(run[-1]) + 1, dtype=bool)
    bad[run[pairs[~fine]]] = True
    return np.flatnonzero(bad[run])


def build_tables(codes: Codes, plan: Plan) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Offsets of all bands one after the other, and (bands - 1, u) places; the first band's are 0 … u - 1.

    A bucket `value` of a band holds places offsets[value] … offsets[value + 1] - 1 of its list. `codes` are
    in rising order. Bands are built on all processors.
    """
    sizes = [(1 << width) + 1 for width in plan.widths]
    bases = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
    offsets = np.zeros(int(bases[-1]), dtype=np.uint32)
    places = np.empty((max(0, len(sizes) - 1), len(codes)), dtype=np.uint32)
    nowhere = np.empty(0, dtype=np.uint32)

    def one(band: int) -> None:
        table = offsets[bases[band] : bases[band + 1]]
        fill(codes, plan.starts[band], plan.widths[band], table, places[band - 1] if band else nowhere)

    fill = fill_compiled if COMPILED else fill_numpy
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, range(len(sizes))))
    return offsets, places


def fill_numpy(
    codes: Codes, start: int, width: int, offsets: NDArray[np.uint32], places: NDArray[np.uint32]
) -> None:
    """What the compiled loop does: one band's offsets, and its places unless there is no room for them."""
    values = band_values(codes, start, width)
    offsets[0] = 0
    np.cumsum(np.bincount(values, minlength=len(offsets) - 1), out=offsets[1:])
    if len(places):
        places[:] = np.argsort(values, kind="stable")


def band_values(codes: Codes, start: int, width: int) -> NDArray[np.int64]:
    """(n,) the bits start … start + width - 1 of each code as a number."""
    word, shift = divmod(start, 64)
    values = codes[:, word] << np.uint64(shift)
    if shift + width > 64:
        values = values | codes[:, word + 1] >> np.uint64(64 - shift)
    return (values >> np.uint64(64 - width)).astype(np.int64)
