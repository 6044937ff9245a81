"""RecTools models, which know two kinds of people: those of the data set they are asked with, and others.

Test accounts are put behind the people of the training data, so that nobody's place changes, and the model is
asked with that longer data set. Item-based models (EASE, item kNN, SASRec, BERT4Rec) and popularity go by
what they find there. Models with one learned vector per person (ALS, BPR, SVD, LightFM, DSSM) have none for a
test account; RecTools offers to fit them again, and so does `refit=True`: a fresh model of the same
configuration, each time test accounts have followed somebody. They then learn from each other: keep them few.
What the data set says of people beyond their follows is left out, for test accounts have nothing of the kind.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import numpy as np

from havenwall.audit.adapter import Act, ActKind, Ask, AuditSurface, Profile
from havenwall.audit.adapters.history import Histories, new_ones
from havenwall.errors import BadInput, NotReady

_NAMED = "havenwall-test-account:"
"""Before a test account's name in the data set, where somebody may already have it."""
_TRIED = 3
"""Accounts in the history of the trial question."""


class RectoolsAdapter:
    """Test accounts over a fitted RecTools model.

    Args:
        model: fitted on `dataset`. With `refit` it is left alone; copies are made from its configuration.
        dataset: what it was fitted on; its items' ids as text are the entity ids.
        refit: fit anew for the test accounts; needed by models that learn a vector per person. Set
            `random_state` in the model, or the same seed does not give the same answers.
        snapshot: names model and data; a hash of the model's configuration and the ids where there is none.

    Raises:
        NotReady: RecTools is not installed.
        BadInput: the model cannot rank for test accounts, or recommends nothing to them.
    """

    surfaces = frozenset({AuditSurface.ACCOUNTS})

    def __init__(self, model: Any, dataset: Any, *, refit: bool = False, snapshot: str = "") -> None:
        self._library = _library()
        self._trained, self._data, self._refit = model, dataset, refit
        self._ids = [str(one) for one in dataset.item_id_map.external_ids]
        self._histories = Histories(self._ids)
        self.name = f"rectools-{type(model).__name__}"
        self._snapshot = snapshot or f"{self.name}-{_digest(model, self._ids)}"
        self._ready: tuple[Any, Any] | None = None
        self._try()

    def snapshot_id(self) -> str:
        """As given, or a hash of the model's configuration and its ids."""
        return self._snapshot

    def reset(self, seed: int) -> None:
        """Forget all test accounts; what is random in the model is decided by its own `random_state`."""
        self._histories.clear()
        self._ready = None

    def create_accounts(self, profiles: Sequence[Profile]) -> list[str]:
        """Test accounts without a history; they keep their own names."""
        self._ready = None
        return self._histories.add(profiles)

    def recommend(self, asks: Sequence[Ask]) -> list[list[str]]:
        """What the model recommends for each history; nothing for an empty one, unless it serves strangers.

        Raises:
            BadInput: an unknown test account, or a surface other than accounts.
        """
        histories = [self._histories.asked(ask) for ask in asks]
        if not asks:
            return []
        found = self._answers(sorted({ask.account for ask in asks}), max(ask.k for ask in asks))
        return [
            new_ones(found.get(ask.account, []), history, ask.k)
            for ask, history in zip(asks, histories, strict=True)
        ]

    def act(self, acts: Sequence[Act]) -> None:
        """Follow accounts; other acts leave no trace.

        Raises:
            BadInput: an unknown test account, or an account that the data set does not have.
        """
        if self._histories.follow(acts):
            self._ready = None

    def _answers(self, accounts: Sequence[str], k: int) -> dict[str, list[str]]:
        model, data = self._ready = self._ready or self._prepared()
        table = model.recommend(
            np.array([_NAMED + name for name in accounts], dtype=object),
            data,
            k=min(k, len(self._ids)),
            filter_viewed=True,
            add_rank_col=False,
            on_unsupported_targets="ignore",
        )
        found: dict[str, list[str]] = {}
        for user, item in zip(table["user_id"], table["item_id"], strict=True):
            found.setdefault(str(user).removeprefix(_NAMED), []).append(str(item))
        return found

    def _prepared(self) -> tuple[Any, Any]:
        data = self._joined()
        if not self._refit:
            return self._trained, data
        kind = type(self._trained)
        return kind.from_config(self._trained.get_config()).fit(data), data

    def _joined(self) -> Any:
        """The training data with the test accounts behind."""
        library, old = self._library, self._data
        follows = [(name, to) for name in self._histories.names() for to in self._histories.of(name)]
        if not follows:
            return old
        users = np.array(list(dict.fromkeys(_NAMED + name for name, _ in follows)), dtype=object)
        people = old.user_id_map.add_ids(users, raise_if_already_present=True)
        place = dict(zip(self._ids, old.item_id_map.external_ids, strict=True))
        frame, pandas = old.interactions.df, library.pandas
        rows = pandas.DataFrame(
            {
                "user_id": people.convert_to_internal([_NAMED + name for name, _ in follows]),
                "item_id": old.item_id_map.convert_to_internal([place[to] for _, to in follows]),
                "weight": float(frame["weight"].median()),
                "datetime": frame["datetime"].max(),
            }
        ).astype(frame.dtypes[["user_id", "item_id", "weight", "datetime"]].to_dict())
        joined = library.dataset.Interactions(pandas.concat([frame, rows], ignore_index=True))
        return library.dataset.Dataset(people, old.item_id_map, joined, None, old.item_features)

    def _try(self) -> None:
        self.create_accounts([Profile(name="trial")])
        self._histories.follow(
            [Act(account="trial", kind=ActKind.FOLLOW, target=one) for one in self._ids[:_TRIED]]
        )
        try:
            found = self._answers(["trial"], 1)
        except (IndexError, NotImplementedError):
            # A vector that was never learned lies behind the last one: RecTools runs off the end.
            hint = "give refit: true, which fits the model again with the test accounts"
            raise BadInput("ranks only for people it was fitted on", field="model", hint=hint) from None
        if not found:
            # An audit of empty lists would find no exposure, and pass.
            raise BadInput("recommends nothing to test accounts", field="model", hint="give refit: true")
        self.reset(0)


def _library() -> _Library:
    try:
        return _Library(import_module("pandas"), import_module("rectools.dataset"))
    except ImportError as problem:
        hint = "pip install rectools, in an environment of its own where its numpy does not fit"
        raise NotReady(f"RecTools cannot be imported: {problem}", hint=hint) from problem


class _Library(NamedTuple):
    pandas: ModuleType
    dataset: ModuleType


def _digest(model: Any, ids: Sequence[str]) -> str:
    text = "\n".join([json.dumps(model.get_params(simple_types=True), sort_keys=True, default=str), *ids])
    return hashlib.sha256(text.encode()).hexdigest()[:12]
