"""Unseeded discovery: from content signals to communities for review, without a confirmed account."""

from havenwall.network.discover.anchors import AnchorKind, Anchors, from_signals, make_anchors
from havenwall.network.discover.candidates import Candidates
from havenwall.network.discover.communities import communities
from havenwall.network.discover.config import DiscoverConfig
from havenwall.network.discover.discover import Discovery, discover
from havenwall.network.discover.doubts import reported, tagged
from havenwall.network.discover.rank import Doubt, Finding

__all__ = [
    "AnchorKind",
    "Anchors",
    "Candidates",
    "DiscoverConfig",
    "Discovery",
    "Doubt",
    "Finding",
    "communities",
    "discover",
    "from_signals",
    "make_anchors",
    "reported",
    "tagged",
]
