"""In which browsers a person is signed in."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.errors import NotFound
from havenwall.model import SYSTEM, Session, Viewer, now
from havenwall.store import people_rows as rows
from havenwall.store.database import Database
from havenwall.store.people import SessionLife
from havenwall.store.schema import TOKEN
from havenwall.store.views.access import note


class Sessions:
    """Sessions to look at and to end."""

    def __init__(self, database: Database, life: SessionLife) -> None:
        self._database = database
        self._life = life

    def of(self, person: str) -> list[Session]:
        """The sessions of a person that are live, seen last first."""
        idle = sa.func.coalesce(TOKEN.c.last_seen, TOKEN.c.created_at) > now() - self._life.idle
        query = sa.select(TOKEN).where(TOKEN.c.kind == "session", TOKEN.c.person == person, rows.live(), idle)
        with self._database.read() as connection:
            found = [_session(row) for row in connection.execute(query)]
        return sorted(found, key=lambda session: (session.last_seen, session.id), reverse=True)

    def id_of(self, secret: str) -> str:
        """The id that lists show for the session with this secret."""
        with self._database.read() as connection:
            return rows.token_id(rows.live_token(connection, "session", secret))

    def end(self, person: str, session_id: str, *, by: Viewer = SYSTEM) -> None:
        """End one session of a person.

        Raises:
            NotFound: they have no such session.
        """
        if not self._end(person, rows.by_id("session", session_id), by):
            raise NotFound(f"there is no session {session_id}")

    def end_all(self, person: str, *, keep: str = "", by: Viewer = SYSTEM) -> int:
        """End all sessions of a person but the one with the id `keep`; returns how many."""
        others = ~rows.by_id("session", keep) if keep else sa.true()
        return self._end(person, others & (TOKEN.c.kind == "session"), by)

    def _end(self, person: str, which: sa.ColumnElement[bool], by: Viewer) -> int:
        ending = which & (TOKEN.c.person == person) & TOKEN.c.ended_at.is_(None)
        with self._database.write() as connection:
            done = connection.execute(sa.update(TOKEN).where(ending).values(ended_at=now())).rowcount
            if done:
                note(connection, by, "session ended", person)
        return done


def _session(row: rows.Row) -> Session:
    return Session(
        id=rows.token_id(row),
        person=row.person,
        device=row.device,
        since=row.created_at,
        last_seen=row.last_seen or row.created_at,
        ends_at=row.expires_at,
    )
