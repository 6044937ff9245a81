"""What takes weight from signals: popular tags say little, reporters who act together are one reporter."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from havenwall.network.discover.anchors import Rows, Weights
from havenwall.network.graph import Csr

_TOGETHER = 2
"""Two reporters who share this many targets, and half of all they reported, act together."""


def popularity(users: NDArray[np.integer], hub: int) -> Weights:
    """How much a thing with so many users says about one of them: 1 up to `hub` users, hub/users beyond.

    Beyond that size the members, who are at most so many, are a shrinking share of the users.
    """
    return np.minimum(1, hub / np.maximum(users, 1)).astype(np.float32)


def tagged(uses: Csr, things: Rows, strengths: NDArray[np.floating], hub: int = 400) -> tuple[Rows, Weights]:
    """Accounts that use listed things (tags, groups, links), and how strong that hit is.

    Args:
        uses: (n, t) who uses which thing.
        things: (l,) columns of the listed things.
        strengths: (l,) 0..1 how strongly the list's owner believes in each.
        hub: a thing with more users is damped by hub/users.

    Returns:
        (k,) accounts ascending and (k,) strengths; several things are combined by noisy or.
    """
    users = uses.flipped.take(np.asarray(things, np.int64))
    worth = np.asarray(strengths, np.float32) * popularity(users.degree, hub)
    missing = np.log1p(-np.minimum(worth, 0.99))[users.sources()]
    total = np.bincount(users.indices, missing, minlength=uses.rows)
    rows = np.flatnonzero(total < 0)
    return rows, (1 - np.exp(total[rows])).astype(np.float32)


def reported(reporters: Rows, targets: Rows, each: float = 0.3) -> tuple[Rows, Weights, Rows]:
    """Reported accounts, how strong the reports are, and which of them rest on one group of reporters.

    Reporters who share two targets or more and half of what each of them reported are one group, and a
    group counts as one report however many its members are.

    Args:
        reporters: (m,) number of the reporter of each report.
        targets: (m,) reported account of each report.
        each: 0..1 strength of one independent report.

    Returns:
        (k,) accounts ascending, (k,) strengths, and (k,) the group if the account was reported by one group
        alone, else -1; feed the last to `make_anchors` as `source`.
    """
    if not len(reporters):
        return np.empty(0, np.int64), np.empty(0, np.float32), np.empty(0, np.int64)
    accounts, column = np.unique(targets, return_inverse=True)
    who, row = np.unique(reporters, return_inverse=True)
    group = _groups(row, column, (len(who), len(accounts)))
    said = np.unique(np.stack([column, group[row]]), axis=1)
    voices = np.bincount(said[0], minlength=len(accounts))
    alone = np.full(len(accounts), -1, np.int64)
    alone[said[0]] = said[1]
    alone[voices > 1] = -1
    return accounts, (1 - (1 - each) ** voices).astype(np.float32), alone


def _groups(row: Rows, column: Rows, shape: tuple[int, int]) -> Rows:
    ones = np.ones(len(row), np.float32)
    matrix = csr_array(coo_array((ones, (row, column)), shape=shape))  # sums doubles
    matrix.data[:] = 1
    shared = (matrix @ matrix.T).tocoo()
    size = np.diff(matrix.indptr)
    least = np.maximum(size[shared.row], size[shared.col]) / 2
    close = (shared.data >= _TOGETHER) & (shared.data >= least)
    tied = coo_array(
        (ones[:1].repeat(close.sum()), (shared.row[close], shared.col[close])), shape=shape[:1] * 2
    )
    return connected_components(tied, directed=False)[1].astype(np.int64)
