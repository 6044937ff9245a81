"""Sorts pairs of row and column without comparing them: buckets of rows first, then digits, on all cores."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph.cores import on_all_cores, sealed

Rows = NDArray[np.int64]
Columns = NDArray[np.uint32]
Moments = NDArray[np.uint32]

_BUCKET = 2**15
"""Links a bucket should hold: it and its scratch space stay in the second-level cache of a core."""
_BUCKETS = 4096
"""Most buckets: more of them filled at once would no longer fit the page cache of a core."""
_BLOCKS = 4
"""Blocks of the input that are put into buckets side by side."""
_DIGIT = 11


def sort_pairs(
    rows: Columns, columns: Columns, when: Moments, shape: tuple[int, int], *, loops: bool
) -> tuple[Rows, Columns, Moments]:
    """Pairs as compressed sparse rows; of doubles the first known date stays.

    A radix sort (Knuth, The Art of Computer Programming 3, 5.2.5): by the most significant digits until a
    bucket fits a core's cache, from the least significant digit within it.

    Args:
        rows: (m,) row of each pair, below shape[0].
        columns: (m,) column of each pair, below shape[1].
        when: (m,) dates, 0 where unknown; or none at all, (0,).
        shape: rows and columns, each at most 2**32.
        loops: whether pairs of a row and the same column are kept.

    Returns:
        (rows + 1,) bounds, (links,) ascending columns within each row, (links,) dates or (0,).
    """
    wanted = min(_BUCKETS, max(1, len(rows) // _BUCKET))
    shift, width = max(0, _bits(shape[0]) - (wanted - 1).bit_length()), _bits(shape[1])
    starts, keys, moved = _into_buckets(rows, columns, when, shape, shift, width)
    buckets = len(starts) - 1
    bounds, kept = np.zeros(shape[0] + 1, np.int64), np.zeros(buckets + 1, np.int64)

    def settle(first: int, last: int) -> None:
        _settle(starts, keys, moved, first, last, shift, width, loops, bounds, kept)

    on_all_cores(settle, buckets, len(rows))
    np.cumsum(bounds, out=bounds)
    np.cumsum(kept, out=kept)
    indices = np.empty(kept[-1], np.uint32)
    dates = np.empty(kept[-1] if len(when) else 0, np.uint32)

    def close_up(first: int, last: int) -> None:
        _close_up(starts, keys, moved, first, last, width, kept, indices, dates)

    on_all_cores(close_up, buckets, len(rows))
    return bounds, indices, dates


def _into_buckets(
    rows: Columns, columns: Columns, when: Moments, shape: tuple[int, int], shift: int, width: int
) -> tuple[Rows, NDArray[np.uint64], Moments]:
    """Where each bucket begins, and row within the bucket and column as one number, bucket by bucket."""
    buckets = -(-shape[0] // 2**shift)
    left, right, dates = sealed(rows, np.uint32), sealed(columns, np.uint32), sealed(when, np.uint32)
    edges = [len(rows) * block // _BLOCKS for block in range(_BLOCKS + 1)]
    free = np.zeros((_BLOCKS, buckets), np.int64)

    def count(first: int, last: int) -> None:
        for block in range(first, last):
            _count(left, edges[block], edges[block + 1], shift, free[block])

    on_all_cores(count, _BLOCKS, len(rows))
    starts = np.zeros(buckets + 1, np.int64)
    np.cumsum(free.sum(axis=0), out=starts[1:])
    free = starts[:-1] + np.cumsum(free, axis=0) - free
    keys, moved = np.empty(len(rows), np.uint64), np.empty(len(when), np.uint32)

    def move(first: int, last: int) -> None:
        for block in range(first, last):
            begin, end = edges[block : block + 2]
            _move(left, right, dates, begin, end, shift, width, free[block], keys, moved)

    on_all_cores(move, _BLOCKS, len(rows))
    return starts, keys, moved


def _bits(size: int) -> int:
    return max(size - 1, 1).bit_length()


@njit(cache=True, nogil=True)
def _count(rows, begin, end, shift, count):  # type: ignore[no-untyped-def]
    for at in range(begin, end):
        count[rows[at] >> shift] += 1


@njit(cache=True, nogil=True)
def _move(rows, columns, when, begin, end, shift, width, free, keys, moved):  # type: ignore[no-untyped-def]
    low = (np.int64(1) << shift) - 1
    for at in range(begin, end):
        bucket = rows[at] >> shift
        place = free[bucket]
        free[bucket] += 1
        keys[place] = np.uint64(rows[at] & low) << np.uint64(width) | np.uint64(columns[at])
        if len(when):
            moved[place] = when[at]


@njit(cache=True, nogil=True)
def _settle(starts, keys, when, first, last, shift, width, loops, bounds, kept):  # type: ignore[no-untyped-def]
    low = (np.uint64(1) << np.uint64(width)) - np.uint64(1)
    for bucket in range(first, last):
        begin, end = starts[bucket], starts[bucket + 1]
        _sort(keys[begin:end], when[begin:end] if len(when) else when, -(-(width + shift) // _DIGIT))
        free = begin
        for at in range(begin, end):
            key = keys[at]
            row = (bucket << shift) + np.int64(key >> np.uint64(width))
            if not loops and np.int64(key & low) == row:
                continue
            if free > begin and keys[free - 1] == key:
                # Less one, the unknown date 0 wraps round to the last of all.
                if len(when) and np.uint32(when[at] - 1) < np.uint32(when[free - 1] - 1):
                    when[free - 1] = when[at]
                continue
            keys[free] = key
            if len(when):
                when[free] = when[at]
            free += 1
            bounds[row + 1] += 1
        kept[bucket + 1] = free - begin


@njit(cache=True, nogil=True)
def _sort(keys, when, passes):  # type: ignore[no-untyped-def]
    source, target = keys, np.empty_like(keys)
    dates, moved = when, np.empty_like(when)
    top = np.uint64((1 << _DIGIT) - 1)
    free = np.empty(1 << _DIGIT, np.int64)
    for turn in range(passes):
        shift = np.uint64(turn * _DIGIT)
        free[:] = 0
        for key in source:
            free[key >> shift & top] += 1
        total = 0
        for digit in range(len(free)):
            size = free[digit]
            free[digit] = total
            total += size
        for at in range(len(source)):
            digit = source[at] >> shift & top
            place = free[digit]
            free[digit] += 1
            target[place] = source[at]
            if len(dates):
                moved[place] = dates[at]
        source, target = target, source
        dates, moved = moved, dates
    if passes % 2:
        keys[:] = source
        when[:] = dates


@njit(cache=True, nogil=True)
def _close_up(starts, keys, when, first, last, width, kept, indices, dates):  # type: ignore[no-untyped-def]
    low = (np.uint64(1) << np.uint64(width)) - np.uint64(1)
    for bucket in range(first, last):
        back = starts[bucket] - kept[bucket]
        for at in range(kept[bucket], kept[bucket + 1]):
            indices[at] = np.uint32(keys[at + back] & low)
            if len(when):
                dates[at] = when[at + back]
