from __future__ import annotations

import numpy as np

from havenwall.network.discover.anchors import AnchorKind, make_anchors
from havenwall.network.discover.channels import channels
from havenwall.network.discover.coherence import coherence, visibility
from havenwall.network.discover.config import DiscoverConfig

CONFIG = DiscoverConfig(draws=19)


def hits(rows):
    return make_anchors(np.sort(rows), np.ones(len(rows)), [AnchorKind.HASH] * len(rows))


def test_members_of_a_network_cohere(town):
    ways = channels(town.graph, CONFIG.hub, {})
    held = coherence(ways, hits(town.traders[:12]), visibility(town.graph), CONFIG)
    assert held.p == 1 / 20
    assert held.vouched.sum() >= 8
    assert held.by_chance < 3


def test_random_accounts_do_not(town):
    ways, bins = channels(town.graph, CONFIG.hub, {}), visibility(town.graph)
    others = np.setdiff1d(np.arange(town.graph.n), town.traders)
    rng = np.random.default_rng(5)
    shares = [coherence(ways, hits(rng.choice(others, 30, replace=False)), bins, CONFIG).p for _ in range(5)]
    assert np.median(shares) > 0.05


def test_the_same_seed_gives_the_same_answer(town):
    ways, bins = channels(town.graph, CONFIG.hub, {}), visibility(town.graph)
    one, other = (coherence(ways, hits(town.traders[:12]), bins, CONFIG) for _ in range(2))
    assert (one.p, one.by_chance) == (other.p, other.by_chance)
    assert (one.vouched == other.vouched).all()


def test_bins_hold_accounts_of_like_visibility(town):
    bins = visibility(town.graph)
    followers, things = town.graph.follows.flipped.degree, town.graph.shared.degree
    for each in np.unique(bins):
        inside = bins == each
        for size in (followers[inside] + 1, things[inside] + 1):
            assert size.max() < 2 * size.min()
