"""The network stage: scores the whole graph again when something happened."""

from __future__ import annotations

import time

from havenwall.engine import Batch, Output, Stream
from havenwall.model import Lane, ScoreRun, new_id, now
from havenwall.network.auditing import Auditing, flagged_by
from havenwall.network.between import Between, Scoring
from havenwall.network.config import ScoreConfig
from havenwall.network.evidence import VERSION, Links
from havenwall.network.find import find_network
from havenwall.network.graph import Graph, build_graph
from havenwall.network.hints import hints_of
from havenwall.network.precision import AuditConfig
from havenwall.network.reasons import make_risks, make_thing_risks
from havenwall.network.roles import Hints
from havenwall.network.view import AuditView, NetworkView


class NetworkStage:
    """From links and confirmed accounts to a Risk per account worth looking at."""

    name = "network"
    # Not what machines decide: that rests on scores, and a score must not set off the next scoring.
    reads = (Stream.EVENT, Stream.SIGNAL, Stream.REVIEW)
    notice_only = True

    def __init__(
        self,
        view: NetworkView,
        config: ScoreConfig | None = None,
        audits: AuditView | None = None,
        audit_config: AuditConfig | None = None,
    ) -> None:
        self._view = view
        self._config = config or ScoreConfig()
        self._audits = audits
        self._audit_config = audit_config or AuditConfig()
        self.between: Between | None = None
        """The newest scoring of this process, for what is decided before the next; None before the first."""

    def run(self, batch: Batch) -> Output:
        """One scoring of the whole graph per batch, however much is in it.

        Nothing comes out of an empty batch, or while no confirmed account has a link.
        """
        if not len(batch):
            return Output()
        began, at = time.perf_counter(), now()
        graph = build_graph(self._view.links())
        seeds, cleared = graph.index(self._view.seeds()), graph.index(self._view.cleared())
        if not len(seeds):
            return Output()
        found = find_network(graph, seeds, cleared, hints=self._hints(graph), config=self._config)
        run_id = new_id()
        links = Links(graph, self._config.hub)
        auditing = Auditing(self._audits, self._audit_config, graph, found)
        drawn = auditing.draw(run_id, at)
        risks = auditing.mark(make_risks(links, found, seeds, run_id, at, self._config.margin, drawn))
        run = ScoreRun(
            id=run_id,
            at=at,
            model=found.scored.model,
            version=VERSION,
            accounts=graph.n,
            links=graph.links,
            seeds=len(seeds),
            cleared=len(cleared),
            threshold=found.threshold,
            over_threshold=int(found.over_threshold.sum()),
            flagged=int(flagged_by(found).sum()),
            held_out_recall=found.held_out_recall,
            coefficients=found.scored.weights,
            members=found.members,
            doubt=found.doubt,
            lanes={lane.value: len(found.lane(lane)) for lane in Lane},
            seconds=time.perf_counter() - began,
        )
        self.between = Between(Scoring(run_id, links, found, seeds, auditing.mark))
        things = make_thing_risks(graph, found, seeds, run_id, at)
        return Output(runs=(auditing.noted(run),), risks=risks + things)

    def _hints(self, graph: Graph) -> Hints:
        return hints_of(graph.names, self._view.profiles())
