"""Whom an API key stands for, remembered for a moment."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from havenwall.model import Viewer

_SECONDS = 1.0
"""So long a revoked key may still be heard."""
_MOST = 10_000


class Keyring:
    """Asks the store for a key at most once a second.

    A recommender asks the guard thousands of times a second with one key; the query would cost more than
    the guard's answer. Only keys that are good are remembered, by their hash; sessions never are.
    """

    def __init__(self, look_up: Callable[[str], Viewer], clock: Callable[[], float] = time.monotonic) -> None:
        self._look_up = look_up
        self._clock = clock
        self._known: dict[bytes, tuple[float, Viewer]] = {}

    async def viewer(self, key: str) -> Viewer:
        """Who the key stands for.

        Raises:
            Unauthenticated: it is unknown or revoked.
        """
        digest = hashlib.sha256(key.encode()).digest()
        until, known = self._known.get(digest, (0.0, None))
        if known is not None and self._clock() < until:
            return known
        asked_at = self._clock()
        viewer = await run_in_threadpool(self._look_up, key)
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[digest] = (asked_at + _SECONDS, viewer)
        return viewer
