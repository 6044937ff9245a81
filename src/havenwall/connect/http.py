"""GET over HTTP with back-off. Credentials go into headers only, and only to the address of the settings."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Final, NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

from havenwall.errors import BadConfig, SourceFailed
from havenwall.model import now

MOST_BYTES: Final = 256 << 20
"""Of an answer."""
_TIMEOUT: Final = 60.0
_TRIES: Final = 6
_FIRST_WAIT: Final = 0.5
_LONGEST_WAIT: Final = 300.0
_AGAIN: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class Answer(NamedTuple):
    """Status and body of an answer that is no error, or that the asker said it takes."""

    status: int
    body: bytes


class Http:
    """Asks one server. `sleep` waits so many seconds between tries."""

    def __init__(
        self,
        address: str,
        headers: Mapping[str, str],
        *,
        sleep: Callable[[float], None] = time.sleep,
        context: ssl.SSLContext | None = None,
        most: int = MOST_BYTES,
    ) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadConfig("is no address", field="address", hint="such as https://lists.example.org/v2")
        self._address, self._origin = address.rstrip("/"), (parts.scheme, parts.netloc)
        self._headers, self._sleep, self._most = dict(headers), sleep, most
        self._context = (context or ssl.create_default_context()) if parts.scheme == "https" else None

    def get(
        self, path: str, query: Mapping[str, str] | None = None, *, take: frozenset[int] = frozenset()
    ) -> Answer:
        """What stands at a path below the address (or, from `/` on or complete, on the same server).

        Tries again, waiting longer each time or as long as the server says, when it is busy or fails.

        Args: `take`: statuses, besides 200, that are answers and no errors.

        Raises:
            SourceFailed: no answer, an error, an answer that is too long, or an address on another server.
        """
        target = self._target(path, query)
        wait, why = _FIRST_WAIT, ""
        for left in reversed(range(_TRIES)):
            status, body, told = self._once(target)
            if status == 200 or status in take:
                return Answer(status, body)
            why = f"answered {status}" if status else body.decode()
            if status and status not in _AGAIN:
                break
            if left:
                self._sleep(min(told if told is not None else wait, _LONGEST_WAIT))
                wait *= 2
        hint = (
            "check the credentials and what they may see"
            if status in (401, 403)
            else "it is tried again later"
        )
        raise SourceFailed(f"{self._origin[1]} {why}", hint=hint)

    def _target(self, path: str, query: Mapping[str, str] | None) -> str:
        whole = urljoin(f"{self._address}/", path) if path else self._address
        parts = urlsplit(whole)
        if (parts.scheme, parts.netloc) != self._origin:
            raise SourceFailed(
                f"{self._origin[1]} sends us to another server", hint="its paging is not followed"
            )
        text = "&".join(filter(None, (parts.query, urlencode(query or {}))))
        return f"{parts.path or '/'}{'?' + text if text else ''}"

    def _once(self, target: str) -> tuple[int, bytes, float | None]:
        """Status (0: no answer), body or reason, and the seconds the server wants us to wait."""
        connection = self._opened()
        try:
            connection.request("GET", target, headers=self._headers)
            response = connection.getresponse()
            body = response.read(self._most + 1)
            if len(body) > self._most:
                raise SourceFailed(f"{self._origin[1]} answers more than {self._most:,} bytes")
            return response.status, body, seconds_of(response.getheader("Retry-After"))
        except (OSError, HTTPException) as error:
            return 0, f"does not answer ({type(error).__name__})".encode(), None
        finally:
            connection.close()

    def _opened(self) -> HTTPConnection:
        host = self._origin[1]
        if self._context is None:
            return HTTPConnection(host, timeout=_TIMEOUT)
        return HTTPSConnection(host, timeout=_TIMEOUT, context=self._context)


def seconds_of(text: str | None) -> float | None:
    """Retry-After: seconds, or a moment (RFC 9110, 10.2.3)."""
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(text) - now()).total_seconds())
    except (ValueError, TypeError):
        return None
