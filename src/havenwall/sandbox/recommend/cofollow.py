"""Accounts followed by the same people: item-item cosine."""

from __future__ import annotations

from typing import Self

import numpy as np
import scipy.sparse as sp

from havenwall.sandbox.recommend.top import Items, as_histories, best, fitted


class CoFollow:
    """Item-based collaborative filtering by cosine (Sarwar et al. 2001).

    Never builds the item-item matrix: histories are multiplied through the followers, which costs what
    the histories' followers follow.

    Args:
        shrink: added to the number of followers, so that a chance follower of an unknown account weighs
            little.
    """

    name = "cofollow"

    def __init__(self, *, shrink: float = 5.0) -> None:
        self._shrink = shrink
        self._follows: sp.csr_array | None = None

    def fit(self, follows: sp.csr_array) -> Self:
        """Weigh each followed account of `follows` (n, n) by its number of followers."""
        matrix = follows.astype(np.float32)
        followers = np.bincount(matrix.indices, minlength=matrix.shape[1])
        matrix.data /= np.sqrt(followers + self._shrink, dtype=np.float32)[matrix.indices]
        self._follows, self._followers = matrix, matrix.T.tocsr()
        return self

    def recommend(self, histories: sp.csr_array, k: int) -> Items:
        """The best `k` accounts per history (t, n) as (t, k); see `Recommender.recommend`."""
        follows = fitted(self._follows, self.name)
        known = as_histories(histories, follows.shape[1])
        scores = ((known @ self._followers) @ follows).toarray()
        scores[scores <= 0] = -np.inf
        return best(scores, known, k)
