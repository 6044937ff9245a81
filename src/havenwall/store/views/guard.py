"""What the guard's publisher may see: all standing, and the changes since a position."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.engine import StandingChange
from havenwall.model import Restriction, Standing, Viewer
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.rows import decode_all
from havenwall.store.views.access import note_access

_decode = msgspec.json.Decoder(StandingChange).decode


class StoreGuardView:
    """Standing, whole or as a feed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def watermark(self) -> int:
        """Position of the newest standing change."""
        with self._database.read() as connection:
            return int(connection.scalar(sa.select(sa.func.max(t.STANDING_CHANGE.c.seq))) or 0)

    def changes(self, after: int, limit: int = 250_000) -> list[Standing]:
        """Standing changes after a position, oldest first.

        The limit bounds memory; a publisher that takes few at a time builds a snapshot for each part.
        """
        c = t.STANDING_CHANGE.c
        query = sa.select(c.seq, c.at, c.body).where(c.seq > after).order_by(c.seq).limit(limit)
        with self._database.read() as connection:
            return [_standing(row) for row in connection.execute(query)]

    def standings(self) -> Iterator[Standing]:
        """The standing of every entity that ever had one; lifted ones count as known to be clean."""
        query = sa.select(t.STANDING.c.body).order_by(t.STANDING.c.entity)
        with self._database.read() as connection:
            return iter(decode_all(connection.scalars(query), Standing))

    def restricted(self) -> set[str]:
        """Every entity with a restriction in force."""
        query = sa.select(t.STANDING.c.entity).where(t.STANDING.c.restriction != Restriction.NONE.value)
        with self._database.read() as connection:
            return set(connection.scalars(query))

    def note(self, viewer: Viewer, entity: str) -> None:
        """Write down that somebody asked what the guard says of an entity."""
        note_access(self._database, viewer, "guard", entity)


def _standing(row: Any) -> Standing:
    change = _decode(row.body)
    return Standing(
        seq=row.seq,
        entity=change.entity,
        restriction=change.restriction,
        confirmed=change.confirmed,
        decision_id=change.decision_id,
        reason=change.reason,
        at=row.at,
    )
