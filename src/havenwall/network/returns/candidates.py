"""Which removed accounts a newcomer is worth comparing with.

No pair is told without evidence that cannot be imitated, so only pairs that have some are looked at: sketches
of the audience or of the contacts share something rare, or the removed account followed the newcomer.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph import Csr
from havenwall.network.returns.sets import Kind
from havenwall.network.returns.sketch import Sketch

Rows = NDArray[np.int64]

SKETCHED = (Kind.AUDIENCE, Kind.CONTACT)
"""Kinds that candidates are found by."""


def candidates(
    former: Mapping[Kind, Sketch], newcomers: Mapping[Kind, Sketch], ties: Csr, limit: int
) -> Rows:
    """Pairs worth an exact look.

    Args:
        former: sketches of removed accounts by kind.
        newcomers: sketches of accounts that might be their returns, of the same kinds.
        ties: (former, newcomers) which removed account followed which newcomer.
        limit: for each newcomer and kind at most this many removed accounts, those that share most with it.

    Returns:
        (m, 2) row of `former`, row of `newcomers`; distinct, ascending by newcomer. Time is near-linear:
        an element that more than a bounded number of accounts share weighs nothing and is in no sketch.
    """
    parts = [shortlist(former[kind], newcomers[kind], limit) for kind in former]
    found = np.concatenate([np.stack([ties.sources(), ties.indices.astype(np.int64)], axis=1), *parts])
    key = np.sort(found[:, 1] * ties.rows + found[:, 0])
    key = key[np.diff(key, prepend=-1) > 0]
    return np.stack([key % max(1, ties.rows), key // max(1, ties.rows)], axis=1)


def shortlist(left: Sketch, right: Sketch, limit: int) -> Rows:
    """(m, 2) for every row of `right` at most `limit` rows of `left` that share the most weight with it.

    Of equals the lower row goes first. Rows that share nothing are not paired.
    """
    rows, size = _join(
        *(left.holders.indptr, left.holders.indices, left.rows),
        *(right.indptr, right.elements, right.weight, limit),
    )
    return np.stack([rows, np.repeat(np.arange(right.rows), size)], axis=1)


@njit(cache=True, nogil=True)
def _join(indptr, holders, former, bounds, elements, weight, limit):  # type: ignore[no-untyped-def]
    total, met = np.zeros(former), np.empty(former, np.int64)
    rows = len(bounds) - 1
    out, size = np.empty(rows * limit, np.int64), np.zeros(rows, np.int64)
    place = 0
    for row in range(rows):
        count = 0
        for at in range(bounds[row], bounds[row + 1]):
            element = elements[at]
            for step in range(indptr[element], indptr[element + 1]):
                other = holders[step]
                if total[other] == 0:
                    met[count] = other
                    count += 1
                total[other] += weight[element]
        least = np.partition(total[met[:count]], count - limit)[count - limit] if count > limit else 0.0
        # A second pass takes equals of the last one by row, so that the order of `met` does not matter.
        chosen = np.sort(met[:count])
        above = 0
        for other in chosen:
            above += total[other] > least
        spare = limit - above
        for other in chosen:
            if total[other] > least or (total[other] == least and spare > 0):
                spare -= total[other] == least
                out[place] = other
                place += 1
        size[row] = min(count, limit)
        for other in chosen:
            total[other] = 0
    return out[:place].copy(), size
