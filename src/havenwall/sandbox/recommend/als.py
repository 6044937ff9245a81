"""Matrix factorisation, the ordinary recommender of many platforms."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from implicit.als import AlternatingLeastSquares
from threadpoolctl import threadpool_limits

from havenwall.sandbox.recommend.top import Items, as_histories, best, fitted

_ROWS = 256


class Als:
    """Implicit-feedback ALS (Hu, Koren and Volinsky 2008) with fold-in of test accounts.

    Args:
        factors: latent dimensions.
        iterations: alternations of the fit.
        alpha: confidence of a follow.
        regularization: weight of the penalty on the factors.
        seed: of the first factors; the same seed gives the same recommendations.
        num_threads: threads of fit and fold-in, 0 for all cores.
    """

    name = "als"

    def __init__(
        self,
        *,
        factors: int = 64,
        iterations: int = 12,
        alpha: float = 10.0,
        regularization: float = 0.05,
        seed: int = 0,
        num_threads: int = 1,
    ) -> None:
        self._settings: dict[str, Any] = {
            "factors": factors,
            "iterations": iterations,
            "alpha": alpha,
            "regularization": regularization,
            "random_state": seed,
            "num_threads": num_threads,
            "use_gpu": False,
        }
        self._model: Any = None

    def fit(self, follows: sp.csr_array) -> Self:
        """Factorise `follows` (n, n); 20,000 accounts and 450,000 links take seconds."""
        # implicit warns unless BLAS has one thread, and more of them would race its own.
        with threadpool_limits(1, user_api="blas"):
            model = AlternatingLeastSquares(**self._settings)
            model.fit(sp.csr_matrix(follows.astype(np.float32)), show_progress=False)
        self._model = model
        return self

    def recommend(self, histories: sp.csr_array, k: int) -> Items:
        """The best `k` accounts per history (t, n) as (t, k); see `Recommender.recommend`."""
        model = fitted(self._model, self.name)
        known = as_histories(histories, model.item_factors.shape[0])
        parts = [self._batch(known[i : i + _ROWS], k) for i in range(0, known.shape[0], _ROWS)]
        return np.concatenate(parts) if parts else np.empty((0, k), dtype=np.int32)

    def _batch(self, histories: sp.csr_array, k: int) -> Items:
        with threadpool_limits(1, user_api="blas"):
            users = self._model.recalculate_user(np.arange(histories.shape[0]), sp.csr_matrix(histories))
            scores = users @ self._model.item_factors.T
        # An account that follows nobody has a zero factor: no evidence, no recommendation.
        scores[np.diff(histories.indptr) == 0] = -np.inf
        return best(scores, histories, k)
