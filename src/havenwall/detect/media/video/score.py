"""How much of a known clip a video shows: frames that match in the same order and at nearly the same pace."""

from __future__ import annotations

from bisect import bisect_right

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.float64]

DRIFT = 2.0
"""Seconds by which the offset between the two may vary, half of it wherever it lies: a clip of
50 s played 2 % faster."""
_MOST_WINDOWS = 32
"""Windows of offsets that are searched; the ones in which most frames match come first."""
_SLOWEST = 0.5
"""Of two frames in a chain, the video's may lie no closer together than this share of the known clip's: a
single picture held for long is not a clip."""


def best_chain(known: Seconds, seen: Seconds) -> NDArray[np.int64]:
    """The longest chain of pairs that one showing of the clip explains; (k,) rows of the pairs, by time.

    In a chain no frame of the known clip counts twice, both times go forward, and the offset `seen - known`
    stays within `DRIFT`. The chain is a longest increasing subsequence (Fredman 1975) in each window of
    offsets; windows overlap by half, so an offset that varies by half of it is never cut.

    Args:
        known, seen: (n,) seconds in the known clip and in the video of each pair of matching frames.
    """
    bins = np.floor((seen - known) / (DRIFT / 2)).astype(np.int64)
    best = np.empty(0, np.int64)
    for start, most in _windows(bins, known):
        if most <= len(best):
            break
        rows = np.flatnonzero((bins == start) | (bins == start + 1))
        chain = rows[_increasing(known[rows], seen[rows])]
        if len(chain) > len(best):
            best = chain
    return best


def _windows(bins: NDArray[np.int64], known: Seconds) -> list[tuple[int, int]]:
    """First bin of each window of two, and how long a chain in it can be at most; the longest first."""
    # Both in one number, the bin above: sorting pairs takes many times longer.
    pairs = np.unique((bins << 32) + (known * 1000).astype(np.int64))
    starts, counts = np.unique(pairs >> 32, return_counts=True)
    frames = dict(zip(starts.tolist(), counts.tolist(), strict=True))
    bounds = {at: frames.get(at, 0) + frames.get(at + 1, 0) for at in frames.keys() | {s - 1 for s in frames}}
    return sorted(bounds.items(), key=lambda each: -each[1])[:_MOST_WINDOWS]


def _increasing(known: Seconds, seen: Seconds) -> NDArray[np.int64]:
    """Rows of the longest sequence with `known` rising and `seen - known × _SLOWEST` not falling."""
    pace = seen - known * _SLOWEST
    # Pairs of one known frame come with the pace falling, so that a chain takes one of them.
    order = np.lexsort((-pace, known))
    tails: list[float] = []
    last: list[int] = []
    before = np.full(len(order), -1, np.int64)
    for at in order.tolist():
        # Strictly: equal pace at one known time must not chain; a hair apart is enough.
        place = bisect_right(tails, pace[at] - 1e-9)
        before[at] = last[place - 1] if place else -1
        tails[place : place + 1] = [pace[at]]
        last[place : place + 1] = [at]
    chain, at = [], last[-1] if last else -1
    while at >= 0:
        chain.append(at)
        at = int(before[at])
    return np.array(chain[::-1], np.int64)
