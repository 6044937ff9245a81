"""Keeps up with term lists while they are asked: a cheap look now and then, loading beside the questions."""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime

from havenwall.errors import HavenwallError
from havenwall.guard.terms.force import InForce
from havenwall.guard.terms.source import Mark, TermFiles

_log = logging.getLogger(__name__)


class Fixed:
    """What is in force, once and for all."""

    problem = None

    def __init__(self, state: InForce) -> None:
        self._state = state

    def fresh(self) -> InForce:
        """What is in force."""
        return self._state

    def refresh(self) -> bool:
        """There is nothing to look at."""
        return False

    def close(self) -> None:
        """There is nothing to wait for."""

    def newest(self) -> None:
        """There are no files."""


class Follower:
    """What is in force by the files as they are now. Safe to share between threads."""

    def __init__(self, files: TermFiles, every: float) -> None:
        """`every`: seconds between two looks.

        Raises:
            BadConfig, BadInput: as `TermFiles.load`.
        """
        self._files, self._every = files, every
        self._mark = files.mark()
        self._state = files.load()
        self._due = time.monotonic() + every
        self._lock = threading.Lock()
        self._loader: threading.Thread | None = None
        self.problem: str | None = None

    problem: str | None
    """Why the files as they are now were refused; what was in force before stays so."""

    def fresh(self) -> InForce:
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
            return mark != self._mark and self._load(mark)

    def newest(self) -> datetime | None:
        """When the newest list was written."""
        return self._files.newest()

    def close(self) -> None:
        """Wait for what is being loaded."""
        with self._lock:
            self._wait()

    def _look(self) -> None:
        self._due = time.monotonic() + self._every
        if self._loader is not None and self._loader.is_alive():
            return
        mark = self._files.mark()
        if mark != self._mark:
            self._loader = threading.Thread(
                target=self._load, args=(mark,), name="havenwall-terms", daemon=True
            )
            self._loader.start()

    def _wait(self) -> None:
        if self._loader is not None:
            self._loader.join()
            self._loader = None

    def _load(self, mark: Mark) -> bool:
        # The mark is older than what is read: files replaced meanwhile differ from it at the next look.
        self._mark = mark
        try:
            self._state = self._files.load(expected=bool(self._state.terms.version))
        except HavenwallError as error:
            self.problem = f"{error} ({error.hint})" if error.hint else str(error)
        except Exception as error:
            # What a thread does not tell is never heard of. Only its kind: an error may carry a term.
            self.problem = f"could not be loaded: {type(error).__name__}"
        else:
            self.problem = None
            return True
        _log.warning("term lists refused, the old ones stay in force: %s", self.problem)
        return False
