"""Sums, rates and lifts that role features are made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from havenwall.network.graph import Csr
from havenwall.network.roles.overlap import FloatArray


def marked(n: int, rows: NDArray[np.int64]) -> FloatArray:
    """(n,) 1 for some rows, else 0."""
    marks = np.zeros(n, np.float32)
    marks[rows] = 1
    return marks


def sums(matrix: Csr, weight: FloatArray) -> FloatArray:
    """(rows,) for each row the sum of `weight` (columns,) over its ones."""
    return matrix.gather(weight[:, None])[:, 0]


def share_of_starts(follows: Csr, weight: FloatArray) -> float:
    """Share of all follows that start at some accounts, each counted by its weight 0..1.

    That share of an account's followers are such accounts by chance.
    """
    return float(follows.degree @ weight.astype(np.float64)) / max(follows.links, 1)


def share_of_ends(follows: Csr, weight: FloatArray) -> float:
    """Share of all follows that end at some accounts, each counted by its weight 0..1.

    That share of whom an account follows are such accounts by chance.
    """
    return share_of_starts(follows.flipped, weight)


def expected_followers(follows: Csr, weight: FloatArray) -> FloatArray:
    """(n,) how many followers, counted by their weight 0..1, each account would have by chance.

    The larger of two expectations: that its followers are as those of any account; and that they are as those
    of the other accounts which its followers follow. Where buyers are many in a corner of the platform, they
    are many among everybody's followers there, and prove nothing.
    """
    by = follows.flipped
    apart = 1 / np.maximum(by.degree - 1, 1).astype(np.float32)
    near = follows.gather(np.column_stack([sums(by, weight) * apart, apart]))
    # A follower is not counted among the followers of what it follows itself.
    local = (near[:, 0] - weight * near[:, 1]) / np.maximum(follows.degree, 1)
    anywhere = by.degree * share_of_starts(follows, weight)
    return np.maximum(sums(by, local.astype(np.float32)), anywhere).astype(np.float32)


def log_lift(observed: FloatArray, by_chance: FloatArray | np.float32) -> FloatArray:
    """How much oftener than by chance, in nats, at least 0; one is added on both sides: few say little."""
    return np.maximum(np.log((observed + 1) / (by_chance + 1)), 0).astype(np.float32)


def ramp(values: NDArray[np.floating], low: float, high: float) -> FloatArray:
    """0 at `low` and below, 1 at `high` and above, straight in between."""
    return np.asarray(np.clip((values - low) / (high - low), 0, 1), np.float32)
