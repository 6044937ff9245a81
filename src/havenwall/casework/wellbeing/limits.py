"""How much a person may see before a break, within an hour and within a day."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from havenwall.errors import BadConfig


class ExposureLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The limits. Five hours a day and a break each hour are the practice of the IWF (report of 2024); the
    others have no study behind them."""

    day_hours: float = 5.0
    day_reveals: int = 300
    hour_minutes: float = 40.0
    hour_reveals: int = 60
    break_after_minutes: float = 60.0
    """By the clock: time between two pictures counts too, unless it was as long as a break."""
    break_minutes: float = 10.0
    item_seconds: float = 300.0
    """What one picture counts at most: nobody knows whether a page left open was looked at."""
    warn_share: float = 0.8

    @property
    def rest(self) -> timedelta:
        """How long a break is."""
        return timedelta(minutes=self.break_minutes)

    @property
    def item(self) -> timedelta:
        """What one picture counts at most."""
        return timedelta(seconds=self.item_seconds)


def check_limits(limits: ExposureLimits) -> ExposureLimits:
    """The limits, if they protect anybody.

    Raises:
        BadConfig: one is out of its range; names the setting.
    """
    for name, least, most in _RANGES:
        if not least <= getattr(limits, name) <= most:
            raise BadConfig(f"must lie between {least:g} and {most:g}", field=f"exposure_{name}")
    return limits


_RANGES = (
    ("day_hours", 0.01, 12),
    ("day_reveals", 1, 10_000),
    ("hour_minutes", 0.1, 60),
    ("hour_reveals", 1, 3600),
    ("break_after_minutes", 0.1, 240),
    ("break_minutes", 0.01, 240),
    ("item_seconds", 1, 3600),
    ("warn_share", 0.1, 1),
)
