"""When to put records into a bigger segment, and doing it beside the work."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from havenwall.detect.media.index.manifest import Manifest
from havenwall.detect.media.index.segments import UNFINISHED, Part

GROWTH: Final = 4
"""A segment is merged with what came after it once that is a quarter of it: few segments, few rewrites."""
STALE: Final = 0.1
"""A segment is rewritten once this share of it is withdrawn."""

REST: Final = 30.0
"""Seconds after a merge that failed before it is tried again."""


def first_to_merge(parts: Sequence[Part], last: int) -> int:
    """Number of the first record to merge, when all from there to `last` become one segment."""
    first = parts[-1].info.last if parts else 0
    for part in reversed(parts):
        stale = len(part.segment.withdrawn) > STALE * part.info.rows
        if stale or part.info.last - part.info.first < GROWTH * (last - first):
            first = part.info.first
        else:
            break
    return first


def sweep(folder: Path, manifest: Manifest) -> None:
    """Delete segments that are not in force; processes that still have them mapped keep them."""
    names = {info.name for info in manifest.segments}
    for place in folder.iterdir():
        ours = place.name.startswith(("segment-", UNFINISHED))
        if ours and place.name not in names and place.is_dir():
            shutil.rmtree(place, ignore_errors=True)


class Worker:
    """One job at a time in a thread of its own. What makes one fail, as a full disk, may pass: try again."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._rest = 0.0
        self.error: Exception | None = None
        """What the last job failed with."""

    @property
    def busy(self) -> bool:
        """Whether a job runs."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, job: Callable[[], None]) -> None:
        """Run a job; nothing happens when one runs or has just failed."""
        if not self.busy and time.monotonic() >= self._rest:
            self._thread = threading.Thread(target=self._run, args=(job,), name="hash-index-merge")
            self._thread.start()

    def _run(self, job: Callable[[], None]) -> None:
        try:
            job()
            self.error = None
        except Exception as error:
            self.error, self._rest = error, time.monotonic() + REST

    def wait(self) -> None:
        """Wait for the job that runs."""
        if self._thread is not None:
            self._thread.join()
