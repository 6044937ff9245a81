"""Drawing, redrawing and recalibrating around a scoring."""

from datetime import timedelta

import msgspec
import numpy as np
import pytest
from tests.unit.network.precision.drawn import START, good, run
from tests.unit.network.stages.test_scoring import NOTICE, View, names

from havenwall.model import Answered
from havenwall.network import NetworkStage, ScoreConfig, find_network
from havenwall.network.auditing import Auditing, changed, flagged_by, recalibrated
from havenwall.network.precision import AuditConfig

CONFIG = AuditConfig(size=40)


class Audits:
    """Runs as they would be kept, answers as they would be given."""

    def __init__(self, runs=(), said=None, before=()):
        self.runs, self.said, self.before = list(runs), said or {}, set(before)

    def newest_run(self):
        return self.runs[-1] if self.runs else None

    def draws(self, limit):
        drawn = [run for run in reversed(self.runs) if run.draw]
        return [
            Answered(
                run_id=run.id,
                at=run.at,
                threshold=run.threshold,
                held_out_recall=run.held_out_recall,
                seeds=run.seeds,
                draw=run.draw,
                answers=tuple(self.said.get(one.entity) for one in run.draw.drawn),
            )
            for run in drawn[:limit]
        ]

    def flagged(self, run_id):
        return self.before


@pytest.fixture
def scored(planted):
    graph, members = planted
    return graph, find_network(graph, members[:40])


@pytest.fixture
def stage(planted):
    graph, members = planted

    def make(audits, margin=25):
        view = View(graph, names(graph, members[:40]))
        return NetworkStage(view, ScoreConfig(margin=margin), audits, CONFIG)

    return make


def test_the_drawn_are_reported_and_marked(stage):
    output = stage(Audits()).run(NOTICE)
    (run,) = output.runs
    marked = {risk.entity: risk.sampled for risk in output.risks if risk.sampled is not None}
    assert marked == {one.entity: one.chance for one in run.draw.drawn}
    assert len(marked) == 40
    assert run.drawn_in == run.id
    assert any(not risk.over_threshold for risk in output.risks if risk.sampled)
    scores = [risk.score for risk in output.risks if risk.entity.startswith("account:")]
    assert scores == sorted(scores, reverse=True)


def test_no_draw_without_a_view_or_when_switched_off(stage, planted):
    graph, members = planted
    assert stage(None).run(NOTICE).runs[0].draw is None
    view = View(graph, names(graph, members[:40]))
    off = NetworkStage(view, audits=Audits(), audit_config=AuditConfig(size=0))
    assert off.run(NOTICE).runs[0].draw is None


def test_an_open_draw_is_not_drawn_over_and_stays_marked(stage):
    first = stage(Audits()).run(NOTICE).runs[0]
    audits = Audits([first], before=["account:unlike"])
    output = stage(audits).run(NOTICE)
    (second,) = output.runs
    assert second.draw is None
    assert second.drawn_in == first.id
    reported = {risk.entity for risk in output.risks}
    waiting = {one.entity for one in first.draw.drawn} & reported
    assert waiting == {risk.entity for risk in output.risks if risk.sampled}


def test_an_answered_draw_is_followed_by_another(stage):
    first = stage(Audits()).run(NOTICE).runs[0]
    audits = Audits([first], {one.entity: True for one in first.draw.drawn})
    second = stage(audits).run(NOTICE).runs[0]
    assert second.draw.before == first.id
    assert {one.entity for one in second.draw.drawn} != {one.entity for one in first.draw.drawn}


@pytest.mark.parametrize(("days", "same", "again"), [(0, False, False), (2, True, False), (2, False, True)])
def test_an_open_draw_gives_way_after_a_day_if_a_fifth_has_changed(scored, days, same, again):
    graph, found = scored
    flagged = graph.names.many(found.rows[flagged_by(found)])
    old = good(flagged=len(flagged))
    old = msgspec.structs.replace(old, answers=(None, *old.answers[1:]))
    kept = run(id=old.run_id, at=START, draw=old.draw)
    audits = Audits([kept], before=flagged if same else flagged[: len(flagged) // 2])
    auditing = Auditing(audits, CONFIG, graph, found)
    assert bool(len(auditing.draw("new", START + timedelta(days=days)))) == again


def test_change_is_measured_against_what_was():
    assert changed({"a", "b"}, {"a", "b"}) == 0
    assert changed({"a", "b"}, {"a", "c"}) == 1
    assert changed(set(), {"a"}) == 1


def test_probabilities_wait_for_enough_answers(scored):
    _, found = scored
    assert recalibrated([good(day=2), good(day=1)], found, CONFIG) is None
    assert recalibrated([good(day=3), good(day=2), good(day=1)], found, CONFIG) is not None


def test_answers_move_probabilities_and_bring_intervals(stage):
    first = stage(Audits()).run(NOTICE).runs[0]
    runs = [msgspec.structs.replace(first, id=f"r{n}") for n in range(4)]
    nobody = {one.entity: False for one in first.draw.drawn}
    everybody = {one.entity: True for one in first.draw.drawn}
    low = stage(Audits(runs, nobody)).run(NOTICE)
    high = stage(Audits(runs, everybody)).run(NOTICE)
    assert low.runs[0].calibrated
    for output in (low, high):
        accounts = [risk for risk in output.risks if risk.low is not None]
        assert accounts
        assert all(0 <= risk.low <= risk.probability <= risk.high <= 1 for risk in accounts)
    top = [np.mean([risk.probability for risk in output.risks[:20]]) for output in (low, high)]
    assert top[0] < 0.3 < 0.7 < top[1]


def test_the_same_scoring_draws_the_same(scored):
    graph, found = scored
    places = [Auditing(Audits(), CONFIG, graph, found).draw("run", START).tolist() for _ in range(2)]
    assert places[0] == places[1]
