"""Shadow mode: what the guard would have dropped, without dropping it; kept as a sample and repeatable."""

from havenwall.guard.shadow.entry import Ask, ShadowEntry, read_entries
from havenwall.guard.shadow.guard import ShadowBound, ShadowGuard
from havenwall.guard.shadow.log import LogCounts, ShadowLog
from havenwall.guard.shadow.replay import Difference, Replayed, replay

__all__ = [
    "Ask",
    "Difference",
    "LogCounts",
    "Replayed",
    "ShadowBound",
    "ShadowEntry",
    "ShadowGuard",
    "ShadowLog",
    "read_entries",
    "replay",
]
