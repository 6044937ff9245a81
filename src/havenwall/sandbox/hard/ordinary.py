"""Ordinary follows: popular accounts of one's community, some from elsewhere, celebrities; some returned."""

from __future__ import annotations

import numpy as np

from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.sampling import Floats, GroupSampler, Ints, distinct_links

Pairs = tuple[Ints, Ints]
"""Followers and followed, (links,) each."""

REACH = 200.0
"""Followers beyond which an account returns follows ever more seldom: it cannot keep up."""


class Ordinary:
    """Draws ordinary follows; members of the network make theirs by the same law."""

    def __init__(self, config: HardConfig, people: Cast) -> None:
        self._config = config
        self._people = people
        self._popular = GroupSampler(people.popularity, people.community)
        fame = np.zeros(config.accounts)
        stars = people.rows(HardPart.CELEBRITY)
        fame[stars] = 1.0 / np.sqrt(np.arange(1, stars.size + 1))
        self._famous = GroupSampler(fame, np.zeros_like(people.community))

    def wanted(self, rows: Ints) -> Ints:
        """How many ordinary follows accounts make, at least 1 and at most a tenth of the platform."""
        drawn = np.rint(self._config.median_follows * self._people.activity[rows]).astype(np.int64)
        return np.clip(drawn, 1, self._config.accounts // 10)

    def follows(self, rows: Ints, wanted: Ints, rng: np.random.Generator) -> Pairs:
        """What `rows` (distinct) follow, `wanted` each."""
        config, people = self._config, self._people

        def draw(place: Ints) -> Ints:
            target = self._popular.mixed(people.community[rows[place]], 1 - config.mixing, rng)
            famous = np.flatnonzero(rng.random(place.size) < config.celebrity_share)
            target[famous] = self._famous.anywhere(famous.size, rng)
            return target

        return distinct_links(rows, wanted, draw, config.accounts)

    def returned(self, links: Pairs, followers: Ints, rng: np.random.Generator) -> Pairs:
        """The follows with which some of `links` are returned.

        Args:
            followers: (n,) about how many followers each account has.
        """
        chance = self._people.returns * self.patience(followers)
        back = rng.random(links[0].size) < chance[links[1]]
        return links[1][back], links[0][back]

    @staticmethod
    def patience(followers: Ints) -> Floats:
        """Factor on the propensity to follow back, 1 up to `REACH` followers and less beyond."""
        return REACH / np.maximum(followers, REACH)
