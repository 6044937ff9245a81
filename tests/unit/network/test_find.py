import numpy as np
import polars as pl
import pytest

from havenwall.model import Lane
from havenwall.network import build_graph, find_network, from_edges

NOBODY = np.empty(0, np.int64)


def circle(n):
    return from_edges(np.arange(n), np.roll(np.arange(n), 1), n)


def loners(n):
    names = [f"{row:02}" for row in range(n)]
    uses = {"entity": [f"account:{name}" for name in names], "target": [f"tag:{name}" for name in names]}
    return build_graph(pl.DataFrame(uses).with_columns(link=pl.lit("tag_use"), weight=pl.lit(1.0)))


@pytest.mark.parametrize(
    ("graph", "seeds", "cleared"),
    [
        (circle(3), np.arange(3), NOBODY),
        (circle(12), np.arange(12), NOBODY),
        (circle(12), np.arange(6), np.arange(6, 12)),
        (circle(12), np.arange(10), np.arange(10, 12)),
        (loners(30), np.arange(12), NOBODY),
        (loners(30), np.arange(3), NOBODY),
    ],
    ids=["few, all confirmed", "all confirmed", "few, rest cleared", "rest cleared", "alike", "few, alike"],
)
def test_where_nothing_can_be_told_nobody_is_over_the_threshold(graph, seeds, cleared):
    found = find_network(graph, seeds, cleared)
    assert len(found.rows) == graph.n - len(seeds) - len(cleared)
    assert not found.over_threshold.any()
    assert not len(found.lane(Lane.ENFORCEMENT))
    assert (found.score < found.threshold).all()


def test_members_are_found_and_labelled_accounts_are_no_candidates(planted):
    graph, members = planted
    cleared = np.setdiff1d(np.arange(graph.n), members)[:5]
    found = find_network(graph, members[:40], cleared)
    assert not np.isin(found.rows, np.append(members[:40], cleared)).any()
    assert np.isin(found.rows[found.order[:60]], members).mean() > 0.8
    assert (np.diff(found.probability[np.argsort(found.score)]) >= -1e-9).all()
    np.testing.assert_array_equal(found.roles.rows, found.rows)


def test_only_what_is_over_the_threshold_is_in_the_enforcement_lane(planted):
    graph, members = planted
    found = find_network(graph, members[:40])
    assert np.isin(found.lane(Lane.ENFORCEMENT), found.rows[found.over_threshold]).all()
