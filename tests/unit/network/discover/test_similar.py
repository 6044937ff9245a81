from __future__ import annotations

import numpy as np
import pytest

from havenwall.network.discover.channels import Channel
from havenwall.network.discover.config import DiscoverConfig
from havenwall.network.discover.similar import similarity
from havenwall.network.graph import from_pairs

RNG = np.random.default_rng(2)
HOLDS = from_pairs(RNG.integers(0, 60, 900), RNG.integers(0, 90, 900), (60, 90))
OTHER = from_pairs(RNG.integers(0, 60, 300), RNG.integers(0, 20, 300), (60, 20))
WAYS = (
    Channel("followers", HOLDS, (RNG.random(90) < 0.8).astype(np.float32)),
    Channel("tags", OTHER, np.ones(20, np.float32)),
)
ROWS = np.sort(RNG.choice(60, 25, replace=False))


def naive(way, left, right, shared):
    rarity = np.log(61 / np.maximum(way.holds.flipped.degree, 1)) * way.telling
    one, other = np.zeros(way.holds.columns), np.zeros(way.holds.columns)
    one[way.holds.row(left)] = 1
    other[way.holds.row(right)] = 1
    if (one * other * (way.telling > 0)).sum() < shared:
        return 0.0
    one, other = one * rarity, other * rarity
    return float(one @ other / np.sqrt((one @ one) * (other @ other)))


def test_likeness_is_the_noisy_or_of_the_weighted_cosines():
    config = DiscoverConfig(cosine=0.01, neighbours=25, shared=2)
    like = similarity(WAYS, ROWS, config).toarray()
    for at, left in enumerate(ROWS):
        for to, right in enumerate(ROWS):
            unlike = np.prod([1 - naive(way, left, right, 2) for way in WAYS])
            expected = 0 if at == to or 1 - unlike < 0.01 else 1 - unlike
            assert like[at, to] == pytest.approx(expected, abs=1e-4)


def test_weak_likeness_is_cut_and_only_the_strongest_links_stay():
    config = DiscoverConfig(cosine=0.2, neighbours=3)
    like = similarity(WAYS, ROWS, config)
    assert like.data.min() >= 0.2
    assert (like != like.T).nnz == 0
    full = similarity(WAYS, ROWS, DiscoverConfig(cosine=0.2, neighbours=25)).toarray()
    for at in range(len(ROWS)):
        own = np.sort(full[at])[::-1][:3]
        assert set(own[own > 0]) <= set(like[[at]].toarray()[0])


def test_accounts_without_anything_are_like_nobody():
    lonely = Channel("tags", from_pairs(np.empty(0, int), np.empty(0, int), (60, 4)), np.ones(4, np.float32))
    assert similarity((lonely,), ROWS, DiscoverConfig()).nnz == 0
