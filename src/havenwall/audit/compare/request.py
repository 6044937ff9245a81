"""CompareRequest: what was found on each platform, with what effort, and what share of planted canaries."""

from __future__ import annotations

from typing import Literal

import msgspec

CanaryKind = Literal["search", "encounter"]
"""What the share of canaries found stands for. It decides whether effort counts once more.

`search`: canaries lay hidden while the whole search ran, so their share already holds its effort.
`encounter`: canaries were put before the searcher, so their share says how many are recognised when met.
"""


class Effort(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much was searched."""

    amount: float
    unit: str
    """Such as `search-hours` or `queries`; the same on every platform."""


class Detection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Harmless accounts planted before the search, and how many it found. They do not count as found."""

    planted: int
    found: int


class TwoLists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sizes of two independent lists of found accounts, and of their overlap."""

    first: int
    second: int
    both: int


class Recapture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the same accounts were found again: exactly one of the three forms."""

    two_lists: TwoLists | None = None
    lists: dict[str, list[str | int]] | None = None
    """Account ids by name of the list."""
    frequencies: list[int] | None = None
    """Accounts found exactly once, twice, three times and so on."""
    occasions: int | None = None
    """With `frequencies`: in how many searches an account could be found; left out where there were many."""


class Recheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Found accounts looked at again."""

    day: float
    """Days after they were found."""
    active: int
    of: int | None = None
    """How many were looked at; all that were found unless given."""


class Lifetime(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account: between which two looks it went. Days after it was found."""

    active: float
    """Last look that found it active; 0 if none did."""
    gone: float | None = None
    """First look that found it gone; left out where it was still active."""


class Survival(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of the accounts found: exactly one of the two forms."""

    checks: list[Recheck] | None = None
    lifetimes: list[Lifetime] | None = None


class Platform(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one platform's search gave."""

    name: str
    found: int
    """Different accounts found."""
    effort: Effort
    detection: Detection | None = None
    sessions: list[int] | None = None
    """Accounts first found in each of equal parts of the effort. Finds in clumps widen the intervals."""
    recapture: Recapture | None = None
    survival: Survival | None = None


class Prior(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is supposed before looking. Jeffreys' rule unless set."""

    rate: float = 0.5
    """Shape of a Gamma prior with rate 0; 0 adds nothing to the count."""
    detection: float = 0.5
    """Both parameters of a Beta prior; 0 adds nothing to the canaries."""


class CompareRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to compare. Searches that were not done alike cannot be made alike by arithmetic."""

    platforms: list[Platform]
    title: str = ""
    canaries: CanaryKind | None = None
    """Needed where a platform has `detection`."""
    prior: Prior = Prior()
    level: float = 0.95
    """Of every interval; the ranking takes it for all pairs together."""
