"""Step: what somebody does to a platform between two releases of the guard."""

from __future__ import annotations

from typing import Self

import msgspec
import numpy as np

from havenwall.sandbox.sampling import Ints


def nobody() -> Ints:
    """No indices."""
    return np.empty(0, dtype=np.int64)


class Links(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Follows, (links,) each, by index of the account."""

    follower: Ints
    followed: Ints
    at: Ints
    """µs since 1970 UTC."""

    @classmethod
    def none(cls) -> Self:
        """No links."""
        return cls(follower=nobody(), followed=nobody(), at=nobody())


class Step(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """New accounts, follows, follows taken back, and posts. An account that is new here has the index that
    it will have: the number of accounts before, and so on."""

    rings: Ints
    """(new,) Ring of each new account; -1 for one that is not of the network."""
    communities: Ints
    """(new,)"""
    born: Ints
    """(new,) µs since 1970 UTC."""
    follows: Links
    unfollows: Links
    authors: Ints
    """(posts,)"""
    posted: Ints
    """(posts,) µs since 1970 UTC."""
    tag: str = ""
    """What all the posts carry."""

    @classmethod
    def none(cls) -> Self:
        """Nothing is done."""
        return cls(
            rings=nobody(),
            communities=nobody(),
            born=nobody(),
            follows=Links.none(),
            unfollows=Links.none(),
            authors=nobody(),
            posted=nobody(),
        )

    @property
    def acts(self) -> int:
        """What it costs: one for each account made, follow made or taken back, and post."""
        parts = (self.rings, self.follows.at, self.unfollows.at, self.authors)
        return sum(part.size for part in parts)
