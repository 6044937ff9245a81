"""Risks of things: who is told of, in which order, with what sentences."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from tests.unit.network.town import MEMBERS, OTHERS, town_events

from havenwall.model import Lane
from havenwall.network import build_graph, find_network
from havenwall.network.reasons import make_thing_risks, of_things

AT = datetime(2026, 3, 1, tzinfo=UTC)


def links(more=()):
    rows = [(e.entity, e.target, e.link.value, e.at) for e in town_events()]
    schema = {"entity": pl.String, "target": pl.String, "link": pl.String}
    schema["since"] = pl.Datetime("us", "UTC")
    return pl.DataFrame([*rows, *more], schema, orient="row")


def risks(more=(), seeds=MEMBERS[:12]):
    graph = build_graph(links(more))
    rows = graph.index(seeds)
    return make_thing_risks(graph, find_network(graph, rows), rows, "run", AT)


@pytest.fixture(scope="module")
def told():
    return risks()


def test_the_network_s_tag_comes_first_and_the_ordinary_ones_not_at_all(told):
    assert [risk.entity for risk in told] == ["tag:bluewhistle"]


def test_a_thing_s_risk_is_a_share_and_no_reason_to_act(told):
    (risk,) = told
    assert risk.low < risk.probability < risk.high
    assert (risk.over_threshold, risk.lane, risk.id) == (False, Lane.NONE, "run:tag:bluewhistle")
    assert risk.use.users == 20
    assert risk.use.confirmed == 12
    assert set(risk.use.top) <= set(MEMBERS)
    assert risk.low > risk.use.base
    assert "confirmed or likely" in risk.reasons[0]


def test_a_tag_that_took_over_says_so():
    """The members take up another tag a month later."""
    moved = [
        (entity, "tag:tin-lantern", "tag_use", AT + n * timedelta(hours=1))
        for n, entity in enumerate(MEMBERS[:18])
    ]
    moved += [
        (entity, f"tag:topic-{n % 300}", "tag_use", AT + n * timedelta(minutes=1))
        for n, entity in enumerate(OTHERS[1000:2000])
    ]
    later = {risk.entity: risk.reasons for risk in risks(moved)}
    assert "Seems to have replaced tag:bluewhistle" in later["tag:tin-lantern"][1]
    assert len(later["tag:bluewhistle"]) == 1


def test_without_dates_nothing_replaced_anything():
    graph = build_graph(links([(m, "tag:tin-lantern", "tag_use", AT) for m in MEMBERS[:18]]).drop("since"))
    rows = graph.index(MEMBERS[:12])
    told = make_thing_risks(graph, find_network(graph, rows), rows, "run", AT)
    assert all(len(risk.reasons) == 1 for risk in told)
    assert len(told) == 2


def test_their_number_is_bounded(monkeypatch):
    monkeypatch.setattr(of_things, "MOST", 3)
    more = [(m, f"group:g{n}", "member", AT) for n in range(6) for m in MEMBERS[n : n + 15]]
    assert len(risks(more)) == 3


def test_a_graph_without_things_has_none(planted):
    graph, members = planted
    found = find_network(graph, np.sort(members[:20]))
    assert make_thing_risks(graph, found, np.sort(members[:20]), "run", AT) == ()
