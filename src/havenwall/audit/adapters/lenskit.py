"""LensKit pipelines. A test account is a person whom the pipeline has never seen, with a history to go by.

The query carries what the test account follows (`RecQuery.history_items`) and no user id: so LensKit serves
new people. Scorers that only know the people they were trained on score nothing for them.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any

from havenwall.audit.adapter import Act, Ask, AuditSurface, Profile
from havenwall.audit.adapters.history import Histories, new_ones
from havenwall.errors import BadInput, NotReady

_TRIED = 3
"""Accounts in the history of the trial question."""


class LenskitAdapter:
    """Test accounts over a trained LensKit pipeline.

    Args:
        pipeline: trained; its `recommender` node is asked.
        ids: of the training data's items, text or numbers; as text they are the entity ids.
        snapshot: names pipeline and data; a hash of the pipeline's configuration and the ids where there is
            none. The configuration does not hold what was learned: name your training run.

    Raises:
        NotReady: LensKit is not installed.
        BadInput: the pipeline recommends nothing to people it was not trained on.
    """

    surfaces = frozenset({AuditSurface.ACCOUNTS})

    def __init__(self, pipeline: Any, ids: Sequence[Any], snapshot: str = "") -> None:
        self._lenskit = _library()
        self._pipeline = pipeline
        self._item = {str(one): one for one in ids}
        self._histories = Histories(self._item)
        self.name = f"lenskit-{pipeline.name or 'pipeline'}"
        self._snapshot = snapshot or f"{self.name}-{_digest(pipeline, list(self._item))}"
        self._try()

    def snapshot_id(self) -> str:
        """As given, or a hash of the pipeline's configuration and its ids."""
        return self._snapshot

    def reset(self, seed: int) -> None:
        """Forget all test accounts. The pipeline is trained, so there is nothing for `seed` to decide."""
        self._histories.clear()

    def create_accounts(self, profiles: Sequence[Profile]) -> list[str]:
        """Test accounts without a history; they keep their own names."""
        return self._histories.add(profiles)

    def recommend(self, asks: Sequence[Ask]) -> list[list[str]]:
        """What the pipeline recommends for each history.

        Raises:
            BadInput: an unknown test account, or a surface other than accounts.
        """
        return [self._ranked(self._histories.asked(ask), ask.k) for ask in asks]

    def act(self, acts: Sequence[Act]) -> None:
        """Follow accounts; other acts leave no trace.

        Raises:
            BadInput: an unknown test account, or an account that is not among the ids.
        """
        self._histories.follow(acts)

    def _ranked(self, history: list[str], k: int) -> list[str]:
        data = self._lenskit.data
        # A list of no items has numbers for ids, which a vocabulary of text refuses.
        known = data.ItemList([self._item[one] for one in history]) if history else None
        with warnings.catch_warnings():
            # Some scorers warn that a history is missing: everybody's is, at first.
            warnings.simplefilter("ignore", self._lenskit.diagnostics.DataWarning)
            found = self._lenskit.recommend(self._pipeline, data.RecQuery(history_items=known), n=k)
        return new_ones([str(entity) for entity in found.ids()], history, k)

    def _try(self) -> None:
        # An audit of empty lists would find no exposure, and pass.
        if not self._ranked(list(self._item)[:_TRIED], 1):
            hint = "use a scorer that goes by the history, such as ImplicitMFScorer or ItemKNNScorer"
            raise BadInput("recommends nothing to people it was not trained on", field="pipeline", hint=hint)


def _library() -> ModuleType:
    try:
        for part in ("lenskit.data", "lenskit.diagnostics"):
            import_module(part)
        return import_module("lenskit")
    except ImportError as problem:
        raise NotReady(f"LensKit cannot be imported: {problem}", hint="pip install lenskit") from problem


def _digest(pipeline: Any, ids: Sequence[str]) -> str:
    text = "\n".join([pipeline.config.model_dump_json(), *ids])
    return hashlib.sha256(text.encode()).hexdigest()[:12]
