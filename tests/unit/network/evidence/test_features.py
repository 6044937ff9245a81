import numpy as np
import polars as pl
import pytest

from havenwall.model import LinkKind
from havenwall.network import FEATURES, FeatureSet, build_graph, from_edges
from havenwall.network.evidence import Links, Seen
from havenwall.network.evidence.design import design, split

EDGES = [(0, 2), (0, 3), (1, 2), (1, 3), (1, 4), (2, 0), (3, 2), (4, 2)]


def value(name, seeds, hub=400):
    src, dst = np.array(EDGES).T
    column = np.zeros((5, 1), np.float32)
    column[seeds] = 1
    feature = next(feature for feature in FEATURES if feature.name == name)
    return feature.compute(Seen(Links(from_edges(src, dst, 5), hub), column))[:, 0].tolist()


@pytest.mark.parametrize(
    ("name", "seeds", "expected"),
    [
        ("links_to_seeds", [2], [1, 1, 0, 1, 1]),
        ("links_from_seeds", [2], [1, 0, 0, 0, 0]),
        ("mutual_links", [2], [1, 0, 0, 0, 0]),
        ("shared_followers", [3], [0, 0, 2, 2, 1]),
        ("followers_of_two_seeds", [2, 3], [0, 0, 2, 2, 1]),
        ("followers", [2], [1, 0, 4, 2, 1]),
    ],
)
def test_by_hand(name, seeds, expected):
    assert value(name, seeds) == expected


def test_followers_of_too_many_say_nothing():
    assert value("shared_followers", [3], hub=2) == [0, 0, 1, 1, 0]


def test_a_seed_does_not_see_its_own_fold():
    # Everybody follows everybody, but the last account, which follows nobody.
    graph = from_edges(np.arange(11).repeat(12), np.tile(np.arange(12), 11), 12)
    seeds = split(12, np.arange(4), 2, np.random.default_rng(0))
    table = design(Links(graph, 400), seeds, None, frozenset([FeatureSet.COUNTS]))
    column = table.names.index("links_to_seeds")
    links = np.expm1(table.values[:, column] * table.spread[column] + table.centre[column])
    # Two of the four seeds are in each column; a seed's own fold, itself among them, is hidden from it.
    np.testing.assert_allclose(links[:11], 2, atol=1e-4)


def test_names_are_unique():
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_some_rows_give_what_all_rows_give(feature, planted):
    graph, members = planted
    links, rows = Links(graph, 400), np.array([700, 3, 11])
    columns = split(graph.n, members[:20], 2, np.random.default_rng(0)).columns
    whole, part = feature.compute(Seen(links, columns)), feature.compute(Seen(links, columns, rows))
    np.testing.assert_allclose(part, whole[rows], rtol=1e-5)


def test_a_rare_tag_says_more_than_a_popular_one():
    links = pl.DataFrame(
        {
            "entity": [f"account:{row:02}" for row in (*range(40), 0, 1, 2)],
            "target": ["tag:popular"] * 40 + ["tag:rare"] * 3,
            "link": ["tag_use"] * 43,
            "weight": [1.0] * 43,
        }
    )
    graph = build_graph(links)
    column = np.zeros((graph.n, 1), np.float32)
    column[:2] = 1
    tags = Seen(Links(graph, 400), column).shared(LinkKind.TAG_USE)[:, 0]
    assert tags[2] > 0.5
    assert tags[20] < 0.2
