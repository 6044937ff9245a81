"""What everybody else does meanwhile, so that the network's moves are not all that is new."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.sandbox.adversary.scene import Scene
from havenwall.sandbox.adversary.step import Step
from havenwall.sandbox.sampling import GroupSampler, Ints, counts, distinct_links

_JOINING = 0.005
"""New accounts of a week, as a share of all."""
_FOLLOWING = 0.1
"""Share of accounts that follow somebody else in a week."""
_NEW_FOLLOWS = 6.0
_MORE_FOLLOWS = 2.0


def churn(scene: Scene, rng: np.random.Generator) -> Step:
    """Ordinary people join and follow: mostly popular accounts of their own community."""
    platform = scene.platform
    n = len(platform.ids)
    count = round(n * _JOINING)
    communities = rng.choice(platform.community, count)
    settled = rng.permutation(np.flatnonzero(~platform.member))[: round(n * _FOLLOWING)]
    who = np.concatenate([n + np.arange(count), settled])
    wanted = np.concatenate(
        [counts(_NEW_FOLLOWS, 0.5, count, rng), counts(_MORE_FOLLOWS, 0.5, settled.size, rng)]
    )
    home = np.concatenate([communities, platform.community[settled]])
    sampler = GroupSampler(scene.popularity, platform.community)

    def draw(row: Ints) -> Ints:
        return sampler.mixed(home[row], 1 - platform.config.mixing, rng)

    pairs = distinct_links(who, wanted, draw, n + count)
    return msgspec.structs.replace(
        Step.none(),
        rings=np.full(count, -1),
        communities=communities,
        born=scene.born(count, rng),
        follows=scene.links(pairs, rng),
    )
