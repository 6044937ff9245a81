"""The returns stage: tells a person which account may be a confirmed account again that was removed."""

from __future__ import annotations

from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from havenwall.engine import Batch, Output, Stream
from havenwall.model import RETURN, Signal, derived_id, now
from havenwall.network.returns import History, Reason, Return, ReturnConfig, find_returns, history_of
from havenwall.network.returns.pairs import lead_days
from havenwall.network.returns.scorecard import VERSION
from havenwall.network.view import ReturnsView

_Mark = tuple[object, frozenset[str]]


class ReturnsStage:
    """From how everything was to a Signal on each newcomer that may be a removed account again."""

    name = RETURN + "s"
    # Signals, because that an account is confirmed may come as one; its own are no news to it, see `_made`.
    reads = (Stream.EVENT, Stream.SIGNAL, Stream.REVIEW)
    notice_only = True

    def __init__(self, view: ReturnsView, config: ReturnConfig | None = None) -> None:
        self._view = view
        self._config = config or ReturnConfig()
        # What was concluded from what. Kept whole, not as a mere note that it was done: a batch that was not
        # committed is asked for again. Ids are the same then, so nothing is doubled.
        self._made: tuple[_Mark | None, tuple[Signal, ...]] = (None, ())

    def run(self, batch: Batch) -> Output:
        """Compare all newcomers with all removed accounts, if anything that matters has changed.

        Nothing comes out while no confirmed account was removed; that is found out without reading any link.
        """
        if not len(batch):
            return Output()
        mark = (self._view.mark(), frozenset(self._view.confirmed()))
        if mark != self._made[0]:
            self._made = (mark, self._signals(mark[1]))
        return Output(signals=self._made[1])

    def _signals(self, confirmed: frozenset[str]) -> tuple[Signal, ...]:
        if not confirmed or confirmed.isdisjoint(self._view.removed()["entity"]):
            return ()
        at, history = now(), history_of(self._view.history())
        # Other removed accounts are rivals: whom a newcomer is more like, that one it more likely is.
        found = find_returns(history, config=self._config)
        return tuple(_signal(history, one, at) for one in found if one.former in confirmed)


def _signal(history: History, found: Return, at: datetime) -> Signal:
    return Signal(
        id=derived_id(RETURN, found.former, found.successor),
        entity=found.successor,
        detector=RETURN,
        version=VERSION,
        strength=found.probability,
        at=at,
        evidence={
            "former": found.former,
            "days": _days(history, found),
            **{reason.factor: _sentence(reason) for reason in found.reasons},
        },
    )


def _days(history: History, found: Return) -> str:
    """Days from the removal to the newcomer's creation; empty where nobody told."""
    lead = lead_days(history, _row(history, found.former), _row(history, found.successor))[0]
    return "" if np.isnan(lead) else f"{-lead:.1f}"


def _row(history: History, name: str) -> NDArray[np.int64]:
    return np.array([history.graph.names.row(name)], np.int64)


def _sentence(reason: Reason) -> str:
    text = reason.text[0].upper() + reason.text[1:] if reason.log_odds > 0 else f"Against it: {reason.text}"
    return f"{text} ({', '.join(reason.shared)})." if reason.shared else f"{text}."
