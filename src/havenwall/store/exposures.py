"""The exposure ledger: who revealed which picture, for how long."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from havenwall.errors import NotFound
from havenwall.model import Exhibit, Exposure, Severity, Viewer, new_id, now
from havenwall.store.comfort_schema import EXPOSURE
from havenwall.store.database import Database
from havenwall.store.rows import by_names
from havenwall.store.views.access import note

_X = EXPOSURE.c
RECENT = timedelta(hours=25)
"""A day, and the longest that a picture of the hour before counts."""
_ROWS = 1000
_COLUMNS = (_X.id, _X.case_id, _X.exhibit_id, _X.severity, _X.at, _X.left_at)
Judge = Callable[[Sequence[Exposure], datetime], None]
"""Raises when what somebody has seen, oldest first, allows no more."""


class Exposures:
    """Lines are added when a picture is revealed and closed when it is left; none is ever taken away."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self, viewer: Viewer, exhibit: Exhibit, severity: Severity, why: str, ticket: str, judge: Judge
    ) -> Exposure:
        """Note that somebody is about to see a picture: in the ledger and in the access log, or in neither.

        Writers take turns, so two at once cannot both pass the same limit. What the person saw before ends
        now.

        Args:
            ticket: what fetches the picture once; empty where it is fetched at once.
            judge: raises when no more may be shown; then nothing is written.
        """
        at = now()
        with self._database.write() as connection:
            judge(_since(connection, viewer.name, at - RECENT), at)
            _leave(connection, viewer.name, at)
            exposure = Exposure(
                id=new_id(), case_id=exhibit.case_id, exhibit_id=exhibit.id, severity=severity, at=at
            )
            cluster = exhibit.media.cluster if exhibit.media else exhibit.id
            row = {
                "person": viewer.name,
                "cluster": cluster,
                "why": why,
                "ticket": _hash(ticket) if ticket else "",
            }
            row |= {column.name: getattr(exposure, column.name) for column in _COLUMNS}
            connection.execute(sa.insert(EXPOSURE).values(**row | {"severity": severity.value}))
            note(connection, viewer, "reveal", exhibit.id)
        return exposure

    def use(self, viewer: Viewer, exhibit_id: str, ticket: str, within: timedelta) -> None:
        """Take a ticket in: it lets the picture be fetched once, by the person it was given to.

        Raises:
            NotFound: there is no such ticket, it was used, or it is older than `within`.
        """
        here = (_X.person == viewer.name) & (_X.exhibit_id == exhibit_id) & (_X.ticket == _hash(ticket))
        used = sa.update(EXPOSURE).where(here, _X.at > now() - within, _X.left_at.is_(None)).values(ticket="")
        with self._database.write() as connection:
            if connection.execute(used).rowcount != 1:
                raise NotFound("the picture was shown once already", hint="reveal it again if you must")

    def leave(self, viewer: Viewer, exhibit_id: str = "") -> None:
        """One picture that the person has before them is gone now; without its id, whatever they have."""
        with self._database.write() as connection:
            _leave(connection, viewer.name, now(), exhibit_id)

    def since(self, viewer: Viewer, at: datetime) -> list[Exposure]:
        """What somebody saw since a moment, oldest first; their own, which is all that is given by person."""
        with self._database.read() as connection:
            return _since(connection, viewer.name, at)

    def newest(self, viewer: Viewer, limit: int, offset: int = 0) -> list[Exposure]:
        """What somebody saw, newest first."""
        query = sa.select(*_COLUMNS).where(_X.person == viewer.name).order_by(_X.at.desc())
        with self._database.read() as connection:
            return _of(connection.execute(query.limit(limit).offset(offset)))

    def everybody(self, since: datetime) -> Iterator[tuple[str, Exposure]]:
        """Who saw what since a moment, one after the other: to count, never to show."""
        query = sa.select(_X.person, *_COLUMNS).where(_X.at >= since).order_by(_X.at)
        with (
            self._database.read() as connection,
            closing(connection.execution_options(yield_per=_ROWS).execute(query)) as rows,
        ):
            for row in rows:
                yield row.person, *_of([row])

    def seen(self, viewer: Viewer, clusters: Collection[str]) -> set[str]:
        """Those of the clusters of which somebody has revealed a picture."""
        mine = _X.person == viewer.name
        with self._database.read() as connection:
            found = by_names(connection, [_X.cluster], _X.cluster, list(clusters), where=mine)
            return {row.cluster for row in found}


def _since(connection: sa.Connection, person: str, at: datetime) -> list[Exposure]:
    query = sa.select(*_COLUMNS).where(_X.person == person, _X.at >= at).order_by(_X.at)
    return _of(connection.execute(query))


def _leave(connection: sa.Connection, person: str, at: datetime, exhibit_id: str = "") -> None:
    mine = (_X.person == person) & _X.left_at.is_(None)
    if exhibit_id:
        mine &= _X.exhibit_id == exhibit_id
    connection.execute(sa.update(EXPOSURE).where(mine).values(left_at=at, ticket=""))


def _of(rows: Any) -> list[Exposure]:
    return [
        Exposure(
            id=row.id,
            case_id=row.case_id,
            exhibit_id=row.exhibit_id,
            severity=Severity(row.severity),
            at=row.at,
            left_at=row.left_at,
        )
        for row in rows
    ]


def _hash(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()
