"""What an account's ties to the confirmed accounts look like, as numbers: one sparse product each.

Every feature is computed for f sets of seeds at once, each set leaving out one fold of the seeds, so that a
seed's own value can be read from the set it is absent from.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from havenwall.model import LinkKind
from havenwall.network.config import FeatureSet
from havenwall.network.evidence.links import FloatArray
from havenwall.network.evidence.seen import Seen, poisson_surprise
from havenwall.network.walk import Direction


class Feature(msgspec.Struct, frozen=True):
    """One number per account and set of seeds: `compute(seen)` gives (rows, f), values >= 0."""

    name: str
    set: FeatureSet
    compute: Callable[[Seen], FloatArray]
    sign: int = 1
    """1 if more of it can only be evidence for an account; 0 if it is no evidence, only a yardstick."""


def walk_per_degree(seen: Seen) -> FloatArray:
    """(rows, f) symmetric PageRank over degree: 1 for an account that the walk has no preference for."""
    degree = seen.links.followers + seen.links.following
    return _per(float(degree.mean()) * seen.walk(Direction.SYMMETRIC), seen.look(degree))


def neighbour_cosine(seen: Seen) -> FloatArray:
    """(rows, f) 100 times the summed cosine-like overlap of neighbours with seeds, hubs' votes divided."""
    either = seen.links.either
    root = np.sqrt(either.degree.astype(np.float32))[:, None]
    near = either.gather(_per(seen.seeds, root))
    return seen.look(100 * _per(either.gather(_per(near, root)), root))


def shared_audience(seen: Seen, least: int) -> FloatArray:
    """(rows, f) followers that follow at least so many of the seeds."""
    return seen.by.gather(_at_least(seen.heard, least))


def audience_surprise(seen: Seen) -> FloatArray:
    """(rows, f) log-likelihood ratio of having so many followers of two seeds among its followers."""
    two = _at_least(seen.heard, 2)
    share = (two * seen.links.following).sum(axis=0) / max(seen.links.along.links, 1)
    return poisson_surprise(seen.by.gather(two), seen.followers * share.astype(np.float32))


def _at_least(reach: FloatArray, least: int) -> FloatArray:
    return (reach >= least).astype(np.float32)


def _per(values: FloatArray, degree: FloatArray) -> FloatArray:
    return (values / np.maximum(degree, 1)).astype(np.float32)


def _other_ties(seen: Seen) -> FloatArray:
    other = seen.links.graph.other
    return seen.look(other.gather(seen.seeds) + other.flipped.gather(seen.seeds))


def _closed(seen: Seen, steps: int) -> FloatArray:
    reach = seen.seeds
    for _ in range(steps):
        reach = seen.links.closed @ reach
    return seen.look(reach)


def _closed_walk(seen: Seen) -> FloatArray:
    closed = seen.links.closed
    strength = closed.sum(axis=1).astype(np.float32)[:, None]
    near = closed @ _per(seen.seeds, strength)
    return seen.look(float(strength.mean()) * _per(closed @ _per(near, strength), strength))


_C, _A, _W, _T = FeatureSet.COUNTS, FeatureSet.AUDIENCE, FeatureSet.WALKS, FeatureSet.CLOSED

FEATURES: tuple[Feature, ...] = (
    Feature("links_to_seeds", _C, lambda s: s.to.gather(s.seeds)),
    Feature("links_from_seeds", _C, lambda s: s.by.gather(s.seeds)),
    Feature("mutual_links", _C, lambda s: s.mutual.gather(s.seeds)),
    Feature("shared_followers", _C, lambda s: s.by.gather(s.heard)),
    Feature("followers_of_two_seeds", _C, lambda s: shared_audience(s, 2)),
    Feature("followers_of_three_seeds", _C, lambda s: shared_audience(s, 3)),
    Feature("audience_preference", _C, lambda s: s.by.gather(s.surprise)),
    Feature("shared_followees", _C, lambda s: s.to.gather(s.told)),
    Feature("followees_of_two_seeds", _C, lambda s: s.to.gather(_at_least(s.told, 2))),
    Feature("two_hops_along", _C, lambda s: s.to.gather(s.links.along.gather(s.seeds))),
    Feature("two_hops_against", _C, lambda s: s.by.gather(s.links.against.gather(s.seeds))),
    Feature("other_ties", _C, _other_ties),
    Feature("shared_tags", _C, lambda s: s.shared(LinkKind.TAG_USE)),
    Feature("shared_groups", _C, lambda s: s.shared(LinkKind.MEMBER)),
    Feature("shared_media", _C, lambda s: s.shared(LinkKind.SHARED_MEDIA)),
    Feature("shared_contacts", _C, lambda s: s.shared(LinkKind.SHARED_CONTACT)),
    Feature("shared_posts", _C, lambda s: s.shared(LinkKind.LIKE) + s.shared(LinkKind.COMMENT)),
    # Who has many followers shares some with anybody: the yardstick for the counts above.
    Feature("followers", _C, lambda s: np.repeat(s.followers, s.seeds.shape[1], axis=1), 0),
    Feature("audience_share", _A, lambda s: 100 * _per(shared_audience(s, 2), s.followers)),
    Feature("audience_surprise", _A, audience_surprise),
    Feature("share_of_following", _W, lambda s: 100 * _per(s.to.gather(s.seeds), s.following)),
    Feature("share_of_followers", _W, lambda s: 100 * _per(s.by.gather(s.seeds), s.followers)),
    Feature("walk_along", _W, lambda s: s.walk(Direction.ALONG)),
    Feature("walk_against", _W, lambda s: s.walk(Direction.AGAINST)),
    Feature("walk", _W, lambda s: s.walk(Direction.SYMMETRIC)),
    Feature("walk_per_degree", _W, walk_per_degree),
    Feature("neighbour_cosine", _W, neighbour_cosine),
    Feature("closed_links", _T, lambda s: _closed(s, 1)),
    Feature("closed_two_hops", _T, lambda s: _closed(s, 2)),
    Feature("closed_walk", _T, _closed_walk),
)
"""Every feature, in the order in which models list them."""
