import numpy as np
import polars as pl
import pytest

from havenwall.model import Lane
from havenwall.network import ScoreConfig, build_graph, find_network, from_edges
from havenwall.network.roles import Hints

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


def ring_and_crowd(rng, ring=60, crowd=1500):
    """Accounts that follow each other back, among people who follow whomever."""
    pairs = [(a, b) for a in range(ring) for b in rng.choice(ring, 14, replace=False) if a != b]
    back = [(b, a) for a, b in pairs]
    n = ring + crowd
    others = np.column_stack([rng.integers(0, n, 12_000), rng.integers(ring, n, 12_000)])
    ties = np.unique(np.concatenate([pairs, back, others[others[:, 0] != others[:, 1]]]), axis=0)
    return from_edges(ties[:, 0], ties[:, 1], n)


def test_a_ring_of_mutual_follows_confirmed_in_error_makes_nobody_sure():
    graph = ring_and_crowd(np.random.default_rng(0))
    found = find_network(graph, np.arange(25))
    assert "follow each other back" in found.doubt
    assert not found.over_threshold.any()
    assert not len(found.lane(Lane.ENFORCEMENT))
    assert found.probability.max() <= 0.5
    assert set(found.rows[found.order[:20]]) <= set(range(25, 60))


def test_the_same_ring_with_content_matched_is_a_network():
    graph = ring_and_crowd(np.random.default_rng(0))
    matched = np.zeros(graph.n, np.float32)
    matched[:15] = 0.9
    found = find_network(graph, np.arange(25), hints=Hints(own_signals=matched))
    assert found.doubt == ""
    assert found.over_threshold.any()


def test_where_every_follow_is_answered_a_ring_says_nothing():
    directed = ring_and_crowd(np.random.default_rng(0))
    src, dst = directed.follows.sources(), directed.follows.indices.astype(np.int64)
    graph = from_edges(np.concatenate([src, dst]), np.concatenate([dst, src]), directed.n)
    assert find_network(graph, np.arange(25)).doubt == ""


def test_a_network_that_the_roles_do_not_recognise_is_for_people():
    rng = np.random.default_rng(1)
    quiet, crowd = 60, 1500
    tags = [(f"account:{a:04}", f"tag:t{t}") for a in range(quiet) for t in rng.choice(6, 3, replace=False)]
    tags += [
        (f"account:{a:04}", f"tag:o{t}") for a in range(crowd) for t in rng.choice(300, 3, replace=False)
    ]
    follows = rng.integers(0, crowd, (9000, 2))
    ties = [(f"account:{a:04}", f"account:{b:04}") for a, b in follows if a != b]
    both = pl.DataFrame(dict(zip(("entity", "target"), zip(*(tags + ties), strict=True), strict=True)))
    kind = (
        pl.when(pl.col("target").str.starts_with("tag:")).then(pl.lit("tag_use")).otherwise(pl.lit("follow"))
    )
    graph = build_graph(both.unique().with_columns(link=kind, weight=pl.lit(1.0)))
    found = find_network(graph, graph.index([f"account:{a:04}" for a in range(25)]))
    assert "roles" in found.doubt
    assert found.over_threshold.any()
    assert not len(found.lane(Lane.ENFORCEMENT))
    assert found.roles.needs_person[found.over_threshold].all()


def test_a_network_larger_than_the_accounts_that_are_typed_at_least_is_found(planted):
    """With a pool of 100, at most 20 could be members; 80 hidden ones would drown each other."""
    graph, members = planted
    found = find_network(graph, members[:40], config=ScoreConfig(typed=100))
    assert len(found.rows) > 100
    assert found.members > 40
    assert np.isin(found.rows[found.over_threshold], members).sum() > 40
