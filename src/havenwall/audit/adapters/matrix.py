"""MatrixAdapter: a recommender of accounts in this process, over a matrix of who follows whom."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from havenwall.audit.adapter import Act, ActKind, Ask, AuditSurface, Profile
from havenwall.errors import BadInput

_AT_ONCE = 250
"""Histories ranked in one call: bounds memory for recommenders that score everybody densely."""


class MatrixModel(Protocol):
    """A fitted model that ranks for histories it was not trained on."""

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    def recommend(self, histories: csr_array, k: int) -> NDArray[np.int32]:
        """The `k` best accounts for each history.

        Args:
            histories: (t, n), non-zero where a test account already follows an account.
            k: accounts wanted, at most n.

        Returns:
            (t, k) account numbers without those already followed; -1 where there are no more.
        """
        ...


class MatrixAdapter:
    """Test accounts over a fitted model: each is a history of follows, folded in when it asks.

    Args:
        model: ranks for histories.
        ids: (n,) entity ids, in the order of the model's columns.
        snapshot: names model and data; a hash of the ids where there is none.
    """

    surfaces = frozenset({AuditSurface.ACCOUNTS})

    def __init__(self, model: MatrixModel, ids: Sequence[str], snapshot: str = "") -> None:
        self.name = model.name
        self._model = model
        self._ids = np.array([*ids, ""], dtype=object)
        self._place = {entity: place for place, entity in enumerate(ids)}
        self._snapshot = snapshot or f"{model.name}-{_digest(ids)}"
        self._followed: dict[str, set[int]] = {}

    def snapshot_id(self) -> str:
        """As given, or the model's name with a hash of its ids."""
        return self._snapshot

    def reset(self, seed: int) -> None:
        """Forget all test accounts. The model is fixed, so there is nothing for `seed` to decide."""
        self._followed.clear()

    def create_accounts(self, profiles: Sequence[Profile]) -> list[str]:
        """Test accounts without a history; they keep their own names."""
        made = [profile.name for profile in profiles]
        self._followed |= {name: set() for name in made}
        return made

    def recommend(self, asks: Sequence[Ask]) -> list[list[str]]:
        """The best accounts by the model for each history.

        Raises:
            BadInput: an unknown test account, or a surface that the model does not serve.
        """
        answers: list[list[str]] = []
        for at in range(0, len(asks), _AT_ONCE):
            answers += self._ranked(asks[at : at + _AT_ONCE])
        return answers

    def _ranked(self, asks: Sequence[Ask]) -> list[list[str]]:
        for ask in asks:
            if ask.surface not in self.surfaces:
                hint = "this model recommends accounts alone"
                raise BadInput(f"{ask.surface.value} is not served", field="surface", hint=hint)
        n = len(self._place)
        width = min(max(ask.k for ask in asks), n)
        histories = self._histories([self._known(ask.account) for ask in asks], n)
        ranked = self._model.recommend(histories, width)
        # The id behind the last place is empty, and so is what a model without more candidates names: -1.
        names = self._ids[ranked].tolist()
        return [[one for one in row[: ask.k] if one] for row, ask in zip(names, asks, strict=True)]

    def act(self, acts: Sequence[Act]) -> None:
        """Follow accounts. Other acts leave no trace in a matrix of follows.

        Raises:
            BadInput: an unknown test account, or an account that the model does not know.
        """
        for act in acts:
            if act.kind is ActKind.FOLLOW:
                self._known(act.account).add(self._column(act.target))

    def _histories(self, followed: Sequence[set[int]], n: int) -> csr_array:
        indptr = np.concatenate([[0], np.cumsum([len(each) for each in followed])])
        indices = np.fromiter((one for each in followed for one in sorted(each)), np.int64, int(indptr[-1]))
        ones = np.ones(indices.size, dtype=np.float32)
        return csr_array((ones, indices, indptr), shape=(len(followed), n))

    def _known(self, account: str) -> set[int]:
        if account not in self._followed:
            raise BadInput(f"there is no test account {account}", field="account", hint="create it first")
        return self._followed[account]

    def _column(self, target: str) -> int:
        if target not in self._place:
            hint = "test accounts follow accounts that the model was trained on"
            raise BadInput(f"the model does not know {target}", field="target", hint=hint)
        return self._place[target]


def _digest(ids: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:12]
