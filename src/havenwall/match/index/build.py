"""From hashes to tables: sorted hashes, and for each band the places of hashes by value (compressed rows)."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from havenwall.match.index.codes import Codes, aligned
from havenwall.match.index.filling import fill_compiled
from havenwall.match.index.kernels import COMPILED
from havenwall.match.index.plan import Plan

_AT_ONCE: Final = 500_000
_FOUR: Final = np.ones(4, dtype=bool).view(np.uint32)[0]


def arrange(codes: Codes, entries: NDArray[np.int64]) -> tuple[Codes, NDArray[np.uint32], NDArray[np.int64]]:
    """Different hashes in rising order, and whose they are; repeats with the same entry are dropped.

    Returns (u, 4) codes; (u + 1,) where each code's entries begin, empty when each has one; (n,) entries.
    Equal hashes, as flat pictures have by the thousand, are looked at once.
    """
    order, pairs = _order(codes)
    codes, entries = _taken(codes, order), entries[order]
    _settle(codes, entries, pairs)
    same = pairs[_equal(codes[pairs], codes[pairs + 1])]
    if not len(same):
        return codes, np.empty(0, np.uint32), entries
    keep = np.ones(len(codes), dtype=bool)
    keep[same[entries[same + 1] == entries[same]] + 1] = False
    head = np.ones(len(codes), dtype=bool)
    head[same + 1] = False
    starts = np.flatnonzero(head[keep])
    codes = _taken(codes, np.flatnonzero(head))
    return codes, np.append(starts, keep.sum()).astype(np.uint32), entries[keep]


def _taken(codes: Codes, rows: NDArray[np.int64]) -> Codes:
    """These rows, on all processors."""
    result = aligned(len(rows))

    def take(cut: slice) -> None:
        np.take(codes, rows[cut], axis=0, out=result[cut], mode="clip")

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(take, [slice(at, at + _AT_ONCE) for at in range(0, len(rows), _AT_ONCE)]))
    return result


def _equal(codes: Codes, others: Codes) -> NDArray[np.bool_]:
    """(n,) whether rows are equal."""
    # Four comparisons of a row, read as one number: `all` along so short an axis takes several times as long.
    return (codes == others).view(np.uint32).ravel() == _FOUR


def _order(codes: Codes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows in order of the first bits of their codes; and the places of which the next has the same bits."""
    # One sort of numbers that carry their row in the low bits is several times faster than an argsort.
    low = np.uint64(max(1, len(codes)).bit_length())
    keys = codes[:, 0] >> low << low | np.arange(len(codes), dtype=np.uint64)
    keys.sort()
    order = (keys & np.uint64((1 << int(low)) - 1)).astype(np.int64)
    keys >>= low
    return order, np.flatnonzero(keys[1:] == keys[:-1])


def _settle(codes: Codes, entries: NDArray[np.int64], pairs: NDArray[np.int64]) -> None:
    """Bring rows with the same first bits in order of code and entry; most are, as copies come in order."""
    fine = _equal(codes[pairs], codes[pairs + 1]) & (entries[pairs] <= entries[pairs + 1])
    if fine.all():
        return
    # Pairs that follow each other are of one run.
    run = np.cumsum(np.diff(pairs, prepend=-1) != 1)
    bad = np.zeros(int(run[-1]) + 1, dtype=bool)
    bad[run[~fine]] = True
    tied = np.union1d(pairs[bad[run]], pairs[bad[run]] + 1)
    words, owners = codes[tied], entries[tied]
    order = np.lexsort((owners, words[:, 3], words[:, 2], words[:, 1], words[:, 0]))
    codes[tied], entries[tied] = words[order], owners[order]


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
