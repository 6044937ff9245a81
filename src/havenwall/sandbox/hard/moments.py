"""The present of a hard platform, and its units of time."""

from __future__ import annotations

from havenwall.sandbox.hard.config import HardConfig

SECOND = 1_000_000
"""Microseconds in a second."""


def present(config: HardConfig) -> int:
    """The end of the history, µs since 1970 UTC; a whole second."""
    return round(config.end.timestamp()) * SECOND
