"""People you may know: friend of friend."""

from __future__ import annotations

from typing import Self

import numpy as np
import scipy.sparse as sp

from havenwall.sandbox.recommend.top import Items, as_histories, best, fitted


class Friends:
    """Ranks the accounts followed by those one follows (Liben-Nowell and Kleinberg 2007).

    A vote counts less the more its voter follows, as in Adamic and Adar, and a candidate's votes are
    divided by the square root of its followers; otherwise everybody is shown the same celebrities.
    """

    name = "friends"

    def __init__(self) -> None:
        self._votes: sp.csr_array | None = None

    def fit(self, follows: sp.csr_array) -> Self:
        """Turn `follows` (n, n) into votes."""
        votes = follows.astype(np.float32)
        following = np.diff(votes.indptr)
        followers = np.bincount(votes.indices, minlength=votes.shape[1])
        votes.data /= np.repeat(np.log(2.0 + following), following).astype(np.float32)
        votes.data /= np.sqrt(1.0 + followers[votes.indices]).astype(np.float32)
        self._votes = votes
        return self

    def recommend(self, histories: sp.csr_array, k: int) -> Items:
        """The best `k` accounts per history (t, n) as (t, k); see `Recommender.recommend`."""
        votes = fitted(self._votes, self.name)
        known = as_histories(histories, votes.shape[1])
        scores = (known @ votes).toarray()
        scores[scores <= 0] = -np.inf
        return best(scores, known, k)
