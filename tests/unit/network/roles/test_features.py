from collections import defaultdict

import numpy as np
import pytest

from havenwall.model import LinkKind
from havenwall.network.graph import Graph, NumberNames, from_pairs
from havenwall.network.roles import FEATURES, Hints, find_near, role_features

NOBODY = np.empty(0, np.int64)


@pytest.fixture(scope="module")
def near(village):
    return find_near(village.graph, village.seeds, NOBODY, Hints(), None)


@pytest.fixture(scope="module")
def features(village, near):
    return role_features(village.graph, near, Hints(), np.arange(village.n))


def test_counts_equal_the_naive_ones(village, near, features):
    follows, followers = defaultdict(set), defaultdict(set)
    for source, target in village.pairs:
        follows[source].add(target)
        followers[target].add(source)
    rows = np.concatenate([village.rows[kind][:3] for kind in ("trader", "buyer", "victim", "press")])
    for row in rows.tolist():
        found = features.of(row)
        own = near.buyers[:, int(near.seeds[row])]
        assert found["following"] == len(follows[row])
        assert found["followers"] == len(followers[row])
        assert found["seeds_followed"] == sum(near.seeds[t] for t in follows[row])
        assert found["buyers"] == pytest.approx(sum(own[s] for s in followers[row]), rel=1e-5)
        both = follows[row] & followers[row]
        assert found["buyers_answered"] == pytest.approx(sum(own[s] for s in both), rel=1e-5)
        assert found["traders_mutual"] == pytest.approx(sum(near.traders[s] for s in both), rel=1e-5)
        assert found["traders_followed"] == pytest.approx(
            sum(near.traders[t] for t in follows[row]), rel=1e-5
        )


def test_some_rows_have_the_features_they_have_among_all(village, near, features):
    rows = np.random.default_rng(0).permutation(village.n)[:50]
    some = role_features(village.graph, near, Hints(), rows)
    assert np.allclose(some.values, features.values[rows], equal_nan=True)


def test_no_rows_are_no_trouble(village, near):
    assert role_features(village.graph, near, Hints(), NOBODY).values.shape == (0, len(FEATURES))


def test_all_are_known_and_not_negative_but_hints(features):
    hints = {"newness", "minor", "own_signals", "reports", "verified"}
    for feature in FEATURES:
        column = features.column(feature.name)
        if feature.name in hints:
            assert np.isnan(column).all()
        else:
            assert column.min() >= 0


def test_hints_are_looked_up(village, near):
    created = np.zeros(village.n, np.int64)
    created[:4] = [0, 10, 20, 30]
    minor = np.arange(village.n) == 2
    some = role_features(village.graph, near, Hints(created=created, minor=minor), np.arange(4))
    assert some.column("minor").tolist() == [0, 0, 1, 0]
    assert np.isnan(some.column("newness")[0])
    assert some.column("newness")[1:] == pytest.approx([0, 1 / 3, 2 / 3])


def test_shared_things_tell_but_not_by_oneself(village, near, features):
    tags = features.column("tags")
    users = np.setdiff1d(village.rows["trader"][8:14], village.seeds)
    assert tags[users].min() > 0
    # One of the confirmed users of a tag is told by the other one alone.
    assert 0 < tags[village.seeds[-1]] < tags[users[0]]
    assert tags[village.rows["trader"][0]] == 0


def test_likes_and_comments_are_touches():
    n = 30
    follows = from_pairs(np.array([5, 5, 6, 6]), np.array([0, 1, 0, 1]), (n, n))
    likes = from_pairs(np.array([7, 0]), np.array([0, 8]), (n, n))
    graph = Graph(NumberNames(range(n)), {LinkKind.FOLLOW: follows, LinkKind.LIKE: likes}, {}, {})
    near = find_near(graph, np.array([0, 1]), NOBODY, Hints(), None)
    some = role_features(graph, near, Hints(), np.array([7, 8]))
    assert some.column("touches").tolist() == [1, 0]
    assert some.column("touched_by").tolist() == [0, 1]


def test_a_hub_ties_more_together_than_traders(village, features):
    hub = features.column("hub_lift")[village.rows["hub"]]
    assert hub.min() > np.quantile(features.column("hub_lift")[village.rows["trader"]], 0.9)
    assert features.column("hub_lift")[village.rows["press"]].max() < 0.1
