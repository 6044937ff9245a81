"""HTTP with one deadline for a whole exchange, over connections that are used again."""

from __future__ import annotations

import io
import math
import socket
import ssl
import time
from collections import deque
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from havenwall.errors import BadConfig

LARGEST: Final = 16 << 20
"""Bytes of an answer; more is no answer of a guard."""
_IDLE: Final = 8
"""Connections kept between calls."""


class Reply(NamedTuple):
    """Status and body."""

    status: int
    body: bytes


class Wire:
    """Posts JSON to one server. Thread safe."""

    def __init__(self, url: str, headers: dict[str, str], context: ssl.SSLContext | None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise BadConfig(f"{url!r} is no address", field="url", hint="such as https://guard.internal:8420")
        self._host, self._port, self._prefix = parts.hostname, parts.port, parts.path.rstrip("/")
        self._context = (context or ssl.create_default_context()) if parts.scheme == "https" else None
        self._headers = headers | {"Content-Type": "application/json", "Accept": "application/json"}
        self._idle: deque[_Connection] = deque()

    def post(self, path: str, body: bytes, timeout: float) -> Reply:
        """Send and read, all of it within `timeout` seconds (looking up the host's name is not counted).

        Raises:
            OSError, HTTPException: no answer, or not in time.
        """
        deadline = time.monotonic() + timeout
        kept = self._kept()
        if kept is not None:
            try:
                return self._exchange(kept, path, body, deadline)
            except TimeoutError:
                raise
            except (OSError, HTTPException):
                # A server ends idle connections when it likes; asking twice changes nothing there.
                pass
        return self._exchange(self._opened(), path, body, deadline)

    def close(self) -> None:
        """End the connections that are kept; later calls open new ones."""
        while (kept := self._kept()) is not None:
            kept.close()

    def _exchange(self, connection: _Connection, path: str, body: bytes, deadline: float) -> Reply:
        try:
            connection.until(deadline)
            connection.request("POST", self._prefix + path, body, self._headers)
            response = connection.getresponse()
            content = response.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise HTTPException("the answer is too long")
        except BaseException:
            connection.close()
            raise
        if response.will_close or not response.isclosed() or len(self._idle) >= _IDLE:
            connection.close()
        else:
            self._idle.append(connection)
        return Reply(response.status, content)

    def _kept(self) -> _Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _opened(self) -> _Connection:
        if self._context is None:
            return _Plain(self._host, self._port)
        return _Secure(self._host, self._port, context=self._context)


class _Timed:
    """A socket whose every step shares one deadline; http.client alone gives each step a time of its own,
    so that a server that sends byte by byte could hold a request for ever."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self.deadline = sock, deadline
        self._readers, self._closing = 0, False

    def hurry(self) -> None:
        """Let the next step take no longer than what is left.

        Raises:
            TimeoutError: nothing is left.
        """
        self._sock.settimeout(_left(self.deadline))

    def sendall(self, data: Any) -> None:
        """As of a socket."""
        self.hurry()
        self._sock.sendall(data)

    def makefile(self, *_mode: Any) -> io.BufferedReader:
        """As of a socket, for reading."""
        self._readers += 1
        return io.BufferedReader(_Reader(self, self._sock))

    def close(self) -> None:
        """As of a socket: what is being read is read to its end."""
        self._closing = True
        self._settle()

    def read_up(self) -> None:
        """A reader is done."""
        self._readers -= 1
        self._settle()

    def _settle(self) -> None:
        if self._closing and self._readers <= 0:
            self._sock.close()


class _Reader(io.RawIOBase):
    def __init__(self, timed: _Timed, sock: socket.socket) -> None:
        self._timed, self._sock = timed, sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._timed.hurry()
        return self._sock.recv_into(buffer)

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._timed.read_up()


class _Deadline(HTTPConnection):
    """Mixed into a connection: `until` sets the deadline of what comes next."""

    _deadline = math.inf

    def until(self, deadline: float) -> None:
        self._deadline = deadline
        if isinstance(self.sock, _Timed):
            self.sock.deadline = deadline

    def connect(self) -> None:
        self.timeout = _left(self._deadline)
        super().connect()
        self.sock: Any = _Timed(self.sock, self._deadline)


class _Plain(_Deadline, HTTPConnection):
    pass


class _Secure(_Deadline, HTTPSConnection):
    pass


_Connection = _Plain | _Secure


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("timed out")
    return left
