"""Settings of unseeded discovery."""

from __future__ import annotations

import msgspec

from havenwall.errors import BadConfig


class DiscoverConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How findings are made when no account is confirmed."""

    hub: int = 400
    """An account that follows more than this says nothing by it; a thing that more use is damped."""
    most: int = 2000
    """At most this many candidates."""
    surprise: float = 5.0
    """Least log-likelihood ratio (natural log) of what an account shares with anchors over chance."""
    draws: int = 39
    """Random anchor sets, as visible as the real ones, that the real ones must beat."""
    chance: float = 0.05
    """Above this share of random sets that do as well, the anchors have nothing in common."""
    neighbours: int = 30
    """Most similar candidates that each candidate is linked to."""
    cosine: float = 0.05
    """Least similarity that makes a link."""
    shared: int = 2
    """Least number of shared followers or things: one is a coincidence."""
    resolution: float = 1.0
    """Leiden's gamma: higher gives smaller communities."""
    smallest: int = 5
    """Smaller communities are no findings."""
    crowd: int = 2000
    """An account with more followers is known to all: whom it shares them with says nothing."""
    confidence: float = 0.95
    """Of the interval for the share of anchored accounts."""
    seed: int = 0
    """Of the random sets and of Leiden."""

    def __post_init__(self) -> None:
        for name in ("hub", "most", "draws", "neighbours", "shared", "smallest", "crowd"):
            if getattr(self, name) < 1:
                raise BadConfig("must be 1 or more", field=name)
        for name in ("chance", "confidence", "cosine"):
            if not 0 < getattr(self, name) < 1:
                raise BadConfig("must lie between 0 and 1", field=name)
        for name in ("surprise", "resolution"):
            if getattr(self, name) <= 0:
                raise BadConfig("must be above 0", field=name)
