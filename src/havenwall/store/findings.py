"""Findings of audits, as JSON: the store knows of each only its id, moment, plan and outcome."""

from __future__ import annotations

from datetime import datetime

import msgspec
import sqlalchemy as sa

from havenwall.errors import Conflict, NotFound
from havenwall.store.database import Database
from havenwall.store.finding_schema import FINDING

_F = FINDING.c
_HEAD = (_F.id, _F.at, _F.name, _F.plan_hash, _F.outcome, _F.summary)


class FindingHead(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a finding without reading it."""

    id: str
    at: datetime
    """When the audit ended."""
    name: str
    """Of the plan."""
    plan_hash: str
    outcome: str
    summary: bytes
    """JSON of whoever kept it."""


class Findings:
    """Keeps findings once each; none is ever changed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, head: FindingHead, body: bytes) -> bool:
        """Keep a finding; whether it was new. Durable when it returns.

        Args:
            body: JSON, the same for the same finding.

        Raises:
            Conflict: another finding with this id is kept.
        """
        with self._database.write() as connection:
            old = connection.scalar(sa.select(_F.body).where(_F.id == head.id))
            if old is None:
                connection.execute(sa.insert(FINDING).values(**msgspec.structs.asdict(head), body=body))
        if old is not None and old != body:
            hint = "each audit has an id of its own; send what it wrote, unchanged"
            raise Conflict(f"another finding {head.id} is kept", hint=hint)
        return old is None

    def body(self, finding_id: str) -> bytes:
        """A finding's JSON. Raises NotFound: there is none with this id."""
        with self._database.read() as connection:
            found: bytes | None = connection.scalar(sa.select(_F.body).where(_F.id == finding_id))
        if found is None:
            raise NotFound(f"there is no finding {finding_id}", hint="see the list of audits")
        return found

    def newest(
        self, limit: int, offset: int = 0, *, name: str | None = None, outcome: str | None = None
    ) -> list[FindingHead]:
        """Findings, the newest first, of one plan or outcome or of all."""
        query = sa.select(*_HEAD).where(*_narrowed(name, outcome)).order_by(_F.at.desc(), _F.seq.desc())
        with self._database.read() as connection:
            rows = connection.execute(query.limit(limit).offset(offset)).all()
        return [FindingHead(**row._mapping) for row in rows]

    def count(self, *, name: str | None = None, outcome: str | None = None) -> int:
        """How many findings there are, of one plan or outcome or of all."""
        query = sa.select(sa.func.count()).select_from(FINDING).where(*_narrowed(name, outcome))
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0)


def _narrowed(name: str | None, outcome: str | None) -> list[sa.ColumnElement[bool]]:
    wanted = ((_F.name, name), (_F.outcome, outcome))
    return [column == value for column, value in wanted if value is not None]
