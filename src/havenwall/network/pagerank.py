"""Personalised PageRank for many seed sets at once: the baseline, and the fallback for very few seeds."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, diags_array

FloatArray = NDArray[np.float32]


class Direction(StrEnum):
    """Which way the walker goes."""

    ALONG = "along"
    """From follower to followed."""
    AGAINST = "against"
    """From followed to follower."""
    SYMMETRIC = "symmetric"
    """Either way; a mutual tie counts twice."""


def transition(follows: csr_array, direction: Direction) -> csr_array:
    """(n, n) column-stochastic step of the walk; columns of accounts without a way on are zero."""
    oriented = follows if direction is Direction.ALONG else follows.T.tocsr()
    if direction is Direction.SYMMETRIC:
        oriented = (follows + oriented).tocsr()
    degree = np.maximum(oriented.sum(axis=1), 1).astype(np.float32)
    return (diags_array(1 / degree) @ oriented).T.tocsr()


def pagerank(
    step: csr_array, seeds: FloatArray, *, restart: float = 0.15, tol: float = 1e-4, sweeps: int = 60
) -> FloatArray:
    """Where a walker that keeps returning to the seeds spends its time (Page et al. 1999; Haveliwala 2002).

    Args:
        step: (n, n) from `transition`.
        seeds: (n, f) weights of the seeds, one column per seed set; scaled to sum 1 here. A column of
            zeros gives a column of zeros.
        restart: chance of going back to the seeds at each step.
        tol: stop when no column changes by more than this in L1.
        sweeps: stop after this many steps at the latest.

    Returns:
        (n, f) float32, columns summing to 1. The walker also restarts where it cannot go on.
    """
    start = (seeds / np.maximum(seeds.sum(axis=0), 1e-12)).astype(np.float32)
    rank = start
    for _ in range(sweeps):
        moved = (1 - restart) * (step @ rank)
        moved += start * (1 - moved.sum(axis=0))
        change = float(np.abs(moved - rank).sum(axis=0).max(initial=0))
        rank = moved.astype(np.float32)
        if change < tol:
            break
    return rank
