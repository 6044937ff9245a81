"""Settings of the risk of things."""

from __future__ import annotations

import msgspec

from havenwall.errors import BadConfig


class ThingConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How groups, tags, streams, domains and media are judged by who uses them."""

    likely: float = 0.5
    """An account of at least this probability is a likely member."""
    floor: float = 0.05
    """A thing is over the threshold only if the lower bound of its share is at least this."""
    lift: float = 10.0
    """And at least this many times the share of members among all who use a thing of the kind, or a half."""
    independent: int = 2
    """A thing is over the threshold only if this many hands among its users are confirmed or likely."""
    level: float = 0.95
    """Coverage of the interval."""
    half_life_days: float | None = None
    """A use this old counts half as much as one of today; None: all uses count alike."""
    same_hand: int = 5
    """Accounts joined by a contact that at most this many accounts give are taken to be in one hand, and a
    hand holds at most as many."""
    most_users: int = 5_000
    """More users than this say no more than this many: users of one thing are not independent draws."""
    margin: int = 200
    """How many things below the threshold are reported too."""
    top_users: int = 5
    """How many users are named with a thing."""

    def least(self, base: float) -> float:
        """The lower bound that puts a thing over the threshold where a share `base` are members."""
        return max(self.floor, min(self.lift * base, 0.5))

    def __post_init__(self) -> None:
        for name in ("likely", "floor", "level"):
            if not 0 < getattr(self, name) < 1:
                raise BadConfig("must be above 0 and below 1", field=name)
        for name in ("lift", "independent", "same_hand", "most_users"):
            if getattr(self, name) < 1:
                raise BadConfig("must be at least 1", field=name)
        for name in ("margin", "top_users"):
            if getattr(self, name) < 0:
                raise BadConfig("must not be negative", field=name)
        if self.half_life_days is not None and self.half_life_days <= 0:
            raise BadConfig("must be above 0", field="half_life_days", hint="leave it out to count all alike")
