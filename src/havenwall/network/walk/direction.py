"""Which way a walker goes."""

from __future__ import annotations

from enum import StrEnum


class Direction(StrEnum):
    """Which way the walker goes."""

    ALONG = "along"
    """From follower to followed."""
    AGAINST = "against"
    """From followed to follower."""
    SYMMETRIC = "symmetric"
    """Either way; a mutual tie counts twice."""
