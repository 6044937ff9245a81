from __future__ import annotations

import numpy as np
import pytest

from havenwall.model import LinkKind
from havenwall.network.discover.channels import channels
from havenwall.network.graph import Graph, NumberNames, from_pairs


@pytest.fixture
def graph():
    follows = from_pairs(np.array([0, 0, 0, 1]), np.array([1, 2, 3, 2]), (4, 4))
    tags = from_pairs(np.array([0, 1, 2, 3, 0]), np.array([0, 0, 0, 0, 1]), (4, 2))
    names = NumberNames(range(4))
    return Graph(names, {LinkKind.FOLLOW: follows}, {LinkKind.TAG_USE: tags}, {})


def test_an_account_has_its_followers_and_its_tags(graph):
    followers, tags = channels(graph, 10, {})
    assert (followers.name, tags.name) == ("followers", "tags")
    assert followers.holds.row(2).tolist() == [0, 1]
    assert tags.holds.row(0).tolist() == [0, 1]


def test_who_follows_more_than_the_hub_says_nothing_and_popular_tags_little(graph):
    followers, tags = channels(graph, 2, {})
    assert followers.telling.tolist() == [0, 1, 1, 1]
    assert tags.telling.tolist() == [0.5, 1]


def test_listed_things_are_silent(graph):
    tags = channels(graph, 10, {LinkKind.TAG_USE: np.array([1])})[1]
    assert tags.telling.tolist() == [1, 0]
