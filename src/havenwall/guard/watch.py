"""Follows one snapshot folder: looks cheaply for what is new and makes the next state of it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from havenwall.errors import NotReady, SnapshotRefused
from havenwall.guard.accept import Acceptance
from havenwall.guard.delta import DELTA, DeltaReader
from havenwall.guard.heartbeat import last_beat, sight
from havenwall.guard.snapshot import POINTER, Snapshot, kept_before, pointed, read_snapshot
from havenwall.guard.state import State, merged
from havenwall.model import Standing

_RETRY: Final = 5.0
"""Seconds before a refused snapshot is tried again while its pointer stays the same: hashing costs time."""


class Watch:
    """Turns what lies in a folder into states. Not thread safe: its guard holds a lock."""

    def __init__(self, root: Path, acceptance: Acceptance) -> None:
        self._root = root
        self._acceptance = acceptance
        self._reader = DeltaReader(root)
        self._pointer: tuple[str, int, int] | None = None
        self._refusal: str | None = "nothing has been read yet"
        self._unread: str | None = None
        self._retry_at = 0.0

    def next(self, state: State) -> State:
        """The state after a look at the folder; the same object when nothing is new."""
        # The sign of life is read first: data read after it is at least as new as it says.
        stamp = last_beat(self._root)
        snapshot = self._snapshot(state, state.snapshot)
        rows = self._changes()
        if self._gap(state, snapshot):
            # The publisher moves the pointer and then cuts the change file; we may have come in between.
            snapshot = self._snapshot(state, snapshot)
        return self._made(state, snapshot, rows, stamp)

    def _made(
        self, state: State, snapshot: Snapshot | None, rows: list[Standing], stamp: int | None
    ) -> State:
        problem = (
            self._refusal
            or self._unread
            or self._reader.damage
            or self._gap(state, snapshot)
            or self._lost(stamp)
        )
        complete = snapshot is not None and problem is None
        new = rows or snapshot is not state.snapshot
        beaten = complete and stamp is not None and stamp != state.sighting.stamp
        if not (new or beaten or problem != state.problem or complete != state.complete):
            return state
        newest = max([state.newest, snapshot.info.watermark if snapshot else 0, *(row.seq for row in rows)])
        return State(
            snapshot=snapshot,
            overlay=merged(snapshot, state.overlay, rows) if new else state.overlay,
            seq=newest if complete else self._reached(state, snapshot),
            newest=newest,
            complete=complete,
            problem=problem,
            sighting=sight(stamp) if beaten else state.sighting,
        )

    def _snapshot(self, state: State, loaded: Snapshot | None) -> Snapshot | None:
        try:
            mark = self._mark()
            if mark == self._pointer and (self._refusal is None or time.monotonic() < self._retry_at):
                return loaded
            self._pointer, self._refusal = mark, None
            if loaded is not None and mark[0] == loaded.info.version:
                return loaded
            found = read_snapshot(self._root, at_least=loaded.info.watermark if loaded else 0)
            self._acceptance.check_cases(self._root, found)
            refused = self._too_small(state, found)
            if refused is None:
                return found
        except (SnapshotRefused, NotReady, OSError) as error:
            self._refuse(error)
            return loaded
        self._refuse(refused)
        return loaded or self._older(found.info.version)

    def _refuse(self, error: Exception) -> None:
        self._refusal, self._retry_at = _told(error), time.monotonic() + _RETRY

    def _too_small(self, state: State, found: Snapshot) -> SnapshotRefused | None:
        try:
            self._acceptance.check_size(self._root, state, found)
        except SnapshotRefused as error:
            return error
        return None

    def _older(self, version: str) -> Snapshot | None:
        # What the refused snapshot has lost is still in one before it: surfaces that fail open go on
        # dropping it, and all others are at their failure mode, because nothing was heard of since.
        for name in kept_before(self._root, version):
            try:
                found = read_snapshot(self._root, version=name)
                self._acceptance.check_cases(self._root, found)
            except (SnapshotRefused, OSError):
                continue
            if self._too_small(State(), found) is None:
                return found
        return None

    def _changes(self) -> list[Standing]:
        try:
            self._unread = None
            return self._reader.read()
        except OSError as error:
            self._unread = str(error)
            return []

    def _gap(self, state: State, snapshot: Snapshot | None) -> str | None:
        after, reached = self._reader.after, self._reached(state, snapshot)
        if after is None or after <= reached:
            return None
        return f"changes {reached + 1} to {after} are missing: they were published in a snapshot not loaded"

    def _lost(self, stamp: int | None) -> str | None:
        # A publisher starts the change file before its first sign of life; without one nobody writes any.
        if stamp is None or self._reader.after is not None:
            return None
        return f"{DELTA} is missing: what changed since the snapshot is not known"

    def _mark(self) -> tuple[str, int, int]:
        version, stat = pointed(self._root), (self._root / POINTER).stat()
        return version, stat.st_ino, stat.st_mtime_ns

    def _reached(self, state: State, snapshot: Snapshot | None) -> int:
        return max(state.seq, snapshot.info.watermark if snapshot else 0)


def _told(error: Exception) -> str:
    hint = getattr(error, "hint", None)
    return f"{error} ({hint})" if hint and hint not in str(error) else str(error)
