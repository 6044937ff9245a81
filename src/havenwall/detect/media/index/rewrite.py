"""Rewriting the log without what was withdrawn, beside the work.

The new log is made under another name and takes the place of the old in one step, so a crash leaves one or
the other. Before that a segment covers all that is rewritten: readers take it and go on with records
whose numbers have not changed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from havenwall.detect.media.index.files import sync_folder
from havenwall.detect.media.index.log import STEP, Kind, Log, records_of, rewritten_head
from havenwall.detect.media.index.segments import content_of
from havenwall.match.index.build import arrange

WORTH: Final = 2
"""The log is rewritten once it holds so many times the records that still stand."""


def is_due(log: Log, hashes: int, most: int) -> bool:
    """Whether a log is much larger than the hashes that stand; `most` records more are always let be."""
    return log.held > WORTH * hashes + most


class Rewriting:
    """A log anew: first what stands before record `last`, then, with nobody appending, the rest."""

    def __init__(self, log: Log, last: int) -> None:
        self._log, self._last = log, last
        self._fresh = log.path.with_name(f".{log.path.name}.new")

    def keep(self) -> None:
        """Write what stands; others may append to the old log meanwhile."""
        content = content_of(self._log, 0, self._last)
        codes, starts, entries = arrange(content.codes, content.entries)
        if len(starts):
            counts = starts[1:].astype(np.int64) - starts[:-1]
            codes = np.repeat(codes, counts, axis=0)
        with self._fresh.open("wb") as file:
            file.write(rewritten_head(self._last, len(entries)))
            for at in range(0, len(entries), STEP):
                part = slice(at, at + STEP)
                file.write(records_of(Kind.ADD, entries[part], codes[part], at).data)
            _sync(file)

    def take_over(self) -> None:
        """Add what was appended since, and put the new log in the place of the old."""
        with self._fresh.open("ab") as file:
            for rows in self._log.rows(self._last, len(self._log)):
                file.write(rows.data)
            _sync(file)
        self._fresh.replace(self._log.path)
        try:
            sync_folder(self._log.path.parent)
        finally:
            # The new log lies there, whether or not its name would survive a power cut by now.
            self._log.look()


def leftovers(folder: Path) -> None:
    """Delete what a rewriting that was cut off left."""
    (folder / ".log.new").unlink(missing_ok=True)


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())
