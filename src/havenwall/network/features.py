"""What an account's ties to the confirmed accounts look like, as numbers; one sparse product each.

Every feature is computed for f seed columns at once, each column leaving out one fold of the seeds,
so that a seed's own value can be read from the column it is absent from.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cached_property

import msgspec
import numpy as np
from scipy.sparse import csr_array, diags_array

from havenwall.network.graph import Graph
from havenwall.network.pagerank import Direction, FloatArray, pagerank, transition


class FeatureSet(StrEnum):
    """Which features a model may use; the best set is chosen on held-out seeds."""

    COUNTS = "counts"
    """Numbers of links and shared accounts. They survive camouflage: following the innocent adds nothing."""
    WALKS = "walks"
    """Shares and random walks. Best where degrees differ without meaning; camouflage dilutes them."""
    CLOSED = "closed"
    """Links weighted by the triangles they close. Random links close none. Costs a sparse matrix product."""


class Ties:
    """The matrices that features share, each made when first asked for."""

    def __init__(self, graph: Graph, hub: int) -> None:
        self.along = graph.follows
        self.ties = graph.ties
        self.shared = graph.shared
        self.hub = hub

    @cached_property
    def against(self) -> csr_array:
        """(n, n) followed by follower."""
        return self.along.T.tocsr()

    @cached_property
    def mutual(self) -> csr_array:
        """(n, n) 1 where both follow each other."""
        return self.along.multiply(self.against).tocsr()

    @cached_property
    def either(self) -> csr_array:
        """(n, n) 1 where one follows the other."""
        both = (self.along + self.against).tocsr()
        both.data = np.ones_like(both.data)
        return both

    @cached_property
    def following(self) -> FloatArray:
        """(n, 1) how many each account follows."""
        return self.along.sum(axis=1).astype(np.float32)[:, None]

    @cached_property
    def followers(self) -> FloatArray:
        """(n, 1) how many follow each account."""
        return self.along.sum(axis=0).astype(np.float32)[:, None]

    @cached_property
    def selective(self) -> FloatArray:
        """(n, 1) 1 for accounts that follow few enough to say something by it."""
        return (self.following <= self.hub).astype(np.float32)

    @cached_property
    def ordinary(self) -> FloatArray:
        """(n, 1) 1 for accounts that few enough follow."""
        return (self.followers <= self.hub).astype(np.float32)

    @cached_property
    def closed(self) -> csr_array:
        """(n, n) ties weighted by the number of neighbours both ends share, hubs not counted."""
        few = self.either.sum(axis=1) <= self.hub
        near = (self.either @ diags_array(few.astype(np.float32))).tocsr()
        return (near @ near.T).multiply(self.either).tocsr()

    @cached_property
    def idf(self) -> FloatArray:
        """(t, 1) how telling a shared thing is: log of accounts over users, 0 for what only one uses."""
        users = self.shared.sum(axis=0)
        weight = np.log((self.along.shape[0] + 1) / np.maximum(users, 1))
        return np.where((users > 1) & (users <= 10 * self.hub), weight, 0).astype(np.float32)[:, None]

    @cached_property
    def steps(self) -> dict[Direction, csr_array]:
        """The walk's step in each direction."""
        return {direction: transition(self.along, direction) for direction in Direction}


class Feature(msgspec.Struct, frozen=True):
    """One number per account and seed column: `compute(ties, seeds)` takes and gives (n, f), values >= 0."""

    name: str
    set: FeatureSet
    compute: Callable[[Ties, FloatArray], FloatArray]
    sign: int = 1
    """1 if more of it can only be evidence for an account; 0 if it is no evidence, only a yardstick."""


def _at_least_two(reach: FloatArray) -> FloatArray:
    return (reach >= 2).astype(np.float32)


def _walk(direction: Direction) -> Callable[[Ties, FloatArray], FloatArray]:
    # Times n: 1 is the share an account would have if the walk had no preference.
    return lambda t, s: len(s) * pagerank(t.steps[direction], s)


def _per(values: FloatArray, degree: FloatArray) -> FloatArray:
    return (values / np.maximum(degree, 1)).astype(np.float32)


def walk_per_degree(ties: Ties, seeds: FloatArray) -> FloatArray:
    """(n, f) symmetric PageRank over degree: 1 for an account that the walk has no preference for."""
    degree = ties.followers + ties.following
    rank = pagerank(ties.steps[Direction.SYMMETRIC], seeds)
    return _per(len(seeds) * float(degree.mean()) * rank, degree)


def neighbour_cosine(ties: Ties, seeds: FloatArray) -> FloatArray:
    """(n, f) 100 times the sum over the seeds of a cosine-like overlap of neighbours, hubs' votes divided."""
    degree = ties.either.sum(axis=1).astype(np.float32)[:, None]
    near = ties.either @ _per(seeds, np.sqrt(degree))
    return 100 * _per(ties.either @ _per(near, degree), np.sqrt(degree))


def _closed_walk(t: Ties, s: FloatArray) -> FloatArray:
    strength = t.closed.sum(axis=1).astype(np.float32)[:, None]
    mean = float(strength.mean())
    return mean * _per(t.closed @ _per(t.closed @ _per(s, strength), strength), strength)


_C, _W, _T = FeatureSet.COUNTS, FeatureSet.WALKS, FeatureSet.CLOSED

FEATURES: tuple[Feature, ...] = (
    Feature("links_to_seeds", _C, lambda t, s: t.along @ s),
    Feature("links_from_seeds", _C, lambda t, s: t.against @ s),
    Feature("mutual_links", _C, lambda t, s: t.mutual @ s),
    Feature("shared_followers", _C, lambda t, s: t.against @ ((t.along @ s) * t.selective)),
    Feature(
        "followers_of_two_seeds", _C, lambda t, s: t.against @ _at_least_two((t.along @ s) * t.selective)
    ),
    Feature("shared_followees", _C, lambda t, s: t.along @ ((t.against @ s) * t.ordinary)),
    Feature("followees_of_two_seeds", _C, lambda t, s: t.along @ _at_least_two((t.against @ s) * t.ordinary)),
    Feature("two_hops_along", _C, lambda t, s: t.along @ (t.along @ s)),
    Feature("two_hops_against", _C, lambda t, s: t.against @ (t.against @ s)),
    Feature("other_ties", _C, lambda t, s: t.ties @ s + t.ties.T @ s),
    Feature("shared_things", _C, lambda t, s: t.shared @ ((t.shared.T @ s) * t.idf)),
    # Who has many followers shares some with anybody: the yardstick for the counts above.
    Feature("followers", _C, lambda t, s: np.repeat(t.followers, s.shape[1], axis=1), 0),
    Feature("share_of_following", _W, lambda t, s: 100 * _per(t.along @ s, t.following)),
    Feature("share_of_followers", _W, lambda t, s: 100 * _per(t.against @ s, t.followers)),
    Feature("walk_along", _W, _walk(Direction.ALONG)),
    Feature("walk_against", _W, _walk(Direction.AGAINST)),
    Feature("walk", _W, _walk(Direction.SYMMETRIC)),
    Feature("walk_per_degree", _W, walk_per_degree),
    Feature("neighbour_cosine", _W, neighbour_cosine),
    Feature("closed_links", _T, lambda t, s: t.closed @ s),
    Feature("closed_two_hops", _T, lambda t, s: t.closed @ (t.closed @ s)),
    Feature("closed_walk", _T, _closed_walk),
)
"""Every feature, in the order in which models list them."""
