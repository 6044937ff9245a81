"""Wellbeing of those who look at media: what they saw for how long, and how they want to see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from havenwall.model.case import CaseTopic


class Severity(StrEnum):
    """How hard a picture may be on whoever sees it, as far as a machine can tell beforehand."""

    GENERAL = "general"
    """It belongs to a case that is not about child safety."""
    CHILD_SAFETY = "child_safety"
    """It belongs to a child-safety case, and no list knows it."""
    KNOWN = "known"
    """A list of known material has it."""


class Blur(StrEnum):
    """How much of a picture a blurred thumbnail keeps. There is no thumbnail without blur."""

    LIGHT = "light"
    """24 cells a side."""
    MEDIUM = "medium"
    """14 cells a side."""
    STRONG = "strong"
    """8 cells a side."""


class Comfort(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How one person wants to see media, and what they do not want to be given."""

    blur: Blur = Blur.STRONG
    grey: bool = True
    """Without colours: thumbnails, and revealed pictures too."""
    thumbnails: bool = False
    """Show blurred thumbnails at once; otherwise a page begins with text alone."""
    opt_out: tuple[CaseTopic, ...] = ()
    """Cases of these topics are not handed to the person by "take next"."""


class Exposure(msgspec.Struct, frozen=True, kw_only=True):
    """One picture that one person revealed."""

    id: str
    case_id: str
    exhibit_id: str
    severity: Severity
    at: datetime
    left_at: datetime | None = None
    """When they left it or went on; null while it may be on their screen."""

    def ends(self, most: timedelta, at: datetime) -> datetime:
        """When the picture was gone: `most` after it came at the latest; an open one lasts until `at`."""
        return max(self.at, min(self.left_at or at, self.at + most))


class ExposureState(msgspec.Struct, frozen=True, kw_only=True):
    """Where somebody stands against the limits."""

    reveals_hour: int = 0
    """Since the last break, within the last hour."""
    minutes_hour: float = 0.0
    reveals_day: int = 0
    """Within the last 24 hours."""
    minutes_day: float = 0.0
    stretch_minutes: float = 0.0
    """By the clock, since the first picture after the last break."""
    warning: str = ""
    """What is nearly used up; empty while nothing is."""
    refused: str = ""
    """Why nothing more is shown now; empty while something is."""
    until: datetime | None = None
    """When pictures are shown again."""


class ExposureWeek(msgspec.Struct, frozen=True, kw_only=True):
    """What all people together saw in one week. Names nobody, and counts five people or more."""

    week: datetime
    """Its Monday, 00:00 UTC."""
    people: int | None
    """Null where they were fewer than five: then nothing else is told either."""
    reveals: int | None = None
    minutes: float | None = None
    severity: dict[str, int] = {}
    """Pictures by severity; empty where fewer than five people saw those of one."""
