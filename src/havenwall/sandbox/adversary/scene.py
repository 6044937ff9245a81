"""Scene: what whoever moves next has before them."""

from __future__ import annotations

import msgspec
import numpy as np

from havenwall.sandbox.adversary.step import Links
from havenwall.sandbox.cast import Role
from havenwall.sandbox.clock import DAY, between
from havenwall.sandbox.platform import Platform
from havenwall.sandbox.sampling import Bools, Floats, Ints

WEEK = 7 * DAY
"""Time between two releases, µs."""


class Scene(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A platform, and what the network has found out: which of its own accounts are shown to nobody.

    Anybody can find that out, by looking for the account from another one.
    """

    platform: Platform
    hidden: Bools
    """(up to n,) whether an account is hidden; accounts made since are not."""
    release: int
    """Number of the release that comes next, from 1."""
    until: int
    """When it comes, µs since 1970 UTC."""

    @property
    def since(self) -> int:
        """When the last one came, µs since 1970 UTC."""
        return self.until - WEEK

    def members(self, ring: int, *, hidden: bool) -> Ints:
        """Indices of a ring's members, those that are hidden or those that are not."""
        platform = self.platform
        away = np.zeros(len(platform.ids), dtype=np.bool_)
        away[: self.hidden.size] = self.hidden
        return np.flatnonzero(platform.member & (platform.ring == ring) & (away == hidden))

    @property
    def popularity(self) -> Floats:
        """(n,) Weight with which accounts outside the network are chosen to follow; 0 for members."""
        followers = np.bincount(self.platform.follows.indices, minlength=len(self.platform.ids))
        return np.where(self.platform.member, 0.0, followers + 0.01)

    @property
    def traders(self) -> Bools:
        """(n,) whether others of the network gather around the account."""
        return self.platform.role == Role.TRADER

    def times(self, size: int, rng: np.random.Generator) -> Ints:
        """Moments between the two releases, µs since 1970 UTC; after those of accounts born in between."""
        return between(np.full(size, self.since + DAY), self.until, rng)

    def born(self, size: int, rng: np.random.Generator) -> Ints:
        """Moments for new accounts, µs since 1970 UTC."""
        return between(np.full(size, self.since), self.since + DAY, rng)

    def links(self, pairs: tuple[Ints, Ints], rng: np.random.Generator) -> Links:
        """Follows at some time between the two releases."""
        return Links(follower=pairs[0], followed=pairs[1], at=self.times(pairs[0].size, rng))
