"""Who is who on a hard platform: parts, communities, groups, popularity, age."""

from __future__ import annotations

from enum import IntEnum

import msgspec
import numpy as np
import numpy.typing as npt

from havenwall.sandbox.clock import DAY
from havenwall.sandbox.hard.config import HardConfig
from havenwall.sandbox.hard.moments import present
from havenwall.sandbox.sampling import Bools, Floats, Ints


class HardPart(IntEnum):
    """What an account is. Abstract labels only."""

    ORDINARY = 0
    TRADER = 1
    """Offers, and is followed for it."""
    BUYER = 2
    """Follows traders; most of what it follows is ordinary."""
    VICTIM = 3
    """Sought out by buyers; seldom answers."""
    PRESS = 4
    """Watches many traders: press, researchers, NGOs."""
    LOOKALIKE = 5
    """Lawful creator with an audience of the same shape; part of the buyers is in it."""
    AUDIENCE = 6
    """Follows look-alikes as buyers follow traders; otherwise ordinary."""
    RING = 7
    """In a ring of accounts that follow each other back; otherwise ordinary."""
    CELEBRITY = 8
    """Everybody follows it."""
    PROMOTER = 9
    """Ties the network together; only if the configuration asks for some."""


MEMBERS = (HardPart.TRADER, HardPart.BUYER, HardPart.PROMOTER)
"""The parts that make up the network; camouflage is theirs."""


class Cast(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The accounts, before anything has happened between them. All arrays are (accounts,)."""

    part: npt.NDArray[np.int8]
    created_at: Ints
    """µs since 1970 UTC."""
    community: Ints
    """0..communities-1, whoever it is."""
    group: Ints
    """Promotion group of a trader, circle of a look-alike, home group of a buyer or of the audience, ring
    of a ring account; each numbered from 0. Else -1."""
    shared: Bools
    """Buyers that are in the audience of look-alikes as well."""
    activity: Floats
    """Log-normal factor of median 1 on the number of ordinary follows."""
    appetite: Ints
    """Creators an account of an audience follows, of each scene it is part of; at least 1."""
    popularity: Floats
    """Weight as the target of ordinary follows; 0 for traders, look-alikes and celebrities, which are
    followed by processes of their own."""
    pull: Floats
    """Weight with which buyers or audience choose a trader or look-alike, else 0."""
    returns: Floats
    """How likely the account follows back."""

    def rows(self, *parts: HardPart) -> Ints:
        """Indices of the accounts of these parts, ascending."""
        return np.flatnonzero(np.isin(self.part, parts))


def cast(config: HardConfig, rng: np.random.Generator) -> Cast:
    """Assign parts to a random choice of indices, so that order tells nothing."""
    n = config.accounts
    part = _parts(config, rng)
    created = _created(config, rng)
    community = _communities(config, rng)
    popularity = rng.pareto(config.popularity, n) + 1.0
    creator = np.isin(part, (HardPart.TRADER, HardPart.LOOKALIKE))
    popularity[creator | (part == HardPart.CELEBRITY)] = 0.0
    pull = np.where(creator, rng.lognormal(0.0, config.pull_spread, n), 0.0)
    return Cast(
        part=part,
        created_at=created,
        community=community,
        group=_groups(config, part, rng),
        shared=(part == HardPart.BUYER) & (rng.random(n) < config.shared_buyers),
        activity=rng.lognormal(0.0, config.follow_spread, n),
        appetite=_appetite(config, rng),
        popularity=popularity,
        pull=pull,
        returns=_returns(config, part, rng),
    )


def _parts(config: HardConfig, rng: np.random.Generator) -> npt.NDArray[np.int8]:
    sizes = {
        HardPart.TRADER: config.traders,
        HardPart.BUYER: config.buyers,
        HardPart.VICTIM: config.victims,
        HardPart.PRESS: config.press,
        HardPart.LOOKALIKE: config.lookalikes,
        HardPart.AUDIENCE: config.audience,
        HardPart.RING: config.rings * config.ring_size,
        HardPart.CELEBRITY: config.celebrities,
        HardPart.PROMOTER: config.promoters,
    }
    part = np.zeros(config.accounts, dtype=np.int8)
    labels = np.repeat(np.array(list(sizes), dtype=np.int8), list(sizes.values()))
    part[rng.permutation(config.accounts)[: labels.size]] = labels
    return part


def _created(config: HardConfig, rng: np.random.Generator) -> Ints:
    """One law for everybody: age tells nobody from anybody."""
    age = config.days * (1.0 - rng.random(config.accounts) ** config.growth)
    return present(config) - (np.maximum(age, 0.5) * DAY).astype(np.int64)


def _communities(config: HardConfig, rng: np.random.Generator) -> Ints:
    """Sizes by a power law between two bounds, as in LFR graphs."""
    slope = 1.0 - config.community_exponent
    low, high = config.community_low**slope, config.community_high**slope
    most = config.accounts // config.community_low + 1
    grain = rng.random(most)
    size = np.rint((low + grain * (high - low)) ** (1.0 / slope)) if slope else low * (high / low) ** grain
    bounds = np.cumsum(size.astype(np.int64))
    community = np.searchsorted(bounds, np.arange(config.accounts), side="right")
    # The last one is cut short by the end of the accounts, so it joins the one before.
    community[community == community[-1]] = max(int(community[-1]) - 1, 0)
    return rng.permutation(community)


def _groups(config: HardConfig, part: npt.NDArray[np.int8], rng: np.random.Generator) -> Ints:
    group = np.full(part.size, -1, dtype=np.int64)
    trading = max(1, config.traders // config.group_size)
    lawful = max(1, config.lookalikes // config.group_size)
    for kind, number in (
        (HardPart.TRADER, trading),
        (HardPart.BUYER, trading),
        (HardPart.LOOKALIKE, lawful),
        (HardPart.AUDIENCE, lawful),
        (HardPart.RING, config.rings),
    ):
        rows = np.flatnonzero(part == kind)
        group[rows] = rng.permutation(rows.size) % number
    return group


def _appetite(config: HardConfig, rng: np.random.Generator) -> Ints:
    drawn = rng.lognormal(np.log(config.buyer_follows), config.buyer_spread, config.accounts)
    return np.clip(np.rint(drawn).astype(np.int64), 1, config.buyer_most)


def _returns(config: HardConfig, part: npt.NDArray[np.int8], rng: np.random.Generator) -> Floats:
    """Beta propensities of the wanted mean, widely spread; traders and look-alikes are choosier."""
    creator = np.isin(part, (HardPart.TRADER, HardPart.LOOKALIKE))
    mean = np.where(creator, config.buyer_back, config.follow_back)
    drawn = rng.beta(3 * np.maximum(mean, 1e-6), 3 * (1 - mean))
    drawn[part == HardPart.CELEBRITY] = 0.0
    return drawn
