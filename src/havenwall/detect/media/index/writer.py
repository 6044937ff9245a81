"""The one writer of an index folder: it mends what a crash left, appends, and merges beside that."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from havenwall.detect.media.index.files import SoleWriter
from havenwall.detect.media.index.log import Kind, records_of
from havenwall.detect.media.index.manifest import Manifest, write_manifest
from havenwall.detect.media.index.merge import Worker, first_to_merge, sweep
from havenwall.detect.media.index.rejects import Rejects
from havenwall.detect.media.index.rewrite import Rewriting, is_due, leftovers
from havenwall.detect.media.index.segments import merged
from havenwall.detect.media.index.view import View
from havenwall.errors import StoreError
from havenwall.match.index import Codes

BACKLOG: Final = 64
"""Appending waits for the merge under way once the tail holds so many times what it should."""


class Writer:
    """Holds the folder's lock until closed. Threads may append at the same time."""

    def __init__(self, folder: Path, view: View, rejects: Rejects, *, tail: int) -> None:
        """Take the lock and mend. Raises Conflict and StoreError as `HashIndex.open` does."""
        self._lock = SoleWriter(folder)
        self._folder, self._view, self._rejects, self._most = folder, view, rejects, tail
        self._writing, self._merging = threading.RLock(), threading.Lock()
        self.worker = Worker()
        try:
            self._recover()
        except BaseException:
            self._lock.release()
            raise

    def _recover(self) -> None:
        view = self._view
        view.log.head()
        view.follow()
        if len(view.log) < view.manifest.last:
            raise StoreError(
                f"{view.log.path} is shorter than the segments built from it",
                hint="restore the log, or delete manifest.json to go on with what it has",
            )
        good = view.log.end_of_good(view.manifest.last)
        self._set_aside([*view.bad, *view.log.numbers(good, len(view.log)).tolist()])
        view.log.cut(good)
        leftovers(self._folder)
        sweep(self._folder, view.manifest)
        for info in tuple(view.rebuilt):
            self._merge(info.first, info.last)
        self._merge_if_due()

    def _set_aside(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            content = self._view.log.raw(number).hex()
            self._rejects.put("its check does not match", record=number, content=content)

    def set_aside(self, reason: str, content: str) -> None:
        """Put a record that came in malformed into the file of rejects."""
        with self._writing:
            self._rejects.put(reason, content=content)

    def append(self, kind: Kind, entries: NDArray[np.int64], codes: Codes | None) -> None:
        """Bring records down to the disk and into the tail. Raises StoreError as `Log.append` does."""
        if not len(entries):
            return
        with self._writing:
            log = self._view.log
            try:
                log.append(records_of(kind, entries, codes, len(log)))
            finally:
                self._view.take()
        if self._view.records - self._view.manifest.last > BACKLOG * self._most:
            self.worker.wait()
        self._merge_if_due()

    def _merge_if_due(self) -> None:
        if self._view.records - self._view.manifest.last > self._most:
            self.worker.start(self._merge_tail)

    def _merge_tail(self) -> None:
        view = self._view
        with self._merging:
            while view.records - view.manifest.last > self._most:
                last = view.records
                self._merge(first_to_merge(view.parts, last), last)
            if is_due(view.log, view.hashes, self._most):
                self._rewrite()

    def _merge(self, first: int, last: int) -> None:
        """Build a segment of records `first` … `last` - 1 and put it in force; searches go on meanwhile."""
        view = self._view
        part, bad = merged(self._folder, view.log, first, last)
        with self._writing:
            self._set_aside(bad.tolist())
            kept = [old for old in view.parts if old.info.last <= first]
            later = [old for old in view.parts if old.info.first >= last]
            manifest = Manifest(segments=tuple(old.info for old in (*kept, part, *later)))
            write_manifest(self._folder, manifest)
            view.install(manifest, [*kept, part, *later])
        sweep(self._folder, manifest)

    def _rewrite(self) -> None:
        """Make one segment of everything, then the log anew: from then on readers need that segment."""
        last = max(self._view.records, self._view.log.base)
        self._merge(0, last)
        fresh = Rewriting(self._view.log, last)
        fresh.keep()
        with self._writing:
            fresh.take_over()

    def compact(self) -> None:
        """Make one segment of everything, and the log anew, without what was withdrawn; waits for it."""
        with self._merging:
            if self._view.records:
                self._rewrite()

    def close(self) -> None:
        """Wait for the merge under way and let the next writer in."""
        self.worker.wait()
        self._lock.release()
