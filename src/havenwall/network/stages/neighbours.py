"""The neighbours stage: whom a decision brings over the threshold, without scoring the whole graph."""

from __future__ import annotations

from havenwall.engine import Batch, Output, Stream
from havenwall.model import Verb
from havenwall.network.stages.scoring import NetworkStage


class NeighboursStage:
    """From a decision to Risks of the accounts near by, in less than a second.

    It rests on the last scoring of this process and adds nothing where there is none: the next scoring reads
    the same decisions, so that what this stage passes over is late and not lost.
    """

    name = "neighbours"
    reads = (Stream.REVIEW,)
    notice_only = False

    def __init__(self, network: NetworkStage) -> None:
        self._network = network

    def run(self, batch: Batch) -> Output:
        """Risks of the accounts that come over the threshold by the batch's decisions, taken in order."""
        between = self._network.between
        if between is None or not batch.decisions:
            return Output()
        known: dict[str, bool] = {}
        for decision in batch.decisions:
            if decision.verb in (Verb.CONFIRM, Verb.CLEAR):
                known |= dict.fromkeys(decision.entities, decision.verb is Verb.CONFIRM)
        last = batch.decisions[-1]
        confirmed = [entity for entity, member in known.items() if member]
        cleared = [entity for entity, member in known.items() if not member]
        return Output(risks=between.decided(confirmed, cleared, last.id, last.at))
