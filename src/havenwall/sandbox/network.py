"""The planted network and its benign twin, the niche."""

from __future__ import annotations

import numpy as np

from havenwall.sandbox.cast import Cast, Role
from havenwall.sandbox.config import SandboxConfig
from havenwall.sandbox.sampling import Bools, Floats, GroupSampler, Ints, counts, distinct_links

_HUB_WEIGHT = 3.0
_HUB_FOLLOWS = 0.5
_GATEWAY_WEIGHT = 5.0


class Planter:
    """Draws every link of members and niche beyond the ordinary ones.

    Each method gives follower and followed as two arrays. They are called in `links` with a generator of
    their own, so that changing the camouflage leaves everything else as it was.
    """

    def __init__(self, config: SandboxConfig, people: Cast) -> None:
        self._config = config
        self._people = people
        self._members = np.flatnonzero(people.member)
        self._niche = np.flatnonzero(people.role == Role.NICHE)

    def links(self, seed: np.random.SeedSequence) -> tuple[Ints, Ints]:
        """All planted links, (links,) each; distinct within a part, not between parts."""
        rngs = [np.random.default_rng(child) for child in seed.spawn(5)]
        parts = [
            self.inside(self._members, rngs[0]),
            self.inside(self._niche, rngs[1]),
            self.passers_by(rngs[2]),
            self.bystanders(rngs[3]),
            self.camouflage(rngs[4]),
        ]
        return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])

    def inside(self, group: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """Links among one dense group: mostly to the hubs of one's own ring; fresh accounts 1 to 3."""
        config, people = self._config, self._people
        if not group.size:
            return group, group
        hub = self._hubs(group, rng)
        sampler = GroupSampler(self._pull(group, hub, rng), np.maximum(people.ring, 0))
        wanted = self._appetite(hub, rng)
        fresh = people.fresh[group]
        wanted[fresh] = rng.integers(1, 4, int(fresh.sum()))

        def draw(row: Ints) -> Ints:
            return sampler.mixed(people.ring[group[row]], config.ring_loyalty, rng)

        return distinct_links(group, wanted, draw, config.accounts)

    def camouflage(self, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """Members follow benign accounts, more of them in the gateway communities."""
        config, people = self._config, self._people
        mean = config.camouflage_follows * config.camouflage
        wanted = counts(mean, config.follow_spread, self._members.size, rng)
        sampler = GroupSampler(people.popularity, people.community)

        def draw(row: Ints) -> Ints:
            return sampler.mixed(rng.integers(0, config.gateways, row.size), config.gateway_share, rng)

        return distinct_links(self._members, wanted, draw, config.accounts)

    def passers_by(self, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """Benign accounts that follow a member here and there, more of them from the gateways."""
        config, people = self._config, self._people
        total = round(config.benign_in * config.members) - config.bystanders * config.bystander_follows
        # A few are keen and follow several; to them the network looks like an interest.
        keen = rng.lognormal(0.0, 1.0, people.role.size)
        weight = keen * np.where(people.community < config.gateways, _GATEWAY_WEIGHT, 1.0)
        weight[people.member | (people.role == Role.BYSTANDER)] = 0.0
        chosen = GroupSampler(weight, np.zeros_like(people.ring)).anywhere(max(total, 0), rng)
        followers, wanted = np.unique(chosen, return_counts=True)
        return self._to_members(followers, wanted, rng)

    def bystanders(self, rng: np.random.Generator) -> tuple[Ints, Ints]:
        """Bystanders follow several members each, at least three."""
        group = np.flatnonzero(self._people.role == Role.BYSTANDER)
        wanted = 3 + rng.poisson(self._config.bystander_follows - 3, group.size)
        return self._to_members(group, wanted, rng)

    def _to_members(self, followers: Ints, wanted: Ints, rng: np.random.Generator) -> tuple[Ints, Ints]:
        pull = self._pull(self._members, self._hubs(self._members, rng), rng)
        sampler = GroupSampler(pull, np.zeros_like(self._people.ring))
        return distinct_links(
            followers, wanted, lambda row: sampler.anywhere(row.size, rng), self._config.accounts
        )

    def _hubs(self, group: Ints, rng: np.random.Generator) -> Bools:
        """Whom the group gathers around: the traders, in the niche as large a share of it."""
        role = self._people.role[group]
        niche = rng.random(group.size) < self._config.trader_share
        return np.where(role == Role.NICHE, niche, role == Role.TRADER)

    def _pull(self, group: Ints, hub: Bools, rng: np.random.Generator) -> Floats:
        """Weight with which others choose an account of the group; nobody has found its fresh ones yet."""
        people = self._people
        weight = np.zeros(people.role.size)
        weight[group] = rng.lognormal(0.0, 0.5, group.size) * np.where(hub, _HUB_WEIGHT, 1.0)
        weight[group[people.fresh[group]]] = 0.0
        return weight

    def _appetite(self, hub: Bools, rng: np.random.Generator) -> Ints:
        """Internal follows of each account: hubs are followed more than they follow."""
        config = self._config
        factor = np.where(hub, _HUB_FOLLOWS, (1 - _HUB_FOLLOWS * hub.mean()) / (1 - hub.mean()))
        even = counts(config.internal_follows, config.follow_spread / 2, hub.size, rng)
        return np.maximum(np.rint(even * factor).astype(np.int64), 1)
