"""A sampled log that never stands in the way: a bounded queue, a thread that writes, files that rotate."""

from __future__ import annotations

import logging
import os
import queue
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Final, Self

import msgspec

from havenwall.errors import BadConfig
from havenwall.guard.shadow.entry import ShadowEntry

_log = logging.getLogger(__name__)
_PATIENCE: Final = 5.0
"""Seconds that closing waits for what is still queued."""
_DAY: Final = 86_400.0


class LogCounts(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the questions since the log was opened."""

    seen: int
    """Questions that were asked."""
    written: int
    lost: int
    """Drawn for the sample but not kept: the queue was full, or the disk refused."""


class ShadowLog:
    """Keeps a sample of questions as JSON lines in a private folder (0700, files 0600). Thread safe.

    `rate` is the share of questions kept, drawn with `seed`. A file is closed at `max_bytes`; the newest
    `keep` files of the folder stay, and none older than `days`. With `names=False` no entity name is
    written; such a log shows counts but cannot be replayed.

    Raises:
        BadConfig: a setting out of range, or the folder cannot be made private.
    """

    def __init__(
        self,
        folder: Path | str,
        *,
        rate: float = 0.01,
        seed: int | None = None,
        names: bool = True,
        max_bytes: int = 16 << 20,
        keep: int = 16,
        days: float = 14.0,
        queued: int = 1_000,
    ) -> None:
        _check(rate=rate, max_bytes=max_bytes, keep=keep, days=days, queued=queued)
        self.names = names
        self._folder = _private(Path(folder))
        self._rate, self._random = rate, random.Random(seed)  # noqa: S311 - a sample, not a secret
        self._max_bytes, self._keep, self._days = max_bytes, keep, days
        self._queue: queue.Queue[Callable[[], ShadowEntry]] = queue.Queue(queued)
        self._seen = self._written = self._overrun = self._refused = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self._file: IO[bytes] | None = None
        self._number, self._owner = 0, os.getpid()

    def drawn(self) -> bool:
        """Whether this question belongs to the sample. Counts it."""
        # One lock of a few instructions: the count and a seeded draw must not be torn by threads.
        with self._lock:
            self._seen += 1
            return self._random.random() < self._rate

    def put(self, make: Callable[[], ShadowEntry]) -> None:
        """Keep what `make` gives, later and in another thread. Neither waits nor raises; may lose it."""
        try:
            self._queue.put_nowait(make)
            self._start()
        except (queue.Full, RuntimeError):
            with self._lock:
                self._overrun += 1

    def counts(self) -> LogCounts:
        """What became of the questions so far."""
        return LogCounts(seen=self._seen, written=self._written, lost=self._overrun + self._refused)

    def close(self) -> None:
        """Write what is queued, for a few seconds at most. What comes later starts the log again."""
        self._closing.set()
        thread = self._thread
        if thread is not None:
            thread.join(_PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _start(self) -> None:
        # Looked at without the lock first: almost always it runs. After a fork it does not, in the child.
        if self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._closing.clear()
                self._thread = threading.Thread(target=self._run, name="havenwall-shadow", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while not (self._closing.is_set() and self._queue.empty()):
            try:
                make = self._queue.get(timeout=0.1)
            except queue.Empty:
                continue
            try:
                self._write(msgspec.json.encode(make()) + b"\n")
                self._written += 1
            except Exception as error:
                # Whatever went wrong with one entry, serving goes on and the count says so.
                if not self._refused:
                    _log.warning("shadow log: an entry was lost: %s", error)
                self._refused += 1
                self._end_file()
        self._end_file()

    def _write(self, line: bytes) -> None:
        forked = self._owner != os.getpid()
        if self._file is None or forked or self._file.tell() + len(line) > self._max_bytes:
            self._end_file()
            self._file = self._next_file()
            self._prune()
        self._file.write(line)
        self._file.flush()

    def _next_file(self) -> IO[bytes]:
        self._number, self._owner = self._number + 1, os.getpid()
        stamp = time.strftime("%Y%m%dT%H%M%S", time.gmtime())
        # The process number keeps workers that share the folder apart.
        path = self._folder / f"{stamp}-{os.getpid()}-{self._number:06}.jsonl"
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab")

    def _prune(self) -> None:
        found = sorted(self._folder.glob("*.jsonl"))
        oldest = time.time() - self._days * _DAY
        for at, path in enumerate(found):
            if at < len(found) - self._keep or path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)

    def _end_file(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            try:
                file.close()
            except OSError as error:
                _log.warning("shadow log: a file was not closed: %s", error)


def _private(folder: Path) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise BadConfig(f"cannot be made private ({error.strerror})", field=str(folder)) from error
    return folder


def _check(*, rate: float, max_bytes: int, keep: int, days: float, queued: int) -> None:
    if not 0 <= rate <= 1:
        raise BadConfig(f"is {rate}", field="rate", hint="give a share from 0 to 1")
    for field, value in (("max_bytes", max_bytes), ("keep", keep), ("days", days), ("queued", queued)):
        if not value > 0:
            raise BadConfig(f"is {value}", field=field, hint="give a number above 0")
