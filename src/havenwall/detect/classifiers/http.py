"""Classifiers that somebody serves over HTTP: one question per request, a few at once."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from havenwall.detect.classifiers.base import Kind, Picture, Score
from havenwall.detect.classifiers.wire import question, severity
from havenwall.errors import BadConfig, SourceFailed

_MOST_BYTES: Final = 1 << 20
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIRST_WAIT: Final = 0.25


class HttpOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a server is asked."""

    category: str
    """The category whose severity counts."""
    highest: float = 6.0
    """The greatest severity: it becomes a score of 1."""
    seconds: float = 5.0
    """Longest wait for an answer to connect or send anything; and, all tries together, three times that."""
    tries: int = 3
    at_once: int = 4
    """Requests under way at a time."""


class Asked(NamedTuple):
    """What one request brought: 0 is no answer at all."""

    status: int
    body: bytes
    wait: float | None
    """Seconds that the server wants to be left alone."""


class HttpClassifier:
    """A server that answers POST with `categoriesAnalysis`."""

    def __init__(
        self,
        name: str,
        address: str,
        kind: Kind,
        options: HttpOptions,
        headers: Mapping[str, str] | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            hint = "such as https://safety.example.org/analyze"
            raise BadConfig("is no address", field=f"{name}.address", hint=hint)
        self.name, self.kind, self._options, self._sleep = name, kind, options, sleep
        self.version = f"{parts.netloc}{parts.path}/{options.category}"
        self._host = parts.netloc
        self._target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        self._headers = {"Content-Type": "application/json", **(headers or {})}
        self._context = ssl.create_default_context() if parts.scheme == "https" else None

    def scores(self, inputs: Sequence[str] | Sequence[Picture]) -> list[Score]:
        """One score per input; one that the server refuses (400, 413, 415, 422) has no score, but a fault.

        Raises:
            SourceFailed: no answer in time, busy, failing, refusing our credentials, or answers that make no
                sense, after all tries. Nothing is known of any input then.
        """
        if not inputs:
            return []
        with ThreadPoolExecutor(max_workers=min(self._options.at_once, len(inputs))) as pool:
            asked = [pool.submit(self._one, given) for given in inputs]
            try:
                return [each.result() for each in asked]
            finally:
                # After a failure the rest is not asked at all.
                pool.shutdown(wait=False, cancel_futures=True)

    def _one(self, given: str | Picture) -> Score:
        body, wait = question(given, self._options.category), _FIRST_WAIT
        until = time.monotonic() + 3 * self._options.seconds
        for left in reversed(range(self._options.tries)):
            asked = self._ask(body)
            if asked.status and asked.status not in _AGAIN:
                return self._read(asked)
            pause = wait if asked.wait is None else asked.wait
            if not left or time.monotonic() + pause > until:
                break
            self._sleep(pause)
            wait *= 2 if asked.wait is None else 1
        why = f"answers {asked.status}" if asked.status else f"does not answer ({asked.body.decode()})"
        raise SourceFailed(f"{self.name}: {self._host} {why}", hint="it is tried again later")

    def _read(self, asked: Asked) -> Score:
        if asked.status in (400, 413, 415, 422):
            return Score(None, f"refused with {asked.status}")
        if asked.status != 200:
            hint = "check address and credentials"
            raise SourceFailed(f"{self.name}: {self._host} answers {asked.status}", hint=hint)
        try:
            value = severity(asked.body, self._options.category) / self._options.highest
        except ValueError as error:
            hint = "it must answer with categoriesAnalysis: [{category, severity}]"
            raise SourceFailed(f"{self.name}: {self._host} gives {error}", hint=hint) from error
        return Score(value) if 0 <= value <= 1 else Score(None, "the severity is out of range")

    def _ask(self, body: bytes) -> Asked:
        connection = self._opened()
        try:
            connection.request("POST", self._target, body, self._headers)
            response = connection.getresponse()
            # A connection's time-out starts anew with each byte; a slow drip must end as well.
            content = _within(response.read1, time.monotonic() + self._options.seconds)
            return Asked(response.status, content, _seconds(response.getheader("Retry-After")))
        except (OSError, HTTPException) as error:
            return Asked(0, type(error).__name__.encode(), None)
        finally:
            connection.close()

    def _opened(self) -> HTTPConnection:
        if self._context is None:
            return HTTPConnection(self._host, timeout=self._options.seconds)
        return HTTPSConnection(self._host, timeout=self._options.seconds, context=self._context)


def _within(read: Callable[[int], bytes], until: float) -> bytes:
    content = b""
    while part := read(1 << 16):
        content += part
        if len(content) > _MOST_BYTES:
            raise HTTPException("too long")
        if time.monotonic() > until:
            raise TimeoutError
    return content


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else None
