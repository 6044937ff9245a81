"""Who is who on a synthetic platform: roles, rings, communities, popularity."""

from __future__ import annotations

from enum import IntEnum

import msgspec
import numpy as np
import numpy.typing as npt

from havenwall.sandbox.config import SandboxConfig
from havenwall.sandbox.sampling import Floats, Ints


class Role(IntEnum):
    """What an account is. Abstract labels only."""

    ORDINARY = 0
    TRADER = 1
    """Member of the network that others gather around."""
    BUYER = 2
    """Member of the network that follows traders."""
    BYSTANDER = 3
    """Benign, follows several members."""
    NICHE = 4
    """Benign, in a niche as dense as the network."""


class Cast(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The accounts, before anything has happened between them. All arrays are (accounts,)."""

    role: npt.NDArray[np.int8]
    ring: Ints
    """Ring of a member or of a niche account, else -1."""
    fresh: npt.NDArray[np.bool_]
    community: Ints
    """Communities 0..gateways-1 are the gateways."""
    popularity: Floats
    """Weight with which benign accounts and camouflage choose it; 0 for members."""

    @property
    def member(self) -> npt.NDArray[np.bool_]:
        """Whether the account belongs to the planted network."""
        return (self.role == Role.TRADER) | (self.role == Role.BUYER)


def cast(config: SandboxConfig, rng: np.random.Generator) -> Cast:
    """Assign roles to a random choice of indices, so that order tells nothing."""
    n = config.accounts
    order = rng.permutation(n)
    role = _roles(config, order)
    community = rng.choice(config.communities, n, p=_sizes(config.communities, rng))
    near = (role != Role.ORDINARY) & (role != Role.BYSTANDER)
    community[near] = rng.integers(0, config.gateways, int(near.sum()))
    fresh = rng.random(n) < config.fresh_share
    _fresh_members(config, role, fresh, rng)
    popularity = rng.pareto(config.popularity, n) + 1.0
    # New accounts have few followers, whoever they are: else having none would give fresh members away.
    popularity[fresh] *= config.fresh_popularity
    popularity[(role == Role.TRADER) | (role == Role.BUYER)] = 0.0
    ring = np.where(near, rng.permutation(n) % config.rings, -1)
    return Cast(role=role, ring=ring, fresh=fresh, community=community, popularity=popularity)


def _roles(config: SandboxConfig, order: Ints) -> npt.NDArray[np.int8]:
    sizes = (config.traders, config.members - config.traders, config.bystanders, config.niche)
    role = np.zeros(config.accounts, dtype=np.int8)
    bounds = np.cumsum((0, *sizes))
    for kind, start, stop in zip(tuple(Role)[1:], bounds, bounds[1:], strict=False):
        role[order[start:stop]] = kind
    return role


def _sizes(communities: int, rng: np.random.Generator) -> Floats:
    share = rng.lognormal(0.0, 0.4, communities)
    return share / share.sum()


def _fresh_members(
    config: SandboxConfig, role: npt.NDArray[np.int8], fresh: npt.NDArray[np.bool_], rng: np.random.Generator
) -> None:
    """Make the number of fresh members exact, so that small platforms have some too."""
    members = rng.permutation(np.flatnonzero((role == Role.TRADER) | (role == Role.BUYER)))
    fresh[members] = False
    fresh[members[: round(config.fresh_share * members.size)]] = True
