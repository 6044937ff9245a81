"""Stops asking what does not answer, and tries again with one question."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from havenwall.errors import SourceFailed


class Breaker:
    """A circuit breaker: closed while all is well, open after failures in a row, then one trial at a time.

    Each failed trial doubles the wait, up to the longest. Usable from several threads.
    """

    def __init__(
        self,
        failures: int = 5,
        first_wait: float = 5.0,
        longest_wait: float = 300.0,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._first, self._longest = failures, first_wait, longest_wait
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._wait = first_wait
        self._until: float | None = None
        self._trying = False

    @property
    def open(self) -> bool:
        """Whether questions are refused, but for a trial."""
        return self._until is not None

    def enter(self, name: str) -> None:
        """Ask for leave to ask `name`; `well` or `failed` must follow.

        Raises:
            SourceFailed: it failed too often, and it is not time for a trial.
        """
        with self._lock:
            if self._until is None:
                return
            left = self._until - self._clock()
            if left > 0 or self._trying:
                hint = f"it is tried again in {max(left, 1):.0f} seconds"
                raise SourceFailed(f"{name} failed {self._failed} times in a row", hint=hint)
            self._trying = True

    def well(self) -> None:
        """It answered."""
        with self._lock:
            self._failed, self._wait, self._until, self._trying = 0, self._first, None, False

    def failed(self, wait: float = 0.0) -> None:
        """It did not; `wait` is how many seconds it wants to be left alone."""
        with self._lock:
            self._failed += 1
            self._trying = False
            if self._failed >= self._most:
                self._until = self._clock() + min(max(self._wait, wait), self._longest)
                self._wait = min(2 * self._wait, self._longest)
