"""The behaviour stage: what accounts do over days and weeks, as Signals."""

from __future__ import annotations

from havenwall.detect.behaviour.view import BehaviourView
from havenwall.detect.behaviour.watch import Watch
from havenwall.engine import Batch, Output, Stream
from havenwall.model import BEHAVIOUR, Signal

_LIMIT = 250_000


class BehaviourStage:
    """Event → Signal, by rules that remember.

    The journal is the memory: nothing else is kept. A stage that starts, or finds that somebody else did its
    work meanwhile, reads the journal from the beginning, and gives out what is not yet kept; after that it
    reads what is new. So a crash, a second runner and a cursor set back all end with the same signals.
    """

    name = BEHAVIOUR
    reads: tuple[Stream, ...] = (Stream.EVENT,)
    notice_only = True

    def __init__(self, view: BehaviourView, limit: int = _LIMIT) -> None:
        self._view = view
        self._limit = limit
        self._watch, self._at = Watch(), 0
        # Given out but perhaps not kept, by id, with the position of what they rest on.
        self._open: dict[str, tuple[int, Signal]] = {}

    def run(self, batch: Batch) -> Output:
        """Signals of all that is new, and those given before whose keeping failed."""
        if not len(batch):
            return Output()
        done = self._view.done()
        if self._at < done:
            self._watch, self._at, self._open = Watch(), 0, {}
        self._open = {name: (at, signal) for name, (at, signal) in self._open.items() if at > done}
        while self._step(done):
            pass
        return Output(signals=tuple(signal for _, signal in self._open.values()))

    def _step(self, done: int) -> bool:
        events, at = self._view.read(self._at, self._limit)
        if not events.height:
            return False
        signals = self._watch.take(events)
        self._at = at
        if at > done:
            self._open |= {signal.id: (at, signal) for signal in signals}
        return True
