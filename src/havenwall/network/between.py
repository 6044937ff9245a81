"""Between two scorings of the graph: what a confirmation or a retraction changes, told at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.model import Risk
from havenwall.network.evidence import IntArray, Links, Matrix
from havenwall.network.find import Found
from havenwall.network.live import Live
from havenwall.network.reasons import make_risks, rescored
from havenwall.network.roles import with_threshold

_AFFECTED = 1_000
_FEW, _SHARE = 3, 0.25
"""So many decided since the scoring, or such a share of its seeds: with more its model is out of date."""
_NOBODY = np.empty(0, np.int64)


class Scoring(msgspec.Struct, frozen=True, eq=False):
    """One finished scoring of the graph, as it is remembered until the next."""

    run_id: str
    links: Links
    found: Found
    seeds: IntArray
    mark: Callable[[Sequence[Risk]], tuple[Risk, ...]] = tuple
    """Puts on risks what audits say of them, as the scoring did with its own."""


class Between:
    """The newest scoring, kept up with what people decide until the next one replaces it.

    Exact counters and local walks say whose ties a decision changed most; those accounts are scored again
    with the model, the roles and the threshold of the last scoring. Whom that brings over the threshold is
    told of at once. Accounts that were not among those given roles wait for the next scoring, and so does
    everything that falls: taking back is no emergency, and the next scoring does it for all at once.
    """

    def __init__(self, scoring: Scoring) -> None:
        self._scoring = scoring
        self._live: Live | None = None
        self._told = scoring.found.rows[scoring.found.over_threshold]
        """Accounts that are not told of: those that were already, and those found innocent since."""
        self._lock = threading.Lock()

    def decided(
        self, confirmed: Iterable[str], cleared: Iterable[str], note: str, at: datetime
    ) -> tuple[Risk, ...]:
        """Risks of the accounts that these decisions bring over the threshold, highest score first.

        Accounts that the scoring did not know are passed over: they have no ties there.

        Args:
            confirmed: accounts that are confirmed now.
            cleared: accounts found innocent; those confirmed before are so no more.
            note: makes the ids of the risks unique within the run.
            at: when it was decided.
        """
        index = self._scoring.links.graph.index
        with self._lock:
            live, innocent = self._started(), index(list(cleared))
            live.retract(innocent, top=1)
            self._told = np.union1d(self._told, innocent)
            changed = live.confirm(index(list(confirmed)), top=_AFFECTED)
            rows = np.array([candidate.row for candidate in changed], np.int64)
            return self._over(np.sort(rows), live.counters.seeds, note, at)

    def _started(self) -> Live:
        if self._live is None:
            self._live = Live(self._scoring.links.graph)
            self._live.confirm(self._scoring.seeds, top=1)
        return self._live

    def _over(self, affected: IntArray, seeds: IntArray, note: str, at: datetime) -> tuple[Risk, ...]:
        found = self._scoring.found
        if not found.scored.learned or self._outdated(seeds):
            return ()
        waiting = np.setdiff1d(np.intersect1d(affected, found.rows), np.union1d(seeds, self._told))
        places = np.searchsorted(found.rows, waiting)
        score = found.score[places] + self._gained(waiting, seeds)
        over = score >= found.threshold
        if not over.any():
            return ()
        self._told = np.union1d(self._told, waiting[over])
        now_over = _as_found(found, places[over], score[over])
        run_id, links = self._scoring.run_id, self._scoring.links
        return self._scoring.mark(make_risks(links, now_over, seeds, run_id, at, 0, note=note))

    def _outdated(self, seeds: IntArray) -> bool:
        changed = len(np.setxor1d(seeds, self._scoring.seeds))
        return changed > max(_FEW, _SHARE * len(self._scoring.seeds))

    def _gained(self, rows: IntArray, seeds: IntArray) -> Matrix:
        """(rows,) what the score of each gains beyond what confirmed accounts gain themselves.

        With more confirmed accounts all counts grow. The threshold was set by held-out confirmed accounts
        when there were fewer, and would have grown with them.
        """
        if not len(rows):
            return np.zeros(0)
        sets = np.zeros((self._scoring.links.n, 2), np.float32)
        sets[self._scoring.seeds, 0] = 1
        sets[seeds, 1] = 1
        both = np.concatenate([rows, self._scoring.seeds])
        before, after = rescored(self._scoring.links, self._scoring.found.scored, sets, both)
        gained = after - before
        return gained[: len(rows)] - float(np.median(gained[len(rows) :]))


def _as_found(found: Found, places: NDArray[np.int64], score: Matrix) -> Found:
    """What was found, narrowed to accounts that are over the threshold with the scores they have now."""
    order = np.argsort(found.score)
    over = np.ones(len(places), np.bool_)
    roles = with_threshold(found.roles, places, over, _NOBODY)
    return msgspec.structs.replace(
        found,
        rows=found.rows[places],
        score=score,
        probability=np.interp(score, found.score[order], found.probability[order]),
        over_threshold=over,
        roles=roles.without_enforcement() if found.doubt else roles,
    )
