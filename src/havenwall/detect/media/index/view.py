"""What one process sees of an index folder, and how it follows what the writer does there."""

from __future__ import annotations

import threading
from pathlib import Path

import msgspec
import numpy as np

from havenwall.detect.media.index.files import stamp
from havenwall.detect.media.index.log import Log
from havenwall.detect.media.index.manifest import NAME, Manifest, SegmentInfo, read_manifest
from havenwall.detect.media.index.segments import Damaged, Part, load, rebuild
from havenwall.detect.media.index.tail import Tail
from havenwall.match.index import Codes, Found

_TRIES = 5
Stamp = tuple[int, int, int] | None


class View:
    """Segments and tail in memory. Searches may run in several threads beside one that changes it."""

    def __init__(self, folder: Path, *, verify: bool) -> None:
        self._folder, self._verify = folder, verify
        self.log = Log(folder / "log")
        self.manifest = Manifest()
        self.rebuilt: list[SegmentInfo] = []
        """Damaged segments built again from the log."""
        self.bad: list[int] = []
        """Numbers of records of the log that could not be read."""
        self._parts: tuple[Part, ...] = ()
        self._tail = Tail(0)
        self._seen: tuple[Stamp, Stamp] = (None, None)
        self._opened = False
        self._lock = threading.Lock()

    def follow(self) -> bool:
        """Take in what changed on the disk; costs two looks at file dates when nothing did."""
        seen = stamp(self._folder / NAME), stamp(self.log.path)
        if seen == self._seen:
            return False
        if self._seen[1] is None:
            self.log.look()
        elif seen[1] is None or seen[1][0] != self.log.number or len(self.log) < self._tail.last:
            self._begin_anew()
            return True
        if not self._opened or seen[0] != self._seen[0]:
            self._open()
        self.take()
        self._seen = seen
        return True

    def _begin_anew(self) -> None:
        """Another log lies there now, rewritten or restored. Searches go on with the old until it is read."""
        fresh = View(self._folder, verify=self._verify)
        # Segments that are the same are not read again; one that was built from the log is.
        fresh._parts = tuple(part for part in self._parts if part.info not in self.rebuilt)
        fresh.follow()
        with self._lock:
            self.log, self.manifest, self._seen = fresh.log, fresh.manifest, fresh._seen
            self._parts, self._tail, self._opened = fresh._parts, fresh._tail, fresh._opened
        self.rebuilt += fresh.rebuilt

    def _open(self) -> None:
        for left in reversed(range(_TRIES)):
            manifest = read_manifest(self._folder)
            try:
                parts = [self._part(info, final=not left) for info in manifest.segments]
            except FileNotFoundError:
                continue  # Merged away between reading the manifest and opening: read it again.
            self.install(manifest, parts)
            self._opened = True
            return

    def _part(self, info: SegmentInfo, *, final: bool) -> Part:
        for part in self._parts:
            if part.info == info:
                return part
        try:
            # What appears later was hashed by its writer a moment ago.
            return load(self._folder, info, verify=self._verify and not self._opened)
        except Damaged as error:
            if not final and info not in read_manifest(self._folder).segments:
                raise FileNotFoundError(info.name) from error
            self.rebuilt.append(info)
            return rebuild(self.log, info)

    def install(self, manifest: Manifest, parts: list[Part]) -> None:
        """Put segments in force; the tail gives up what they cover."""
        with self._lock:
            self._tail.trim(manifest.last)
            gone, ready = self._tail.gone, []
            for part in reversed(parts):
                segment = msgspec.structs.replace(part.segment, withdrawn=gone)
                ready.append(msgspec.structs.replace(part, segment=segment))
                gone = np.union1d(gone, part.gone)
            self.manifest, self._parts = manifest, tuple(reversed(ready))

    def take(self) -> None:
        """Take in the log's new good records."""
        for batch in self.log.read(self._tail.last, len(self.log)):
            if not len(batch.numbers):
                continue
            # Bad records at the end may be a write under way: they are looked at again.
            last = int(batch.numbers[-1]) + 1
            self.bad += batch.bad[batch.bad < last].tolist()
            with self._lock:
                gone = self._tail.take(batch, last)
                if len(gone):
                    self._parts = tuple(
                        msgspec.structs.replace(part, segment=part.segment.without(gone))
                        for part in self._parts
                    )

    def search(self, queries: Codes, radius: int) -> Found:
        """Entries near each query, (q, 4) uint64, from segments and tail; each entry once for a query."""
        with self._lock:
            parts, newest = self._parts, self._tail.newest()
        found = [part.segment.search(queries, radius) for part in parts]
        if len(newest.entries) or not found:
            found.append(newest.search(queries, radius))
        if len(found) == 1:
            return _nearest(found[0])
        return _nearest(Found(*(np.concatenate(columns) for columns in zip(*found, strict=True))))

    @property
    def parts(self) -> tuple[Part, ...]:
        """The segments in force, oldest first."""
        return self._parts

    @property
    def records(self) -> int:
        """Records of the log taken in."""
        return self._tail.last

    @property
    def hashes(self) -> int:
        """Hashes in segments and tail, withdrawn ones among them until they are merged."""
        return sum(part.info.rows for part in self._parts) + self.tail

    @property
    def tail(self) -> int:
        """Hashes in the tail."""
        return len(self._tail)


def _nearest(found: Found) -> Found:
    """Each entry once for each query, at its least distance; by query, then distance, then entry."""
    if len(found.query) < 2:
        return found
    order = np.lexsort((found.distance, found.entry, found.query))
    query, entry, distance = (column[order] for column in found)
    first = np.ones(len(query), dtype=bool)
    first[1:] = (query[1:] != query[:-1]) | (entry[1:] != entry[:-1])
    query, entry, distance = query[first], entry[first], distance[first]
    order = np.lexsort((entry, distance, query))
    return Found(query[order], entry[order], distance[order])
