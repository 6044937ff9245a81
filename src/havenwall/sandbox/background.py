"""The benign part of a synthetic platform: communities and Pareto popularity."""

from __future__ import annotations

import numpy as np

from havenwall.sandbox.cast import Cast
from havenwall.sandbox.config import SandboxConfig
from havenwall.sandbox.sampling import GroupSampler, Ints, counts, distinct_links


class Background:
    """Draws what benign accounts follow: mostly popular accounts of their own community."""

    def __init__(self, config: SandboxConfig, people: Cast) -> None:
        self._config = config
        self._people = people
        self._popular = GroupSampler(people.popularity, people.community)

    def links(self, start: int, stop: int, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """Follower and followed of the benign accounts with index `start` to `stop`, as two arrays."""
        config, people = self._config, self._people
        benign = start + np.flatnonzero(~people.member[start:stop])
        wanted = counts(config.mean_follows, config.follow_spread, benign.size, rng)
        wanted = np.minimum(wanted, config.accounts // 10)

        def draw(row: Ints) -> Ints:
            return self._popular.mixed(people.community[benign[row]], 1 - config.mixing, rng)

        return distinct_links(benign, wanted, draw, config.accounts)
