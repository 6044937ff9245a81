from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest
from tests.unit.network.stages.test_scoring import NOTICE, View, names

from havenwall.engine import Batch
from havenwall.model import Decision, Verb
from havenwall.network import NeighboursStage, NetworkStage
from havenwall.network.between import Between, Scoring

AT = datetime(2026, 1, 5, tzinfo=UTC)


def decided(verb, entities, name="D1"):
    one = Decision(id=name, verb=verb, entities=tuple(entities), by="user:ann", why="looked", at=AT)
    return Batch(decisions=(one,), new=1)


@pytest.fixture
def scored(planted):
    graph, members = planted
    view = View(graph, names(graph, members[:30]))
    network = NetworkStage(view)
    output = network.run(NOTICE)
    return network, view, output, graph, members


def over(risks):
    return {risk.entity for risk in risks if risk.over_threshold}


def test_a_confirmation_brings_members_over_the_threshold_at_once(scored):
    network, view, output, graph, members = scored
    more = names(graph, members[30:36])
    risks = NeighboursStage(network).run(decided(Verb.CONFIRM, more)).risks
    hidden = set(names(graph, members[36:]))
    assert risks
    assert over(risks) <= hidden
    assert not {risk.entity for risk in risks} & ({*more, *view.seeds()} | over(output.risks))
    assert all(risk.over_threshold and risk.run_id == output.runs[0].id for risk in risks)
    assert all(risk.score >= output.runs[0].threshold and risk.seeds for risk in risks)


def test_it_tells_of_nobody_twice_and_comes_to_rest(scored):
    network, _, _, graph, members = scored
    stage, batch = NeighboursStage(network), decided(Verb.CONFIRM, names(graph, members[30:36]))
    first = {risk.id for risk in stage.run(batch).risks}
    assert not stage.run(batch).risks
    again = stage.run(decided(Verb.CONFIRM, names(graph, members[36:37]), "D2")).risks
    assert not first & {risk.id for risk in again}
    assert not {name.split(":D")[0] for name in first} & {risk.id.split(":D")[0] for risk in again}


def test_who_was_found_innocent_is_not_told_of_and_vouches_for_nobody(scored):
    network, _, _, graph, members = scored
    stage = NeighboursStage(network)
    told = [risk.entity for risk in stage.run(decided(Verb.CONFIRM, names(graph, members[30:36]))).risks]
    fresh = NetworkStage(View(graph, names(graph, members[:30])))
    fresh.run(NOTICE)
    stage = NeighboursStage(fresh)
    assert not stage.run(decided(Verb.CLEAR, told[:3])).risks
    after = [r.entity for r in stage.run(decided(Verb.CONFIRM, names(graph, members[30:36]), "D2")).risks]
    assert not set(told[:3]) & set(after)
    wrong = names(graph, np.setdiff1d(np.arange(graph.n), members)[:2])
    stage.run(decided(Verb.CONFIRM, wrong, "D3"))
    stage.run(decided(Verb.CLEAR, wrong, "D4"))
    counted = fresh.between._live.counters.seeds
    assert set(names(graph, counted)) == {*names(graph, members[:36])}


def test_nothing_before_the_first_scoring_nor_for_strangers(scored, planted):
    graph, _ = planted
    assert not NeighboursStage(NetworkStage(View(graph, []))).run(decided(Verb.CONFIRM, ["account:x"])).risks
    assert not NeighboursStage(scored[0]).run(decided(Verb.CONFIRM, ["account:unheard-of"])).risks
    assert not NeighboursStage(scored[0]).run(Batch()).risks


def test_many_at_once_wait_for_a_scoring_that_learns_from_them(scored):
    network, _, _, graph, members = scored
    assert not NeighboursStage(network).run(decided(Verb.CONFIRM, names(graph, members[30:60]))).risks


def test_what_audits_say_is_put_on_neighbours_too(scored):
    network, _, _, graph, members = scored
    scoring = network.between._scoring
    marked = Scoring(
        scoring.run_id,
        scoring.links,
        scoring.found,
        scoring.seeds,
        lambda risks: tuple(msgspec.structs.replace(risk, probability=0.25) for risk in risks),
    )
    network.between = Between(marked)
    risks = NeighboursStage(network).run(decided(Verb.CONFIRM, names(graph, members[30:36]))).risks
    assert risks
    assert {risk.probability for risk in risks} == {0.25}
