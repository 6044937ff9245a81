"""What a person is shown: the recommender's ranking with a gate's drops taken out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from havenwall.audit.world import Gate, Recommender

_WIDER = 4
"""Factor by which a ranking that a gate left too short is asked for again."""


def serve(
    recommender: Recommender, gates: Sequence[Gate], histories: csr_array, k: int
) -> list[NDArray[np.int64]]:
    """The `k` accounts shown behind each gate, from one and the same ranking.

    One ranking for all gates keeps a tie in the scores from looking like an effect of a gate.

    Args:
        recommender: ranks the candidates.
        gates: what to compare.
        histories: (t, n) follows so far; these are never shown again.
        k: places to fill.

    Returns:
        One (t, k) array per gate, best first; -1 where nothing allowed is left to show.
    """
    accounts, n = histories.shape
    shown = [np.full((accounts, k), -1, dtype=np.int64) for _ in gates]
    rows, width = np.arange(accounts), min(2 * k, n)
    while rows.size:
        ranked, ended = _ranked(recommender, histories[rows], width)
        for view, gate in zip(shown, gates, strict=True):
            view[rows] = _first(ranked, gate.allowed(ranked) & (ranked >= 0), k)
        short = np.any([view[rows, -1] < 0 for view in shown], axis=0)
        rows = rows[short & ~ended & (width < n)]
        width = min(width * _WIDER, n)
    return shown


def _ranked(
    recommender: Recommender, histories: csr_array, width: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """(t, width) candidates, and (t,) whether the recommender has no more than these.

    A platform that offers what is already followed gets -1 there.
    """
    ranked = recommender.recommend(histories, width).astype(np.int64)
    row = np.arange(len(ranked)) * histories.shape[1]
    followed = np.repeat(row, np.diff(histories.indptr)) + histories.indices
    new = (ranked >= 0) & ~np.isin(row[:, None] + ranked, followed)
    return np.where(new, ranked, -1), ranked[:, -1] < 0


def _first(ranked: NDArray[Any], keep: NDArray[np.bool_], k: int) -> NDArray[np.int64]:
    """The first `k` kept candidates of each row, in order, as (t, k) padded with -1."""
    place = np.cumsum(keep, axis=1) - 1
    row, column = np.nonzero(keep & (place < k))
    first = np.full((len(ranked), k), -1, dtype=np.int64)
    first[row, place[row, column]] = ranked[row, column]
    return first
