import numpy as np
import pytest

from havenwall.network import from_edges, seed_shares
from havenwall.network.evidence import Links

EDGES = [(0, 3), (3, 0), (5, 0), (5, 4), (6, 0), (6, 4), (1, 4)]


def shares(hub=400):
    src, dst = np.array(EDGES).T
    graph = from_edges(src, dst, 7, names=[f"account:{row}" for row in range(7)])
    return seed_shares(Links(graph, hub), np.array([0, 2]), np.array([3, 4]))


def test_names_the_seeds_that_are_tied():
    linked, loner = shares()
    assert loner == ()
    assert [(s.seed, s.links_to, s.links_from, s.shared_followers) for s in linked] == [
        ("account:3", 1, 1, 0),
        ("account:4", 0, 0, 2),
    ]
    assert sum(s.share for s in linked) == pytest.approx(1)


def test_followers_of_too_many_are_left_out():
    assert [s.seed for s in shares(hub=1)[0]] == ["account:3"]
