"""Any model of the `implicit` library, with test accounts folded in.

A test account was not there when the model was trained. Models that can rank for a history alone can be
audited as they are: ALS works a factor out for it (Hu, Koren and Volinsky 2008, equation 4), item-item models
need none. BPR and logistic factorisation cannot; they have to be trained again with the test accounts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, csr_matrix
from threadpoolctl import threadpool_limits

from havenwall.audit.adapters.matrix import MatrixAdapter
from havenwall.errors import BadInput

_NEVER = -1e38
"""Scores from here down stand for places that `implicit` could not fill."""


class ImplicitModel:
    """A fitted model of `implicit` as a `MatrixModel`.

    Args:
        model: fitted; its items are the accounts.
        n: accounts.
        weight: of a follow, as it was in the training matrix.

    Raises:
        BadInput: it is not fitted, knows another number of accounts, or cannot rank for a history that it
            was not trained on.
    """

    def __init__(self, model: Any, n: int, weight: float = 1.0) -> None:
        self.name = f"implicit-{type(model).__name__}"
        self._model, self._weight = model, weight
        learned = _learned(model)
        if learned is None:
            raise BadInput("is not fitted", field="model", hint="call fit before the audit")
        if learned.shape[0] != n:
            hint = "give the ids in the order of the training matrix's columns"
            message = f"the model knows {learned.shape[0]} accounts, there are {n} ids"
            raise BadInput(message, field="ids", hint=hint)
        self._try(n)

    def recommend(self, histories: csr_array, k: int) -> NDArray[np.int32]:
        """The best `k` accounts per history (t, n) as (t, k), -1 where there are no more.

        Somebody who follows nobody gets nothing: all scores are alike there, and their order means nothing.
        """
        rows = csr_matrix(histories.astype(np.float32)) * np.float32(self._weight)
        # implicit warns unless BLAS has one thread, and more of them would race its own.
        with threadpool_limits(1, user_api="blas"):
            places, scores = self._model.recommend(
                np.arange(histories.shape[0]), rows, N=k, recalculate_user=True
            )
        # Item-item models put what is followed at the end, with no score, where they find too few others.
        own = np.asarray(rows[np.arange(len(places))[:, None], places].todense()) > 0
        full = np.asarray(np.diff(histories.indptr) > 0)
        found = np.where((scores > _NEVER) & ~own & full[:, None], places, -1).astype(np.int32)
        missing = max(k - found.shape[1], 0)
        return np.pad(found, ((0, 0), (0, missing)), constant_values=-1)

    def _try(self, n: int) -> None:
        one = csr_array((np.ones(1), ([0], [0])), shape=(1, n))
        try:
            self.recommend(one, 1)
        except NotImplementedError:
            kind = type(self._model).__name__
            hint = "audit ALS or an item-item model, or serve this one, trained again, over HTTP or a command"
            raise BadInput(
                f"{kind} ranks only for people it was trained on", field="model", hint=hint
            ) from None


def implicit_adapter(model: Any, ids: Sequence[str], training: Any, snapshot: str = "") -> MatrixAdapter:
    """An adapter over a fitted model.

    Args:
        model: of the `implicit` library.
        ids: (n,) entity ids, in the order of the training matrix's columns.
        training: (users, n) sparse, what the model was trained on. A test account's follow weighs as much as
            the middle one of these.
        snapshot: names model and data; a hash of what was learned where there is none.

    Raises:
        BadInput: the three do not fit together, or the model cannot rank for test accounts.
    """
    if training.shape[1] != len(ids):
        hint = "give one id per column of the training matrix"
        raise BadInput(f"{len(ids)} ids, {training.shape[1]} columns", field="ids", hint=hint)
    if len(set(ids)) != len(ids):
        raise BadInput("an id comes twice", field="ids", hint="give each column an id of its own")
    weight = float(np.median(training.data)) if training.nnz else 1.0
    ranks = ImplicitModel(model, len(ids), weight)
    return MatrixAdapter(ranks, ids, snapshot or f"{ranks.name}-{_digest(model, ids)}")


def _learned(model: Any) -> Any:
    """(n, ...) what the model learned of each account: factors, or nearest neighbours; None before `fit`."""
    inner = getattr(model, "model", model)  # the approximate ones of implicit.ann wrap another
    found = getattr(inner, "item_factors", None)
    return getattr(inner, "similarity", None) if found is None else found


def _digest(model: Any, ids: Sequence[str]) -> str:
    learned = _learned(model)
    numbers = np.ascontiguousarray(learned.data if hasattr(learned, "indptr") else learned)
    return hashlib.sha256("\n".join(ids).encode() + numbers.tobytes()).hexdigest()[:12]
