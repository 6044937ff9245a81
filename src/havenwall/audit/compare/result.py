"""Compared: what a comparison says, and what it refuses to say. Its JSON shape is a public contract."""

from __future__ import annotations

from typing import Literal

import msgspec

from havenwall.audit.compare.request import CanaryKind, Prior

Sign = Literal["higher", "lower", "undetermined"]
"""Of the first platform of a pair against the second."""


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """An estimate and its interval."""

    value: float
    low: float
    high: float


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """What a platform's search gave for its effort."""

    platform: str
    found: int
    effort: float
    found_rate: Span
    """Accounts found per unit of effort, as found."""
    clumping: float
    """How many times the variance between sessions is that of independent finds; 1 where not known."""
    detection: Span | None
    """Share of canaries found; null without canaries."""
    corrected: Span | None
    """What is there (`search`), or is met per unit of effort (`encounter`); null without canaries."""


class Needed(msgspec.Struct, frozen=True, kw_only=True):
    """What would settle the sign of a pair in four of five repetitions, if the estimates are right."""

    canaries: list[int] | None
    """Planted in all on the first and on the second platform, all else as it was; null if they cannot."""
    effort_times: float | None
    """Times the effort on both, all else as it was; null if it cannot."""
    both_times: float | None
    """Times the effort and the canaries together; null if not even that many times settles it."""
    words: str


class Ratio(msgspec.Struct, frozen=True, kw_only=True):
    """One platform over another."""

    first: str
    second: str
    found: Span
    """Of the found rates, for this pair alone. It says nothing of what is there."""
    corrected: Span | None
    """Of the corrected figures, for this pair alone."""
    together: Span | None
    """As `corrected`, wide enough to hold for all pairs together; the sign rests on it."""
    sign: Sign
    follows: bool = False
    """The sign follows from two other pairs."""
    chance_higher: float | None
    """Posterior probability that the first is higher."""
    why: str
    """Why the sign is undetermined; else empty."""
    tips_at: float | None
    """Without canaries: how many times as surely one search must find an account for the found
    difference to be possibly nothing; null where it is so already."""
    needed: Needed | None


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a platform stands in the partial order."""

    platform: str
    higher_than: list[str]
    lower_than: list[str]
    unranked_against: list[str]


class LowerBound(msgspec.Struct, frozen=True, kw_only=True):
    """A capture–recapture figure: at least about so many."""

    platform: str
    method: str
    seen: int
    """Different accounts on the lists."""
    at_least: Span
    warnings: list[str]


class StillActive(msgspec.Struct, frozen=True, kw_only=True):
    """Share of a platform's found accounts still active on a day."""

    platform: str
    day: float
    share: Span
    at_risk: int
    """Looked at on that day, or known to be active shortly before it."""
    method: str


class ActiveDifference(msgspec.Struct, frozen=True, kw_only=True):
    """Share still active on the first platform less that on the second, on the last day both know."""

    first: str
    second: str
    day: float
    difference: Span
    """Wide enough to hold for all pairs together."""
    sign: Sign


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """What a comparison between platforms found."""

    title: str
    unit: str
    level: float
    pairs: int
    """Compared together: each rests on an interval of level 1 - (1 - level) / pairs (Bonferroni)."""
    prior: Prior
    canaries: CanaryKind | None
    rates: list[Rate]
    ratios: list[Ratio]
    order: list[Place]
    lower_bounds: list[LowerBound]
    still_active: list[StillActive]
    active_differences: list[ActiveDifference]
    caveats: list[str]
