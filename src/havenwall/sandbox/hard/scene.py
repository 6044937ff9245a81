"""A scene: creators, the audience they share, and people who happen by.

The traders' scene and the look-alikes' are drawn by the same code, so that they have the same shape.
"""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.sandbox.hard.cast import Cast, HardPart
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.ordinary import Pairs
from havenwall.sandbox.sampling import GroupSampler, Ints, counts, distinct_links

_GROUP_BACK = 0.5
_HUB_SHARE, _HUB_BACK, _HUB_AUDIENCE = 0.8, 0.5, 0.3


class Side(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The accounts of one scene."""

    creators: Ints
    """Rows of traders or look-alikes."""
    audience: Ints
    """Rows of those who follow them, distinct."""
    home: Ints
    """(audience,) the group of creators that each knows best."""
    hubs: Ints
    """Rows of accounts that tie the scene together."""
    group_ties: float = 1.0
    inner_ties: float = 1.0


class Scene:
    """Draws the follows in and around one scene."""

    def __init__(self, config: HardConfig, people: Cast, side: Side) -> None:
        self._config, self._people, self._side = config, people, side
        pull = np.zeros(config.accounts)
        pull[side.creators] = people.pull[side.creators]
        self._creators = GroupSampler(pull, np.maximum(people.group, 0))

    def links(self, bystanders: GroupSampler, seed: np.random.SeedSequence) -> Pairs:
        """All follows of the scene but the ordinary ones."""
        rngs = [np.random.default_rng(child) for child in seed.spawn(4)]
        audience = self._shown(self.audience(rngs[0]), self._side.inner_ties, rngs[0])
        passing = self.bystanders(bystanders, rngs[1])
        inside = self._shown(self.inside(rngs[2]), self._side.group_ties, rngs[2])
        hubs = self.hubs(rngs[3])
        return joined(
            audience, self._back(audience, rngs[0]), passing, self._back(passing, rngs[1]), inside, hubs
        )

    def audience(self, rng: np.random.Generator) -> Pairs:
        """The audience follows creators, many of them from the group it knows best."""
        config, side = self._config, self._side

        def draw(place: Ints) -> Ints:
            return self._creators.mixed(side.home[place], config.home_share, rng)

        wanted = self._people.appetite[side.audience]
        return distinct_links(side.audience, wanted, draw, config.accounts)

    def bystanders(self, sampler: GroupSampler, rng: np.random.Generator) -> Pairs:
        """Others follow creators as they would any account of their community, or of another one."""
        config, people, creators = self._config, self._people, self._side.creators
        wanted = counts(config.bystander_follows, config.bystander_spread, creators.size, rng)

        def draw(place: Ints) -> Ints:
            return sampler.mixed(people.community[creators[place]], 1 - config.mixing, rng)

        followed, follower = distinct_links(creators, wanted, draw, config.accounts)
        return follower, followed

    def inside(self, rng: np.random.Generator) -> Pairs:
        """Creators promote each other within their group, and a little beyond it."""
        config, people, creators = self._config, self._people, self._side.creators
        parts = []
        for mean, share in ((config.group_follows, 1.0), (config.cross_follows, 0.0)):
            wanted = counts(mean, 0.6, creators.size, rng)

            def draw(place: Ints, share: float = share) -> Ints:
                return self._creators.mixed(people.group[creators[place]], share, rng)

            links = distinct_links(creators, wanted, draw, config.accounts)
            back = rng.random(links[0].size) < _GROUP_BACK
            parts += [links, (links[1][back], links[0][back])]
        return joined(*parts)

    def hubs(self, rng: np.random.Generator) -> Pairs:
        """A hub follows most of its creators; many of them and part of its audience follow it."""
        side = self._side
        if not side.hubs.size:
            return side.hubs, side.hubs
        hub = side.hubs[rng.integers(0, side.hubs.size, side.creators.size)]
        to, back = rng.random((2, hub.size)) < np.array([[_HUB_SHARE], [_HUB_BACK]])
        fans = side.audience[rng.random(side.audience.size) < _HUB_AUDIENCE]
        own = side.hubs[rng.integers(0, side.hubs.size, fans.size)]
        return joined((hub[to], side.creators[to]), (side.creators[back], hub[back]), (fans, own))

    def _back(self, links: Pairs, rng: np.random.Generator) -> Pairs:
        back = rng.random(links[0].size) < self._people.returns[links[1]]
        return links[1][back], links[0][back]

    @staticmethod
    def _shown(links: Pairs, share: float, rng: np.random.Generator) -> Pairs:
        shown = rng.random(links[0].size) < share
        return links[0][shown], links[1][shown]


def scenes(config: HardConfig, people: Cast, rng: np.random.Generator) -> tuple[Scene, Scene]:
    """The traders' scene and the look-alikes'."""
    traders, buyers = people.rows(HardPart.TRADER), people.rows(HardPart.BUYER)
    lawful, fans = people.rows(HardPart.LOOKALIKE), people.rows(HardPart.AUDIENCE)
    both = np.flatnonzero(people.shared)
    abroad = rng.integers(0, int(people.group[lawful].max()) + 1, both.size)
    first = Side(
        creators=traders,
        audience=buyers,
        home=people.group[buyers],
        hubs=people.rows(HardPart.PROMOTER),
        group_ties=config.group_ties,
        inner_ties=config.inner_ties,
    )
    second = Side(
        creators=lawful,
        audience=np.concatenate([fans, both]),
        home=np.concatenate([people.group[fans], abroad]),
        hubs=lawful[: config.promoters],
    )
    return Scene(config, people, first), Scene(config, people, second)


def joined(*parts: Pairs) -> Pairs:
    """Several lists of links as one."""
    return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])
