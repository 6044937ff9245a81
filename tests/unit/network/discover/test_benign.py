from __future__ import annotations

import numpy as np
import pytest

from havenwall.network.discover.benign import Benign, benign_looking
from havenwall.network.graph import from_edges


def looks(graph, rows, cleared=(), crowd=2000):
    return benign_looking(graph, np.array(rows), np.array(cleared, np.int64), crowd)


def test_press_watches_a_network_of_which_press_is_no_part(town):
    rows = np.concatenate([town.traders, town.press])
    watching = looks(town.graph, rows)[Benign.WATCHES]
    assert watching[len(town.traders) :].all()
    assert watching[: len(town.traders)].mean() < 0.1


def test_watchers_do_not_hide_behind_each_other():
    """The last watcher follows few, and is followed by the others often enough to look like a member."""
    traders, watchers = np.arange(30), np.arange(30, 36)
    src = np.concatenate([np.repeat(watchers[:5], 30), np.repeat(watchers[5:], 6)])
    dst = np.concatenate([np.tile(traders, 5), traders[:6]])
    mutual = np.array([(one, other) for one in watchers for other in watchers if one != other]).T
    graph = from_edges(np.append(src, mutual[0]), np.append(dst, mutual[1]), 40)
    assert looks(graph, np.arange(36))[Benign.WATCHES].tolist() == [False] * 30 + [True] * 6


def test_a_buyer_does_not_watch_because_most_it_follows_is_ordinary():
    src = np.full(100, 20)
    graph = from_edges(src, np.concatenate([np.arange(10), np.arange(30, 120)]), 120)
    assert not looks(graph, np.arange(21))[Benign.WATCHES].any()


def test_a_ring_follows_back(town):
    assert looks(town.graph, town.ring)[Benign.FOLLOWS_BACK].all()
    assert looks(town.graph, town.traders)[Benign.FOLLOWS_BACK].mean() < 0.1


def test_the_star_is_known_to_all(town):
    rows = np.array([town.traders[0], town.star])
    assert looks(town.graph, rows, crowd=500)[Benign.KNOWN].tolist() == [False, True]


@pytest.mark.parametrize("cleared", [[], [3], [3, 5]])
def test_the_cleared_are_cleared(cleared):
    graph = from_edges(np.array([0]), np.array([1]), 9)
    assert looks(graph, [3, 4, 5], cleared)[Benign.CLEARED].tolist() == [3 in cleared, False, 5 in cleared]
