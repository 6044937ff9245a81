"""A synthetic platform with a planted network, and real recommenders on it: for demo, tests and audits."""

from havenwall.sandbox.activity import Groups, Posts, Reports, TagUses
from havenwall.sandbox.cast import Role
from havenwall.sandbox.config import SandboxConfig
from havenwall.sandbox.events import confirmed_events, event_frames, write_events
from havenwall.sandbox.former import Former
from havenwall.sandbox.large import stream_platform
from havenwall.sandbox.platform import Platform, generate
from havenwall.sandbox.recommend import RECOMMENDERS, Als, CoFollow, Friends, Recommender, Walk
from havenwall.sandbox.words import NETWORK_TAGS

__all__ = [
    "NETWORK_TAGS",
    "RECOMMENDERS",
    "Als",
    "CoFollow",
    "Former",
    "Friends",
    "Groups",
    "Platform",
    "Posts",
    "Recommender",
    "Reports",
    "Role",
    "SandboxConfig",
    "TagUses",
    "Walk",
    "confirmed_events",
    "event_frames",
    "generate",
    "stream_platform",
    "write_events",
]
