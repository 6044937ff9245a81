"""Brings changes of standing to the guards: appends them, and rebuilds the snapshot now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import msgspec

from havenwall.errors import BadInput, SnapshotRefused
from havenwall.guard.chain import Allowance, held_until
from havenwall.guard.delta import DeltaInfo, cut_delta, delta_info, extend_delta, start_delta
from havenwall.guard.files import sole_writer
from havenwall.guard.heartbeat import beat
from havenwall.guard.snapshot import SnapshotInfo, snapshot_info, write_snapshot
from havenwall.model import Standing, now

MAX_LINES: Final = 5_000
"""Changes a reader carries beside its snapshot before a new one is built."""


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """What one call of `publish` did."""

    appended: int
    """Lines added to the change file."""
    rebuilt: bool
    """Whether a new snapshot was built."""
    version: str
    """The snapshot in force."""


def published(root: Path) -> int:
    """Position in the change feed up to which everything is in the folder; the next call starts after it.

    It is read from the files themselves, so it is right after any crash. 0 for an empty folder.
    """
    return _last(snapshot_info(root), _readable_delta(root))


def publish(
    root: Path,
    changes: Sequence[Standing],
    full: Callable[[], Iterable[Standing]],
    *,
    watermark: int,
    max_lines: int = MAX_LINES,
    allowance: Allowance | None = None,
) -> Published:
    """Bring changes to the guards, then give the sign of life. Call it often, also without changes.

    `changes` are all after `published(root)` up to `watermark`, a position in the feed; `full` gives
    every standing in force at or after `watermark` and is asked only when a snapshot has to be built
    (none there, part of it missing, the change file missing, damaged or longer than `max_lines`).

    A snapshot says how many entities were restricted before it, so that a guard that starts can tell when
    some are gone that no change lifted. By `allowance` such a loss is handed on to the next snapshot; once an
    override allows it, a snapshot is built that no longer speaks of it.

    Steps are ordered so that a crash between any two loses nothing, and repeating the call mends it:
    append, snapshot, pointer, cut the change file, sign of life.

    Raises:
        BadInput: a change lies beyond `watermark`.
        SnapshotRefused: `watermark` lies before what is published already.
    """
    if any(row.seq > watermark for row in changes):
        raise BadInput("lies before a change", field="watermark", hint="read the changes up to the watermark")
    allowance = allowance or Allowance()
    with sole_writer(root):
        info, delta = snapshot_info(root), _readable_delta(root)
        _check_direction(_last(info, delta), watermark)
        appended = extend_delta(root, delta, changes) if delta else 0
        in_force = info
        if (
            info is None
            or delta is None
            or _outgrown(info, delta, max_lines - appended)
            or (allowance.lost(info) and allowance.signed(root, info))
        ):
            info = _built(root, changes, full(), watermark, allowance)
        _trim(root, delta, info)
        beat(root)
    return Published(appended=appended, rebuilt=info is not in_force, version=info.version)


def _built(
    root: Path, changes: Sequence[Standing], full: Iterable[Standing], watermark: int, allowance: Allowance
) -> SnapshotInfo:
    # What runs ahead of the watermark is a change too: it is published next.
    rows = list(full)
    ahead = [row for row in rows if row.seq > watermark]
    held = held_until(root, [*changes, *ahead], allowance)
    return write_snapshot(root, rows, watermark=watermark, built_at=now(), held=held)


def _last(info: SnapshotInfo | None, delta: DeltaInfo | None) -> int:
    return max(info.watermark if info else 0, delta.last if delta else 0)


def _outgrown(info: SnapshotInfo, delta: DeltaInfo, room: int) -> bool:
    # A change file that starts after the snapshot leaves a hole, whatever its length.
    return delta.lines > room or delta.after > info.watermark


def _check_direction(last: int, watermark: int) -> None:
    if watermark < last:
        raise SnapshotRefused(
            f"the feed ends at {watermark}, but {last} is published already",
            hint="after restoring an old database, publish into a new folder",
        )


def _readable_delta(root: Path) -> DeltaInfo | None:
    try:
        return delta_info(root)
    except SnapshotRefused:
        return None


def _trim(root: Path, delta: DeltaInfo | None, info: SnapshotInfo) -> None:
    if delta is None:
        start_delta(root, info.watermark)
    elif delta.after < info.watermark:
        cut_delta(root, info.watermark)
