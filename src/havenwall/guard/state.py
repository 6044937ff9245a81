"""Everything a guard knows at one moment: immutable, so that a reader needs one reference and no lock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from havenwall.guard.heartbeat import Sighting, sight
from havenwall.guard.names import Bytes
from havenwall.guard.snapshot import Snapshot
from havenwall.guard.table import Entry, entry_of
from havenwall.model import Standing


class State(msgspec.Struct, frozen=True, kw_only=True):
    """A snapshot, what changed since, and how far both can be trusted."""

    snapshot: Snapshot | None = None
    overlay: dict[str, Entry] = {}
    """Entities changed since the snapshot. Never changed in place."""
    seq: int = 0
    """Position in the feed up to which no change is missing."""
    newest: int = 0
    """Position of the newest change known, missing ones or not."""
    complete: bool = False
    """Whether nothing that was published is known to be missing."""
    problem: str | None = None
    sighting: Sighting = msgspec.field(default_factory=lambda: sight(None))
    """The last sign of life that came with complete data."""

    @property
    def version(self) -> str:
        """Snapshot version and position of the newest change: with the inputs it repeats an answer."""
        return f"{self.snapshot.info.version if self.snapshot else 'none'}+{self.newest}"

    @property
    def watermark(self) -> int:
        """Watermark of the snapshot, 0 without one."""
        return self.snapshot.info.watermark if self.snapshot else 0

    def find(self, entity: str) -> Entry | None:
        """What is known of an entity."""
        entry = self.overlay.get(entity)
        if entry is None and self.snapshot is not None:
            return self.snapshot.table.find(entity)
        return entry

    def look(self, entities: Sequence[str], blob: Bytes) -> dict[int, Entry]:
        """What is known of the entities that have an entry, by place, rising; `blob` is their `join`."""
        found = self.snapshot.table.look(blob, len(entities)) if self.snapshot else {}
        # An intersection of key views loops in C; a comprehension with `get` costs three times as much.
        changed = self.overlay.keys() & entities if self.overlay else ()
        if not changed:
            return found
        newer = {place: self.overlay[name] for place, name in enumerate(entities) if name in changed}
        return dict(sorted((found | newer).items()))


def merged(
    snapshot: Snapshot | None, overlay: dict[str, Entry], rows: Iterable[Standing]
) -> dict[str, Entry]:
    """The overlay for a snapshot after more changes; the highest seq of an entity counts."""
    watermark = snapshot.info.watermark if snapshot else 0
    result = {entity: entry for entity, entry in overlay.items() if entry.seq > watermark}
    fresh = [row for row in rows if row.seq > watermark]
    others = list({row.entity for row in fresh} - result.keys())
    packed = snapshot.table.find_all(others) if snapshot else {}
    for row in fresh:
        known = result.get(row.entity) or packed.get(row.entity)
        if known is None or row.seq > known.seq:
            result[row.entity] = entry_of(row)
    return result
