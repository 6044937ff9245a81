import numpy as np
import pytest

from havenwall.network import FEATURES, from_edges
from havenwall.network.design import design, split
from havenwall.network.features import FeatureSet, Ties

EDGES = [(0, 2), (0, 3), (1, 2), (1, 3), (1, 4), (2, 0), (3, 2), (4, 2)]


def value(name, seeds, hub=400):
    src, dst = np.array(EDGES).T
    column = np.zeros((5, 1), np.float32)
    column[seeds] = 1
    feature = next(feature for feature in FEATURES if feature.name == name)
    return feature.compute(Ties(from_edges(src, dst, 5), hub), column)[:, 0].tolist()


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
    graph = from_edges(np.array([0, 1]), np.array([1, 0]), 12)
    ties = Ties(graph, 400)
    seeds = split(12, np.arange(2), 2, np.random.default_rng(0))
    table = design(ties, seeds, None, frozenset([FeatureSet.COUNTS]))
    links = table.values[:, table.names.index("links_to_seeds")]
    assert seeds.fold[0] != seeds.fold[1]
    assert links[0] == links[1] > links[2]
    alone = split(12, np.array([0]), 2, np.random.default_rng(0))
    seen = design(ties, alone, None, frozenset([FeatureSet.COUNTS]))
    column = seen.values[:, seen.names.index("links_to_seeds")]
    assert column[0] == column[2] < column[1]


def test_names_are_unique():
    assert len({feature.name for feature in FEATURES}) == len(FEATURES)
