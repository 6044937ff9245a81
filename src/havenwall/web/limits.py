"""How much we take: the size of a request, and the number of failed sign-ins."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LARGEST_BODY = 10_000_000
"""Bytes."""
MEDIA_PATHS = ("/v1/media/", "/v1/live/", "/media", "/h/", "/m/")
"""Beginnings of the paths that take pictures and videos."""
MULTIPART = 10_000
"""Bytes that a form has around a file."""
_KEYS = 20_000
"""Callers remembered at once; an attacker with many addresses must not fill our memory."""


class BodyLimit:
    """Refuses bodies of more than `most` bytes, announced or streamed, with status 413.

    `larger`: bytes for paths that begin so.
    """

    def __init__(
        self, app: ASGIApp, *, most: int = LARGEST_BODY, larger: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._most = most
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        most = next((n for start, n in self._larger.items() if scope["path"].startswith(start)), self._most)
        left = most

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0 or (announced.isdigit() and int(announced) > most):
                raise HTTPException(413, f"the body is larger than {most:,} bytes")
            return message

        await self._app(scope, counted, send)


class Throttle:
    """Counts tries by caller in memory: after `most` within `within` seconds, a caller must wait."""

    def __init__(
        self, *, most: int = 10, within: float = 600.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most
        self._within = within
        self._clock = clock
        self._tries: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, caller: str) -> float:
        """Seconds until the caller may try; 0 lets them, and counts the try.

        A try is counted before its outcome is known: many at once must not slip through together.
        """
        with self._lock:
            now = self._clock()
            tries = self._tries.setdefault(caller, deque(maxlen=self._most))
            if len(tries) == self._most and tries[0] > now - self._within:
                return tries[0] + self._within - now
            tries.append(now)
            self._shrink(now)
            return 0.0

    def forget(self, caller: str) -> None:
        """The caller was right: earlier failures do not count any more."""
        with self._lock:
            self._tries.pop(caller, None)

    def _shrink(self, now: float) -> None:
        if len(self._tries) <= _KEYS:
            return
        fresh = {who: tries for who, tries in self._tries.items() if tries[-1] > now - self._within}
        # All fresh: the ones that tried longest ago go, which is the best that bounded memory can do.
        newest = sorted(fresh, key=lambda who: fresh[who][-1])[-_KEYS // 2 :]
        self._tries = {who: fresh[who] for who in newest}
