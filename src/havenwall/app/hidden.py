"""Whom the rules that ship would hide after one scoring, on a platform where nothing was decided before."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from havenwall.engine import Batch
from havenwall.model import Verb, now
from havenwall.network import Found, Graph, ScoreConfig, make_risks
from havenwall.network.evidence import IntArray, Links
from havenwall.policy import decide, default_pack

_NOTE = "bench"


def hidden_by_default(graph: Graph, found: Found, seeds: IntArray) -> IntArray:
    """Rows, ascending, of the accounts that the default rule pack would suppress at once.

    Args:
        graph: n accounts.
        found: what was found on it.
        seeds: rows of the confirmed accounts.
    """
    risks = make_risks(Links(graph, ScoreConfig().hub), found, seeds, _NOTE, now(), 0, note=_NOTE)
    if not risks:
        return np.empty(0, np.int64)
    decided = decide(
        default_pack(), Batch(risks=risks, new=len(risks)), _Untouched(graph.n, not found.doubt), now()
    )
    hidden = [entity for one in decided.decisions if one.verb is Verb.SUPPRESS for entity in one.entities]
    return np.sort(graph.index(hidden))


class _Untouched:
    """A store in which nothing was decided yet."""

    def __init__(self, accounts: int, trusted: bool) -> None:
        self._accounts, self._trusted = accounts, trusted

    def labels(self, entities: Sequence[str]) -> dict[str, str]:
        return {}

    def restrictions(self, entities: Sequence[str]) -> dict[str, str]:
        return {}

    def signal_counts(self, entities: Sequence[str]) -> dict[str, dict[str, int]]:
        return {}

    def lanes(self, entities: Sequence[str]) -> dict[str, str]:
        return {}

    def in_case(self, entities: Sequence[str]) -> set[str]:
        return set()

    def may_widen(self) -> bool:
        return self._trusted

    def spent(self, rule: str, day: date) -> int:
        return 0

    def accounts(self) -> int:
        return self._accounts
