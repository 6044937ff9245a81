"""When something that failed is tried again: exponential back-off with full jitter, and a circuit breaker.

Full jitter spreads retries best (Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import msgspec


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How often and how long something is tried."""

    tries: int = 30
    """After so many it has failed for good; with the waits below that is about a day."""
    first: float = 5.0
    """Seconds before the second try, at most; doubled each time."""
    longest: float = 3600.0
    shut_after: int = 5
    """Failures in a row after which a receiver is left alone for a while, then tried with one message."""
    shut_longest: float = 600.0

    def wait(
        self, tries: int, asked: float | None = None, chance: Callable[[], float] = random.random
    ) -> timedelta | None:
        """How long to wait after so many tries; None if there is to be no other.

        Args: `asked`: seconds the receiver asks for. They are waited, up to the longest wait.
        """
        if tries >= self.tries:
            return None
        ceiling = min(self.longest, self.first * 2.0 ** min(tries - 1, 30))
        # Never at once: a receiver that fails needs a moment, and half of the ceiling still spreads.
        drawn = ceiling * (0.5 + chance() / 2)
        return timedelta(seconds=max(drawn, min(asked or 0.0, self.longest)))

    def shut(self, failures: int) -> timedelta | None:
        """For how long to leave a receiver alone after so many failures in a row; None: not yet."""
        over = failures - self.shut_after
        if over < 0:
            return None
        return timedelta(seconds=min(self.shut_longest, self.first * 2.0 ** min(over, 30)))
