"""Personalised PageRank of up to 16 campaigns in one sweep over the links."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.network.graph import Csr, Graph
from havenwall.network.walk.direction import Direction
from havenwall.network.walk.sweep import WIDEST, Pull, sweep, widened

FloatArray = NDArray[np.float32]


def pagerank(
    graph: Graph | Csr,
    seeds: FloatArray,
    direction: Direction,
    *,
    restart: float = 0.15,
    tol: float = 1e-4,
    sweeps: int = 60,
    arriving: FloatArray | None = None,
) -> FloatArray:
    """Where a walker that keeps returning to the seeds spends its time (Page et al. 1999; Haveliwala 2002).

    Args:
        graph: whose follows the walker takes, or an (n, n) matrix of ties.
        seeds: (n, f) weights of the seeds, one column per campaign; scaled to sum 1 here. A column of
            zeros gives a column of zeros.
        direction: which way the walker goes.
        restart: chance of going back to the seeds at each step.
        tol: stop when no column changes by more than this in L1.
        sweeps: stop after this many steps at the latest.
        arriving: (n,) share of what a link brings that stays with the account, 0..1; the rest goes back to
            the seeds. None for 1 everywhere.

    Returns:
        (n, f) float32, columns summing to 1. The walker also restarts where it cannot go on.

    Raises:
        BadInput: the seeds or `arriving` do not have a row per account.
    """
    follows = graph.follows if isinstance(graph, Graph) else graph
    _demand_rows(follows.rows, seeds=seeds, arriving=arriving)
    pull = _pull(follows, direction, arriving)
    parts = [
        _walk(pull, seeds[:, first : first + WIDEST], restart, tol, sweeps)
        for first in range(0, seeds.shape[1], WIDEST)
    ]
    return parts[0] if len(parts) == 1 else np.concatenate([seeds[:, :0], *parts], axis=1)


def _demand_rows(rows: int, **given: FloatArray | None) -> None:
    for name, values in given.items():
        if values is not None and len(values) != rows:
            raise BadInput(f"{len(values)} rows for {rows} accounts", field=name)


def _pull(follows: Csr, direction: Direction, arriving: FloatArray | None) -> Pull:
    """Where each account's mass comes from, and over how many ways on it is spread."""
    if direction is Direction.ALONG:
        return Pull.make([follows.flipped], follows.degree, arriving)
    if direction is Direction.AGAINST:
        return Pull.make([follows], _incoming(follows), arriving)
    both = [follows, follows.flipped]
    return Pull.make(both, follows.degree + follows.flipped.degree, arriving)


def _incoming(follows: Csr) -> NDArray[np.int64]:
    """(n,) how many follow each account, without flipping the matrix."""
    followers = np.zeros(follows.rows, np.int64)
    _count(follows.indices, followers)
    return followers


def _walk(pull: Pull, seeds: FloatArray, restart: float, tol: float, sweeps: int) -> FloatArray:
    rows = np.flatnonzero(seeds.any(axis=1))
    start = widened(seeds[rows])
    start /= np.maximum(start.sum(axis=0, dtype=np.float64), 1e-12)
    way = pull.ways[rows, None]
    # Ranks are kept divided by the ways on, as the sweep reads them; `seeded` is 1 for columns with seeds.
    seeded = start.any(axis=0)
    spread, moved = (widened((pull.rows, seeds.shape[1])) for _ in range(2))
    spread[rows] = start / way
    for _ in range(sweeps):
        total, change = sweep(pull, spread, moved, 1 - restart)
        before, lost = spread[rows], moved[rows]
        moved[rows] += start / way * (seeded * (1 - total))
        change += (way * (np.abs(moved[rows] - before) - np.abs(lost - before))).sum(axis=0)
        spread, moved = moved, spread
        if change.max() < tol:
            break
    spread *= pull.ways[:, None]
    return np.ascontiguousarray(spread[:, : seeds.shape[1]])


@njit(cache=True, nogil=True)
def _count(indices, followers):  # type: ignore[no-untyped-def]
    for column in indices:
        followers[column] += 1
