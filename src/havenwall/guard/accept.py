"""What a guard asks of a snapshot, beyond being whole, before it uses it."""

from __future__ import annotations

from pathlib import Path

import msgspec

from havenwall.guard.golden import GOLDEN, check_golden, read_golden
from havenwall.guard.policy import Policy
from havenwall.guard.shrink import MAX_SHRINK, check_shrink
from havenwall.guard.snapshot import Snapshot
from havenwall.guard.state import State


class Acceptance(msgspec.Struct, frozen=True, kw_only=True):
    """The terms on which a guard takes a snapshot over."""

    policy: Policy
    golden: Path | None = None
    """A file of golden cases besides the one in the guard's folder."""
    max_shrink: float = MAX_SHRINK
    """Share of the restricted set a successor may lose."""
    shrink_key: Path | None = None
    """File with the key that overrides are signed with; without it none is valid."""

    def check_cases(self, root: Path, snapshot: Snapshot) -> None:
        """Refuse a snapshot that fails a golden case.

        Raises:
            SnapshotRefused: it does, or the cases cannot be read.
        """
        for path in (root / GOLDEN, *([self.golden] if self.golden else [])):
            check_golden(read_golden(path), snapshot, self.policy)

    def check_size(self, root: Path, state: State, snapshot: Snapshot) -> None:
        """Refuse a snapshot that may not follow this state.

        Raises:
            SnapshotRefused: too much of the restricted set is gone.
        """
        check_shrink(root, state, snapshot, most=self.max_shrink, key=self.shrink_key)
