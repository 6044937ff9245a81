"""When things happened. Times depend on account age only, so they do not tell members from others."""

from __future__ import annotations

import numpy as np

from havenwall.sandbox.config import SandboxConfig
from havenwall.sandbox.sampling import Bools, Ints

DAY = 86_400_000_000
"""Microseconds in a day."""
FRESH_DAYS = 30
"""A fresh account is at most this old."""
SETTLED_DAYS = 90
"""Every other account is at least this old."""


def present(config: SandboxConfig) -> int:
    """The end of the history, µs since 1970 UTC."""
    return round(config.end.timestamp() * 1_000_000)


def created(config: SandboxConfig, fresh: Bools, rng: np.random.Generator) -> Ints:
    """When each account was created, µs since 1970 UTC; removals lie between settled and fresh."""
    low = np.where(fresh, 0, SETTLED_DAYS)
    high = np.where(fresh, FRESH_DAYS, config.days)
    age = low + rng.random(fresh.size) * (high - low)
    return present(config) - (age * DAY).astype(np.int64)


def between(low: Ints, high: Ints | int, rng: np.random.Generator) -> Ints:
    """A moment between `low` and `high`, uniformly, for each entry, in µs."""
    return low + (rng.random(low.size) * (np.asarray(high) - low)).astype(np.int64)
