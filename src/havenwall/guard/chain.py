"""From snapshot to snapshot: how many entities a reader restricts that followed every change between them.

A guard that starts has nothing of its own to compare a snapshot with, so each manifest says what was there
before it. What no published change accounts for is handed on from snapshot to snapshot until an override
settles it: building once more does not make a loss right.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from havenwall.errors import SnapshotRefused
from havenwall.guard.delta import DeltaReader
from havenwall.guard.shrink import MAX_SHRINK, override_allows, restricted_in, too_small
from havenwall.guard.snapshot import SnapshotInfo, read_manifest, read_snapshot
from havenwall.guard.state import State, merged
from havenwall.model import Standing


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """How much a snapshot may lose without a signature, and who may sign."""

    most: float = MAX_SHRINK
    """Share of the restricted set."""
    key: Path | None = None
    """File with the key that overrides are signed with; without it none is valid."""

    def lost(self, info: SnapshotInfo) -> bool:
        """Whether too much is gone from a snapshot, signed for or not."""
        return too_small(info.held, info.restricted, self.most)

    def signed(self, root: Path, info: SnapshotInfo) -> bool:
        """Whether somebody signed for a snapshot with as few entities as this."""
        return override_allows(root, info.restricted, self.key)


def held_until(root: Path, changes: Sequence[Standing], allowance: Allowance) -> int | None:
    """Entities restricted by a reader that followed the snapshot in force and every change since.

    `changes` are those that may not be in the change file. None when there is nothing to go on from.
    """
    before = read_manifest(root)
    if before is None:
        return None
    settled = not allowance.lost(before) or allowance.signed(root, before)
    return (before.restricted if settled else before.held) + _moved(root, before, changes)


def _moved(root: Path, before: SnapshotInfo, changes: Sequence[Standing]) -> int:
    try:
        snapshot = read_snapshot(root, version=before.version)
    except SnapshotRefused:
        # Whom the changes reached cannot be told. Counting none of them errs towards refusing.
        return 0
    overlay = merged(snapshot, {}, [*DeltaReader(root).read(), *changes])
    return restricted_in(State(snapshot=snapshot, overlay=overlay)) - before.restricted
