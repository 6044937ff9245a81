"""Random walks between followers and followed."""

from __future__ import annotations

from typing import Self

import numpy as np
import scipy.sparse as sp

from havenwall.sandbox.recommend.top import Items, as_histories, best, fitted

_ROWS = 64


class Walk:
    """Random walk with restart in the style of Pixie (Eksombatchai et al. 2018).

    Instead of sampling walks it sums their expected visits, so that results do not vary: from a followed
    account to one of its followers, from there to one they follow, and so on.

    Args:
        hops: double steps of a walk.
        restart: chance to go back to the history before a double step.
    """

    name = "walk"

    def __init__(self, *, hops: int = 3, restart: float = 0.5) -> None:
        self._hops = hops
        self._restart = restart
        self._steps: tuple[sp.csr_array, sp.csr_array] | None = None

    def fit(self, follows: sp.csr_array) -> Self:
        """Turn `follows` (n, n) into step probabilities."""
        links = follows.astype(np.float32)
        self._steps = _stochastic(links.T.tocsr()).T.tocsr(), _stochastic(links).T.tocsr()
        return self

    def recommend(self, histories: sp.csr_array, k: int) -> Items:
        """The best `k` accounts per history (t, n) as (t, k); see `Recommender.recommend`."""
        back, _ = fitted(self._steps, self.name)
        known = as_histories(histories, back.shape[1])
        parts = [self._batch(known[i : i + _ROWS], k) for i in range(0, known.shape[0], _ROWS)]
        return np.concatenate(parts) if parts else np.empty((0, k), dtype=np.int32)

    def _batch(self, histories: sp.csr_array, k: int) -> Items:
        back, forward = fitted(self._steps, self.name)
        # Columns, not rows: a dense block is fast to push through the sparse steps, and visits spread to
        # most of the platform within two of them.
        start = np.ascontiguousarray(_stochastic(histories).toarray().T)
        visits = start
        for _ in range(self._hops):
            visits = self._restart * start + (1 - self._restart) * (forward @ (back @ visits))
        scores = np.ascontiguousarray(visits.T)
        scores[scores <= 0] = -np.inf
        return best(scores, histories, k)


def _stochastic(matrix: sp.csr_array) -> sp.csr_array:
    """A copy whose non-empty rows sum to one."""
    total = np.asarray(matrix.sum(axis=1)).ravel()
    result = matrix.copy()
    result.data = matrix.data / np.repeat(total, np.diff(matrix.indptr))
    return result
