"""What a person is shown: the recommender's ranking with a gate's drops taken out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.audit.adapter import Adapter, Ask, AuditSurface
from havenwall.audit.labels import LabelService
from havenwall.audit.world import Gate

_WIDER = 4
"""Factor by which a ranking that a gate left too short is asked for again."""
_WIDEST = 10_000
"""Places asked for at most: a gate that drops all of these leaves empty places."""

Ints = NDArray[np.int64]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Many test accounts look at one surface at the same time."""

    accounts: Sequence[str]
    """(t)"""
    surface: AuditSurface
    k: int
    queries: Sequence[str] = ()
    """(t) what each typed, on surfaces that answer words."""
    viewer: str = "ordinary"
    """As in `Profile`."""

    def asks(self, rows: Sequence[int], k: int) -> list[Ask]:
        """The asks of some of them, for `k` places."""
        return [
            Ask(
                account=self.accounts[row],
                surface=self.surface,
                k=k,
                query=self.queries[row] if self.queries else "",
            )
            for row in rows
        ]


def serve(adapter: Adapter, gates: Sequence[Gate], labels: LabelService, look: Look) -> list[Ints]:
    """The `look.k` entities shown behind each gate, from one and the same ranking.

    One ranking for all gates keeps a tie in the scores from looking like an effect of a gate.

    Args:
        adapter: ranks the candidates.
        gates: what to compare.
        labels: numbers the entities.
        look: who looks where.

    Returns:
        One (t, k) array of numbers per gate, best first; -1 where nothing allowed is left to show.

    Raises:
        SourceFailed: the platform did not answer.
    """
    t, k = len(look.accounts), look.k
    shown = [np.full((t, k), -1, dtype=np.int64) for _ in gates]
    rows, width = np.arange(t), 2 * k
    while rows.size:
        ranked = _ranked(adapter, labels, look, rows.tolist(), width)
        for view, gate in zip(shown, gates, strict=True):
            view[rows] = _first(ranked, gate.allowed(ranked, look.surface, look.viewer) & (ranked >= 0), k)
        short = np.any([view[rows, -1] < 0 for view in shown], axis=0)
        rows = rows[short & (ranked[:, -1] >= 0) & (width < _WIDEST)]
        width *= _WIDER
    return shown


def _ranked(
    adapter: Adapter, labels: LabelService, look: Look, rows: Sequence[int], width: int
) -> NDArray[np.int64]:
    """(t, width) numbers of candidates; -1 where the recommender has no more."""
    ranked = np.full((len(rows), width), -1, dtype=np.int64)
    for row, names in enumerate(adapter.recommend(look.asks(rows, width))):
        # The same entity twice in one list is one place: what a person sees is counted, not what was sent.
        numbers = list(dict.fromkeys(labels.numbers(names)))[:width]
        ranked[row, : len(numbers)] = numbers
    return ranked


def _first(ranked: NDArray[Any], keep: NDArray[np.bool_], k: int) -> Ints:
    """The first `k` kept candidates of each row, in order, as (t, k) padded with -1."""
    place = np.cumsum(keep, axis=1) - 1
    row, column = np.nonzero(keep & (place < k))
    first = np.full((len(ranked), k), -1, dtype=np.int64)
    first[row, place[row, column]] = ranked[row, column]
    return first
