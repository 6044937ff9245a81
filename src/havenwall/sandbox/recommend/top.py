"""What all recommenders share: their shape, and the best k of a score matrix."""

from __future__ import annotations

from typing import Protocol, Self, TypeVar

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from havenwall.errors import BadInput, NotReady

Scores = npt.NDArray[np.float32]
Items = npt.NDArray[np.int32]
Model = TypeVar("Model")


class Recommender(Protocol):
    """Suggests accounts to follow."""

    @property
    def name(self) -> str:
        """Name on the command line."""
        ...

    def fit(self, follows: sp.csr_array) -> Self:
        """Learn from who follows whom, (n, n) with a 1 per link."""
        ...

    def recommend(self, histories: sp.csr_array, k: int) -> Items:
        """The best `k` accounts for each history.

        Args:
            histories: (t, n), a 1 for each account the test account already follows.
            k: accounts per history.

        Returns:
            (t, k) indices, best first, never one from the history; -1 where there are no more.

        Raises:
            NotReady: called before `fit`.
            BadInput: `histories` does not have n columns.
        """
        ...


def fitted(model: Model | None, name: str) -> Model:
    """The model, once there is one.

    Raises:
        NotReady: it is None.
    """
    if model is None:
        raise NotReady(f"recommender {name} is not fitted", hint="call fit first")
    return model


def as_histories(histories: sp.csr_array, n: int) -> sp.csr_array:
    """A float32 copy of histories with `n` columns.

    Raises:
        BadInput: another number of columns.
    """
    if histories.shape[1] != n:
        raise BadInput(f"{histories.shape[1]} columns, the model has {n}", field="histories")
    return histories.astype(np.float32)


def best(scores: Scores, histories: sp.csr_array, k: int) -> Items:
    """The `k` highest finite scores of each row, best first, ties by index; changes `scores`.

    Args:
        scores: (t, n); -inf means not to be recommended.
        histories: (t, n); accounts already followed, which are left out.
        k: indices per row.

    Returns:
        (t, k), -1 padded.
    """
    rows = np.repeat(np.arange(histories.shape[0]), np.diff(histories.indptr))
    scores[rows, histories.indices] = -np.inf
    width = min(k, scores.shape[1])
    top = np.sort(np.argpartition(-scores, width - 1, axis=1)[:, :width], axis=1)
    value = np.take_along_axis(scores, top, axis=1)
    order = np.argsort(-value, axis=1, kind="stable")
    result = np.full((scores.shape[0], k), -1, dtype=np.int32)
    result[:, :width] = np.where(
        np.isfinite(np.take_along_axis(value, order, axis=1)), np.take_along_axis(top, order, axis=1), -1
    )
    return result
