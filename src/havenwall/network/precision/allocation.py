"""How many audits each bucket gets: whole numbers, best possible, and never fewer when the budget grows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
_Gain = Callable[[Counts], Floats]


def split(budget: int, shares: Floats, room: Counts) -> Counts:
    """(p,) parts of a budget in proportion to `shares`, none above `room`.

    Webster's divisor method (Balinski and Young 1982): a larger budget never takes anything from a part, as
    rounding to the largest remainder can.

    Args:
        budget: how many audits there are to give; what finds no room is left.
        shares: (p,) wanted share of each part, in any unit.
        room: (p,) how many accounts each part holds.
    """
    return _one_by_one(budget, room, lambda given: shares / (given + 0.5))


def allocate(budget: int, sizes: Counts, spread: Floats, floor: int) -> Counts:
    """(h,) audits per bucket that make the variance of the estimated total least.

    Neyman's optimum in exact whole numbers (Wright 2012, "The equivalence of Neyman optimum allocation for
    sampling and equal proportions for apportionment"), after every bucket has its floor. A larger budget
    never takes an audit from a bucket.

    Args:
        budget: how many audits there are to give; what finds no room is left.
        sizes: (h,) accounts per bucket.
        spread: (h,) standard deviation of the outcome within each bucket, 0..0.5.
        floor: audits that each bucket gets first, or all its accounts if it has fewer.
    """

    def gain(given: Counts) -> Floats:
        further = sizes * spread / np.sqrt(np.maximum(given, 0.5) * (given + 1))
        return np.where(given < floor, 1e12 / (given + 1), further)

    return _one_by_one(budget, sizes, gain)


def _one_by_one(budget: int, room: Counts, gain: _Gain) -> Counts:
    given = np.zeros(len(room), np.int64)
    for _ in range(min(budget, int(room.sum()))):
        given[np.argmax(np.where(given < room, gain(given), -1.0))] += 1
    return given
