"""Pictures that were answered and are not classified yet: noted, so that none is lost unseen.

A note is a small file that names account, place and hash; of the picture nothing is kept. It is there before
the sender has the answer and goes when every classifier has answered, so what a crash cut off is still there
after it. Sending the picture again takes the note away.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from havenwall.detect.classifiers import Shown

LONGEST: Final = 600.0
"""Seconds that a picture waits for a classifier that does not answer; then it is let go."""
MOST: Final = 10_000
"""Notes that are kept: a long outage must not fill the disk."""
_CUT_OFF: Final = LONGEST + 300
"""Seconds after which whoever had it has ended."""
_WAITS, _LEFT = ".waits", ".left"


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """How many pictures are not classified."""

    waiting: int
    """They will be."""
    left: int
    """They will not be before somebody sends them again: `MOST` stands for that or more."""


class Unclassified:
    """The notes in a folder; for any number of processes and threads. They outlive a process that crashes; a
    machine that loses power may lose those of its last seconds."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder, self._clock = folder, clock
        self._lock = threading.Lock()
        self._room: int | None = None

    def note(self, shown: Shown) -> bool:
        """Note that a picture waits; false where there are too many notes. Raises OSError."""
        path = self._folder / (shown.id + _WAITS)
        if not path.exists() and not self._taken():
            return False
        path.write_bytes(msgspec.json.encode(shown))
        self._gone(path.with_suffix(_LEFT))
        return True

    def done(self, shown: Shown) -> None:
        """Every classifier has answered. Raises OSError."""
        for ending in (_WAITS, _LEFT):
            self._gone(self._folder / (shown.id + ending))

    def leave(self, shown: Shown) -> None:
        """It is not going to be classified. Raises OSError."""
        path = self._folder / (shown.id + _WAITS)
        with suppress(FileNotFoundError):
            path.replace(path.with_suffix(_LEFT))

    def counted(self) -> Counted:
        """How many there are. Raises OSError."""
        found = [self._is_left(each) for each in self._notes()]
        return Counted(waiting=found.count(False), left=min(found.count(True), MOST))

    def _is_left(self, entry: os.DirEntry[str]) -> bool:
        if entry.name.endswith(_LEFT):
            return True
        try:
            return self._clock() - entry.stat().st_mtime > _CUT_OFF
        except FileNotFoundError:
            return False

    def _taken(self) -> bool:
        with self._lock:
            if self._room is None:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._room = MOST - sum(1 for _ in self._notes())
            self._room = max(-1, self._room - 1)
            return self._room >= 0

    def _gone(self, path: Path) -> None:
        with suppress(FileNotFoundError), self._lock:
            path.unlink()
            self._room = None if self._room is None else min(MOST, max(0, self._room) + 1)

    def _notes(self) -> Iterator[os.DirEntry[str]]:
        with suppress(FileNotFoundError), os.scandir(self._folder) as entries:
            yield from (each for each in entries if each.name.endswith((_WAITS, _LEFT)))
