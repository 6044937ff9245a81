"""The change file: what happened to standings since the snapshot, one JSON line each, appended and synced.

The first line is a header, `{"after": N}`: every change after position N of the feed is in this file or
still to come. A reader whose own data ends before N therefore knows that it misses something.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Final

import msgspec

from havenwall.errors import SnapshotRefused
from havenwall.guard.files import replace_synced
from havenwall.guard.snapshot import snapshot_info
from havenwall.model import Standing

DELTA: Final = "delta.jsonl"
"""Name of the change file in the root."""


class _Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    after: int


_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError)
_HEADER = msgspec.json.Decoder(_Header)
_STANDING = msgspec.json.Decoder(Standing)


class DeltaInfo(msgspec.Struct, frozen=True, kw_only=True):
    """How a change file stands."""

    after: int
    """The header: changes after this position are here."""
    last: int
    """Position of the last change, or `after` when there is none."""
    lines: int
    """Changes in it."""
    size: int
    """Bytes up to the end of the last complete line."""


def append_delta(root: Path, rows: Sequence[Standing]) -> int:
    """Append changes by rising seq and sync; rows at or below the last position are skipped.

    Returns how many were written. A line torn by an earlier crash is cut off first: nobody was told
    it had been written. One writer at a time (`publish` sees to that).

    Raises:
        SnapshotRefused: the file there is damaged.
    """
    info = delta_info(root)
    if info is not None:
        return extend_delta(root, info, rows)
    in_force = snapshot_info(root)
    after = in_force.watermark if in_force else 0
    fresh = _after(rows, after)
    start_delta(root, after, fresh)
    return len(fresh)


def extend_delta(root: Path, info: DeltaInfo, rows: Sequence[Standing]) -> int:
    """`append_delta` for a caller that knows how the change file stands."""
    fresh = _after(rows, info.last)
    if fresh:
        _append(root / DELTA, _lines(fresh), at=info.size)
    return len(fresh)


def start_delta(root: Path, after: int, rows: Sequence[Standing] = ()) -> None:
    """Put a new change file in place of the old one; `rows` are all changes after `after`."""
    replace_synced(root / DELTA, msgspec.json.encode(_Header(after=after)) + b"\n" + _lines(rows))


def delta_info(root: Path) -> DeltaInfo | None:
    """How the change file stands; None when it is missing or has no complete line.

    Raises:
        SnapshotRefused: a complete line cannot be read.
    """
    try:
        blob = (root / DELTA).read_bytes()
    except FileNotFoundError:
        return None
    size = blob.rfind(b"\n") + 1
    if not size:
        return None
    header, _, lines = blob[:size].partition(b"\n")
    try:
        after, rows = _HEADER.decode(header).after, _STANDING.decode_lines(lines)
    except _UNREADABLE as error:
        raise SnapshotRefused(f"{DELTA} is damaged: {error}", hint="publish a new snapshot") from error
    return DeltaInfo(after=after, last=rows[-1].seq if rows else after, lines=len(rows), size=size)


def cut_delta(root: Path, watermark: int) -> None:
    """Take out of the change file what the snapshot with this watermark holds.

    Raises:
        SnapshotRefused: a line cannot be read, so it may be one that has to stay.
    """
    reader = DeltaReader(root)
    rows = [row for row in reader.read() if row.seq > watermark]
    if reader.damage:
        raise SnapshotRefused(reader.damage, hint="publish a new snapshot")
    start_delta(root, watermark, rows)


class DeltaReader:
    """Reads what was appended since its last look.

    It leaves a torn last line for later, starts again when the file was cut or replaced, and skips a
    damaged line but says so in `damage` until the file is replaced.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / DELTA
        self._seen: tuple[int, int, int] | None = None
        self._restart()

    after: int | None
    """The header of the file as last read; None when there is no file."""
    damage: str | None
    """What could not be read in the file as it is now."""

    def read(self) -> list[Standing]:
        """The changes that are new since the last call, in file order; all of them after a restart."""
        try:
            if self._unchanged(self._path.stat()):
                return []
            with self._path.open("rb") as file:
                blob = self._remainder(file)
        except FileNotFoundError:
            self._restart()
            return []
        return self._take(blob[: blob.rfind(b"\n") + 1])

    def _restart(self) -> None:
        self._offset, self._tail = 0, b""
        self.after, self.damage = None, None

    def _unchanged(self, stat: os.stat_result) -> bool:
        # Bytes past the offset are a torn line or a new one; time stamps are too coarse to tell.
        return stat.st_size == self._offset and self._seen == _mark(stat)

    def _remainder(self, file: BinaryIO) -> bytes:
        self._seen = _mark(os.fstat(file.fileno()))
        # Inode numbers are used again, so the last line read must still be where it was.
        file.seek(self._offset - len(self._tail))
        if file.read(len(self._tail)) != self._tail:
            self._restart()
            file.seek(0)
        return file.read()

    def _take(self, blob: bytes) -> list[Standing]:
        lines = blob.split(b"\n")[:-1]
        if lines and self._offset == 0:
            self.after = self._header(lines[0])
            rows = [self._row(line) for line in lines[1:]]
        else:
            rows = [self._row(line) for line in lines]
        if lines:
            self._offset += len(blob)
            self._tail = lines[-1] + b"\n"
        return [row for row in rows if row is not None]

    def _header(self, line: bytes) -> int | None:
        try:
            return _HEADER.decode(line).after
        except _UNREADABLE as error:
            self.damage = f"{DELTA}: the header cannot be read: {error}"
            return None

    def _row(self, line: bytes) -> Standing | None:
        try:
            return _STANDING.decode(line)
        except _UNREADABLE as error:
            self.damage = f"{DELTA}: a line cannot be read: {error}"
            return None


def _after(rows: Sequence[Standing], last: int) -> list[Standing]:
    return sorted((row for row in rows if row.seq > last), key=lambda row: row.seq)


def _lines(rows: Sequence[Standing]) -> bytes:
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def _append(path: Path, lines: bytes, *, at: int) -> None:
    with path.open("r+b") as file:
        file.truncate(at)
        file.seek(at)
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def _mark(stat: os.stat_result) -> tuple[int, int, int]:
    return stat.st_ino, stat.st_size, stat.st_mtime_ns
