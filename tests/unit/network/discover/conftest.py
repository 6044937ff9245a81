from __future__ import annotations

import msgspec
import numpy as np
import pytest

from havenwall.model import LinkKind
from havenwall.network.discover import AnchorKind, Anchors, make_anchors
from havenwall.network.graph import Graph, Names, from_pairs

N = 3_000


class Town(msgspec.Struct, frozen=True, eq=False):
    """A small platform with a network among denser benign blocks."""

    graph: Graph
    traders: np.ndarray
    ring: np.ndarray
    club: np.ndarray
    press: np.ndarray
    star: int


def _all_pairs(rows, share, rng):
    left, right = np.meshgrid(rows, rows)
    kept = (rng.random(left.shape) < share) & (left != right)
    return left[kept], right[kept]


def _some(followers, each, followed, rng, weight=None):
    return np.repeat(followers, each), rng.choice(followed, each * len(followers), p=weight)


def make_town(seed: int = 0) -> Town:
    rng = np.random.default_rng(seed)
    order = rng.permutation(N)
    sizes = {"traders": 60, "buyers": 240, "ring": 40, "club": 60, "fans": 300, "press": 8}
    bounds = np.cumsum([0, *sizes.values()])
    who = {name: order[bounds[at] : bounds[at + 1]] for at, name in enumerate(sizes)}
    rest, star = order[bounds[-1] :], int(order[-1])
    popular = rng.lognormal(0, 1.5, N)
    pairs = [
        _some(np.arange(N), 6, np.arange(N), rng, popular / popular.sum()),
        _some(np.arange(N)[rng.random(N) < 0.4], 1, np.array([star]), rng),
        _some(who["buyers"], 10, who["traders"], rng),
        _some(rest[: len(rest) // 2], 1, who["traders"], rng),
        _some(who["traders"], 3, who["traders"], rng),
        _some(who["fans"], 12, who["club"], rng),
        _all_pairs(who["club"], 0.2, rng),
        _all_pairs(who["ring"], 0.9, rng),
        _some(who["press"], 30, who["traders"], rng),
        _all_pairs(who["press"], 0.7, rng),
    ]
    follows = from_pairs(*(np.concatenate(ends) for ends in zip(*pairs, strict=True)), (N, N), loops=False)
    tags = [
        _some(who["traders"], 2, np.arange(5), rng),
        _some(rng.choice(rest, 40), 1, np.arange(5), rng),
        _some(np.arange(N), 3, np.arange(5, 105), rng),
        _some(np.arange(N)[rng.random(N) < 0.5], 1, np.array([105]), rng),
    ]
    used = from_pairs(*(np.concatenate(ends) for ends in zip(*tags, strict=True)), (N, 106))
    names = Names.from_list([f"account:{row:05}" for row in range(N)])
    things = Names.from_list([f"tag:tag-{row:03}" for row in range(106)])
    graph = Graph(names, {LinkKind.FOLLOW: follows}, {LinkKind.TAG_USE: used}, {LinkKind.TAG_USE: things})
    return Town(graph, *(np.sort(who[name]) for name in ("traders", "ring", "club", "press")), star)


def make_signals(town: Town, seed: int = 0) -> Anchors:
    """Hash hits on 8 traders, reports half of which are wrong, terms on 4 traders and 12 others."""
    rng = np.random.default_rng(seed)
    others = np.setdiff1d(np.arange(N), town.traders)
    rows = [rng.choice(town.traders, 8, replace=False)]
    rows += [rng.choice(town.traders, 10, replace=False), rng.choice(others, 10, replace=False)]
    rows += [rng.choice(town.traders, 4, replace=False), rng.choice(others, 12, replace=False)]
    kinds = [AnchorKind.HASH] * 8 + [AnchorKind.REPORT] * 20 + [AnchorKind.TERM] * 16
    strengths = np.array([1.0] * 8 + [0.3] * 20 + [0.5] * 16)
    return make_anchors(np.concatenate(rows), strengths, kinds)


@pytest.fixture(scope="session")
def town():
    return make_town()


@pytest.fixture(scope="session")
def signals(town):
    return make_signals(town)
