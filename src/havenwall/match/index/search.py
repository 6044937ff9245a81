"""What a search needs beside the tables: the bits to flip; and the search itself without a compiler."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations
from math import comb
from typing import Final

import numpy as np
from numpy.typing import NDArray

from havenwall.match.index.build import band_values
from havenwall.match.index.codes import Codes
from havenwall.match.index.plan import probes

_MOST: Final = 8192
HEAVY: Final = 8
"""A candidate out of order costs as much as so many hashes read in order."""

Found = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
"""(k,) each: number of the query, place of the hash, distance in bits; rising by query."""


@lru_cache(maxsize=64)
def flip_masks(width: int, flips: int) -> NDArray[np.uint32]:
    """(p,) every number of `width` bits with at most `flips` bits set, fewest first."""

    def masks() -> Iterator[int]:
        for count in range(flips + 1):
            for bits in combinations(range(width), count):
                yield sum(1 << bit for bit in bits)

    return np.fromiter(masks(), dtype=np.uint32)


@lru_cache(maxsize=256)
def layout(
    widths: tuple[int, ...], flips: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.uint32]]:
    """How to probe each band.

    Returns (bands, 6) start, width, where its table and its masks begin, probes and flips; (bands, levels)
    where masks with so many bits begin, to one bit more than its flips unless they are too many; all masks.
    """
    kinds = sorted(set(zip(widths, flips, strict=True)))
    tops = [flip + (comb(width, flip + 1) <= _MOST) for width, flip in kinds]
    parts = [flip_masks(width, top) for (width, _), top in zip(kinds, tops, strict=True)]
    begins = np.cumsum([0, *map(len, parts)])
    bands = np.zeros((len(widths), 6), dtype=np.int64)
    levels = np.zeros((len(widths), max(flips) + 3), dtype=np.int64)
    start = table = 0
    for band, kind in enumerate(zip(widths, flips, strict=True)):
        (width, flip), nth = kind, kinds.index(kind)
        bands[band] = start, width, table, begins[nth], probes(width, flip), flip
        levels[band] = [probes(width, min(level, tops[nth])) for level in range(-1, max(flips) + 2)]
        start, table = start + width, table + (1 << width) + 1
    return bands, levels, np.concatenate(parts)


def scan_numpy(codes: Codes, queries: Codes, radius: int) -> NDArray[np.int64]:
    """What `scan_compiled` gives."""
    parts = [np.empty((0, 3), np.int64)]
    for number, query in enumerate(queries):
        distances = np.bitwise_count(codes ^ query).sum(axis=1, dtype=np.int64)
        near = np.flatnonzero(distances <= radius)
        parts.append(np.column_stack((np.full(len(near), number), near, distances[near])))
    return np.concatenate(parts)


def probe_numpy(
    codes: Codes,
    offsets: NDArray[np.uint32],
    places: NDArray[np.uint32],
    bands: NDArray[np.int64],
    masks: NDArray[np.uint32],
    queries: Codes,
    radius: int,
    heavy: int,
) -> NDArray[np.int64]:
    """What `probe_compiled` gives, rows of one query rising by place."""
    parts = [np.empty((0, 3), np.int64)]
    for number in range(len(queries)):
        query = queries[number : number + 1]
        near = _candidates(offsets, places, bands, masks, query, len(codes), heavy)
        rows = scan_numpy(codes if near is None else codes[near], query, radius)
        rows[:, 0] = number
        if near is not None:
            rows[:, 1] = near[rows[:, 1]]
        parts.append(rows)
    return np.concatenate(parts)


def candidates(
    offsets: NDArray[np.uint32], bands: NDArray[np.int64], masks: NDArray[np.uint32], queries: Codes
) -> NDArray[np.int64]:
    """(q,) hashes in the buckets of each query, those in several buckets counted as often; for measuring."""
    counts = np.zeros(len(queries), np.int64)
    for start, width, table, mask, count, _ in bands.tolist():
        values = band_values(queries, start, width)
        buckets = table + (values[:, None] ^ masks[mask : mask + count].astype(np.int64))
        counts += (offsets[buckets + 1].astype(np.int64) - offsets[buckets]).sum(axis=1)
    return counts


def _candidates(
    offsets: NDArray[np.uint32],
    places: NDArray[np.uint32],
    bands: NDArray[np.int64],
    masks: NDArray[np.uint32],
    query: Codes,
    size: int,
    heavy: int,
) -> NDArray[np.int64] | None:
    """Places of all hashes in the buckets of the query, once each; None when reading all is faster."""
    parts, total = [np.empty(0, np.int64)], 0
    for band, (start, width, table, mask, count, _) in enumerate(bands.tolist()):
        value = band_values(query, start, width)[0]
        buckets = table + (value ^ masks[mask : mask + count].astype(np.int64))
        low, high = offsets[buckets].astype(np.int64), offsets[buckets + 1].astype(np.int64)
        total += int((high - low).sum())
        if total * heavy > size:
            return None
        counts = high - low
        at = np.repeat(low - np.concatenate(([0], np.cumsum(counts)[:-1])), counts) + np.arange(counts.sum())
        parts.append(places[band - 1, at].astype(np.int64) if band else at)
    return np.unique(np.concatenate(parts))
