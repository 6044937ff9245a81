"""Keeps up with files while they are used: a cheap look now and then, loading beside the questions.

What reads the files is the caller's; here only `file_mark` touches the disk. It lies here, and not beside the
stages, because a query guard in the platform's own process must load nothing of them.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Hashable
from pathlib import Path
from typing import Final, Generic, Protocol, TypeVar

from havenwall.errors import HavenwallError

_log = logging.getLogger(__name__)
T = TypeVar("T")
AGAIN: Final = 60.0
"""Seconds after which files that were refused are tried again though they look as before: memory that was
short may not be any more."""


class Files(Protocol[T]):
    """Files, and what is made of them."""

    def mark(self) -> Hashable:
        """What the files look like from outside: differs when one was replaced. Cheap."""
        ...

    def load(self, old: T | None = None) -> T:
        """Read everything. `old`: what was in force before.

        Raises:
            HavenwallError: a file cannot be read or is not right.
        """
        ...


def file_mark(path: Path) -> tuple[str, int, int, int]:
    """Name, number on the disk and times of change of a file, zeros where it is not; some microseconds."""
    try:
        stat = path.stat()
    except OSError:
        return str(path), 0, 0, 0
    return str(path), stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns


class Follower(Generic[T]):
    """What is in force by the files as they are now. Safe to share between threads."""

    def __init__(self, files: Files[T], every: float, what: str) -> None:
        """`every`: seconds between two looks. `what`: what the files are called in the log.

        Raises:
            HavenwallError: as `Files.load`.
        """
        self._files, self._every, self._what = files, every, what
        self._mark = files.mark()
        self._state = files.load()
        self._due = time.monotonic() + every
        self._refused = 0.0
        self._lock = threading.Lock()
        self._loader: threading.Thread | None = None
        self.problem: str | None = None

    problem: str | None
    """Why the files as they are now were refused; what was in force before stays so."""

    def fresh(self) -> T:
        """What is in force. New files are loaded in a thread of their own, so that nobody waits for it."""
        if time.monotonic() >= self._due and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._state

    def refresh(self) -> bool:
        """Look and load now; true when the files had changed and are in force."""
        with self._lock:
            self._wait()
            mark = self._files.mark()
            return self._is_new(mark) and self._load(mark)

    def refreshed(self) -> T:
        """What is in force after a look now."""
        self.refresh()
        return self._state

    def close(self) -> None:
        """Wait for what is being loaded."""
        with self._lock:
            self._wait()

    def _look(self) -> None:
        self._due = time.monotonic() + self._every
        if self._loader is not None and self._loader.is_alive():
            return
        mark = self._files.mark()
        if self._is_new(mark):
            self._loader = threading.Thread(
                target=self._load, args=(mark,), name="havenwall-lists", daemon=True
            )
            self._loader.start()

    def _wait(self) -> None:
        if self._loader is not None:
            self._loader.join()
            self._loader = None

    def _is_new(self, mark: Hashable) -> bool:
        waited = time.monotonic() - self._refused
        return mark != self._mark or (self.problem is not None and waited >= AGAIN)

    def _load(self, mark: Hashable) -> bool:
        # The mark is older than what is read: files replaced meanwhile differ from it at the next look.
        self._mark, before = mark, self.problem
        try:
            self._state = self._files.load(self._state)
        except HavenwallError as error:
            self.problem = f"{error} ({error.hint})" if error.hint else str(error)
        except Exception as error:
            # What a thread does not tell is never heard of. Only its kind: an error may carry a term.
            self.problem = f"could not be loaded: {type(error).__name__}"
        else:
            self.problem = None
            return True
        self._refused = time.monotonic()
        if self.problem != before:
            _log.warning("%s refused, the old ones stay in force: %s", self._what, self.problem)
        return False
