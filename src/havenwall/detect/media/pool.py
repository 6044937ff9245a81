"""Warm decoding processes: a file in, a `MediaRecord` out, whatever the file does to its decoder."""

from __future__ import annotations

import queue
from collections.abc import Callable
from types import TracebackType
from typing import Self

from havenwall.detect.media.hash import digests, record_of
from havenwall.detect.media.record import Digests, MediaRecord, Outcome, Pictures, Want
from havenwall.detect.media.worker import Budget, Misbehaved, Worker
from havenwall.errors import BadInput, NotReady

_FILES_PER_PROCESS = 5_000
"""After this many a process is replaced, so that what decoders leak does not add up."""


class DecodePool:
    """`size` processes; for any number of threads. Exact hashes are made here, never by a child."""

    def __init__(self, size: int = 1, budget: Budget | None = None) -> None:
        """Starts the processes without waiting for them.

        Raises:
            BadInput: a size below one.
        """
        if size < 1:
            raise BadInput("a pool needs a process", field="size", hint="give 1 or more")
        self._budget = budget or Budget()
        self._open = True
        self._idle: queue.SimpleQueue[Worker | None] = queue.SimpleQueue()
        self._size = size
        for _ in range(size):
            self._idle.put(self._started())

    def hash_bytes(self, data: bytes, want: Want | None = None) -> MediaRecord:
        """The record of a file. Waits for a free process; a file that kills its process is `unreadable`.

        Raises:
            NotReady: the pool is closed.
        """
        made: list[Digests] = []
        pictures = self._pictures(data, want or Want(), lambda: made.append(digests(data)))
        return record_of(data, pictures, made[0] if made else None)

    def look_at(self, data: bytes, want: Want) -> Pictures:
        """The first picture of a file in the ways of `want.looks`. Waits and raises as `hash_bytes`."""
        return self._pictures(data, want, lambda: None)

    def _pictures(self, data: bytes, want: Want, meanwhile: Callable[[], None]) -> Pictures:
        if len(data) > want.limits.most_bytes:
            reason = f"{len(data)} bytes, limit {want.limits.most_bytes}"
            return Pictures(outcome=Outcome.TOO_LARGE, reason=reason)
        if not self._open:
            raise NotReady("the decode pool is closed", hint="make a new one")
        worker = self._idle.get()
        try:
            worker = worker or Worker(self._budget)
            worker.give(data, want)
            meanwhile()
            pictures = worker.take()
        except (Misbehaved, OSError) as broken:
            _closed(worker)
            worker, pictures = None, Pictures(outcome=Outcome.UNREADABLE, reason=str(broken))
        except BaseException:
            # An answer still under way must never be taken for the next file's.
            _closed(worker)
            worker = None
            raise
        finally:
            self._idle.put(self._fresh(worker))
        return pictures

    def close(self) -> None:
        """End the processes, waiting for files under way."""
        self._open = False
        for _ in range(self._size):
            _closed(self._idle.get())
        for _ in range(self._size):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _started(self) -> Worker | None:
        try:
            return Worker(self._budget)
        except OSError:  # tried again when a file comes
            return None

    def _fresh(self, worker: Worker | None) -> Worker | None:
        if worker is not None and worker.served < _FILES_PER_PROCESS:
            return worker
        _closed(worker)
        return self._started() if self._open else None


def _closed(worker: Worker | None) -> None:
    if worker is not None:
        worker.close()
