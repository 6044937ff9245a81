"""Whether anchors have more in common than random accounts as visible as they are."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.network.discover.anchors import Anchors, Rows
from havenwall.network.discover.candidates import corroborated
from havenwall.network.discover.channels import Channel
from havenwall.network.discover.config import DiscoverConfig
from havenwall.network.graph import Graph


class Coherence(msgspec.Struct, frozen=True, eq=False):
    """How many anchors the other anchors vouch for, against chance."""

    vouched: NDArray[np.bool_]
    """(k,) anchors that share surprisingly much with the others."""
    by_chance: float
    """Mean number of such anchors in random sets."""
    p: float
    """Share of random sets, the real one counted in, that do as well: a permutation test."""


def coherence(ways: tuple[Channel, ...], anchors: Anchors, bins: Rows, config: DiscoverConfig) -> Coherence:
    """Compare the anchors with `config.draws` random sets of accounts of the same visibility.

    Args:
        ways: channels of the graph.
        anchors: the real ones.
        bins: (n,) see `visibility`; a stand-in comes from the bin of the anchor.
        config: `draws`, `seed`, `surprise`, `shared` and `hub` are used.
    """
    vouched = corroborated(ways, anchors, config) >= config.surprise
    rng = np.random.default_rng(config.seed)
    chance = np.array([_vouched(ways, _stand_ins(anchors, bins, rng), config) for _ in range(config.draws)])
    p = (1 + int((chance >= vouched.sum()).sum())) / (1 + config.draws)
    return Coherence(vouched, float(chance.mean()), p)


def visibility(graph: Graph) -> Rows:
    """(n,) bin of accounts with about as many followers and about as many things, by powers of two.

    Coarse on purpose: in a fine bin an unusual account would find nobody but its like.
    """
    followers = np.log2(graph.follows.flipped.degree + 1).astype(np.int64)
    things = np.log2(graph.shared.degree + 1).astype(np.int64)
    return np.unique(followers * 64 + things, return_inverse=True)[1].astype(np.int64)


def _vouched(ways: tuple[Channel, ...], anchors: Anchors, config: DiscoverConfig) -> int:
    return int((corroborated(ways, anchors, config) >= config.surprise).sum())


def _stand_ins(anchors: Anchors, bins: Rows, rng: np.random.Generator) -> Anchors:
    """The same beliefs on random accounts of the same bins."""
    order = np.argsort(bins, kind="stable")
    starts = np.searchsorted(bins[order], np.arange(bins.max() + 2))
    rows = np.empty(len(anchors), np.int64)
    own = bins[anchors.rows]
    for each in np.unique(own):
        members = order[starts[each] : starts[each + 1]]
        rows[own == each] = rng.permutation(members)[: (own == each).sum()]
    placed = np.argsort(rows)
    return Anchors(rows[placed], anchors.belief[placed], anchors.source[placed], anchors.things)
