"""Counts of a guard inside somebody else's process: they never raise there, and survive a fork."""

from __future__ import annotations

import os
import weakref
from contextlib import suppress
from pathlib import Path

from havenwall.guard.surface import Surface
from havenwall.guard.tally import Tally


class Counts:
    """Brings what one guard answers into a tally's folder. Thread safe.

    A background thread, started with the first count, writes every `every` seconds; what is left is
    written by `close`, when the guard is let go, and at the end of the process. A process that is killed
    loses its last seconds.
    """

    def __init__(self, folder: Path, *, every: float = 5.0) -> None:
        self._folder = folder
        self._every = every
        self._pid = 0
        self._tally = Tally(folder)

    def add(self, surface: Surface, judged: int, dropped: int, changed: int) -> None:
        """Count an answer: candidates judged, not shown, and shown otherwise."""
        if self._pid != os.getpid():
            self._begin()
        self._tally.add(surface, judged, dropped, changed)

    def close(self) -> None:
        """Stop the thread and write what is left. Later counts wait for the end of the process."""
        if self._pid == os.getpid():
            self._tally.close()

    def _begin(self) -> None:
        # A forked process has a copy of its parent's counts, which are the parent's to write, and no thread.
        # Threads that meet here may begin twice; each tally writes what it was given.
        pid, tally = os.getpid(), Tally(self._folder)
        weakref.finalize(self, _settle, tally, pid)
        with suppress(RuntimeError):  # no more threads to be had: written at the end
            tally.follow(self._every)
        self._tally, self._pid = tally, pid


def folder_of(tally: Path | str | bool, root: Path) -> Path | None:
    """Where counts go: nowhere, into a folder, or, for True, where the server beside `root` looks."""
    if isinstance(tally, bool):
        return root.with_name(f"{root.name}-tally") if tally else None
    return Path(tally)


def _settle(tally: Tally, pid: int) -> None:
    # Runs in whatever thread lets the last reference go, so it waits for no thread.
    if os.getpid() == pid:
        tally.stop()
        tally.flush()
