"""What makes a case urgent: where it came from, its circumstances, and each part of its priority."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class CaseSource(StrEnum):
    """Who brought a case up, least pressing first; a case keeps the most pressing it had."""

    MACHINE = "machine"
    """A rule of the policy."""
    REPORT = "report"
    """A person who uses the platform."""
    FLAGGER = "flagger"
    """A trusted flagger (Art. 22 DSA)."""
    AUTHORITY = "authority"
    """Police, a court or a hotline."""


class Circumstances(msgspec.Struct, frozen=True, kw_only=True):
    """What is known about the entities of a decision that opens a case, beside their risk."""

    source: CaseSource = CaseSource.MACHINE
    language: str = ""
    """BCP 47, of the report or content; empty when unknown."""
    imminent: bool = False
    """Somebody is in danger now."""
    to_be_read: bool = False
    """A person must read it, whatever was decided before; says nothing of how much it presses."""
    audience: int = 0
    """People who see it: viewers of a stream, followers, members of a group."""
    known_at: datetime | None = None
    """When we first knew; clocks of the law run from here. None means the moment of the decision."""


class PriorityPart(msgspec.Struct, frozen=True, kw_only=True):
    """One part of a priority."""

    name: str
    """`imminence`, `severity`, `audience`, `velocity`, `size` or `source`."""
    points: float
    most: float
    """Points that this part can give."""
    why: str
    """A sentence for reviewers."""
