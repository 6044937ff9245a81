"""The policy stage: decides on new signals and risks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from havenwall.engine import Batch, Output, Stream
from havenwall.model import now
from havenwall.policy.decide import decide
from havenwall.policy.pack import RulePack
from havenwall.policy.view import PolicyView


class PolicyStage:
    """Signal and Risk → Decision."""

    name = "policy"
    reads: tuple[Stream, ...] = (Stream.SIGNAL, Stream.RISK)
    notice_only = False

    def __init__(self, pack: RulePack, view: PolicyView, clock: Callable[[], datetime] = now) -> None:
        self._pack = pack
        self._view = view
        self._clock = clock

    def run(self, batch: Batch) -> Output:
        """The pack's decisions on the batch, and the quota each rule used."""
        decided = decide(self._pack, batch, self._view, self._clock())
        spent = {rule: tally.suppressed for rule, tally in decided.tallies.items() if tally.suppressed}
        return Output(decisions=decided.decisions, spent=spent)
