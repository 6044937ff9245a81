"""Records that do not come from a stage: people's decisions, referrals, audits, present trouble."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile

import msgspec
import sqlalchemy as sa

from havenwall.engine import Output
from havenwall.errors import Conflict
from havenwall.model import CaseEvent, Decision, Referral, Signal, new_id, now
from havenwall.store import schema as t
from havenwall.store import troubles
from havenwall.store.database import Database
from havenwall.store.keep import keep
from havenwall.store.leases import check_free
from havenwall.store.quiet import check_quiet
from havenwall.store.second_look import refuse_own_second_look

_encode = msgspec.json.Encoder().encode
_decode_line = msgspec.json.Decoder(CaseEvent).decode


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Something that fails now and is tried again."""

    what: str
    since: datetime
    tries: int
    message: str


def _by_person(line: CaseEvent) -> bool:
    return line.by.startswith("user:")


def check_current(connection: sa.Connection, decision: Decision, case_version: int) -> None:
    """Do nothing if a person may decide this now, having seen the case at a version.

    Raises: as `Ledger.add_decision`.
    """
    query = sa.select(t.CASE.c.version).where(t.CASE.c.id == decision.case_id)
    check_free(connection, [decision.case_id or ""], decision.by)
    # Sent again because the answer was lost, it would else be carried out twice.
    check_quiet(connection, [decision.case_id or ""], persons_only=True)
    if _overtaken(connection, decision, case_version, connection.scalar(query)):
        raise Conflict("the case changed while you decided", hint="look at it again and repeat")
    refuse_own_second_look(connection, decision)


def _overtaken(connection: sa.Connection, decision: Decision, seen: int, now_at: int | None) -> bool:
    if now_at is None or now_at < seen:
        return True
    query = sa.select(t.CASE_EVENT.c.body).where(t.CASE_EVENT.c.case_id == decision.case_id)
    newest_first = connection.scalars(query.order_by(t.CASE_EVENT.c.seq.desc()))
    # Who took the case in hand, or a note, changes nothing in it and has no version.
    lines = (line for line in map(_decode_line, newest_first) if line.version)
    since = list(takewhile(lambda line: line.version > seen, lines))
    told = {line.version for line in since} == set(range(seen + 1, now_at + 1))
    mine = set(decision.entities)
    return not told or any(_by_person(line) or mine & {*line.entities} for line in since)


class Ledger:
    """Writes what people and the machine itself conclude outside a stage's run."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_decision(self, decision: Decision, case_version: int) -> None:
        """Keep a person's decision on a case, durably.

        What machines did meanwhile with other accounts of the case does not stand in the way: a network
        grows while somebody reads it.

        Raises:
            Conflict: since the version the person saw, another person has decided in the case, or one of
                these accounts has changed; somebody else holds the case now; or a person's decision on it
                is being carried out.
            Forbidden: a report is contested that this same person turned down.
        """
        with self._database.write() as connection:
            check_current(connection, decision, case_version)
            keep(connection, Output(decisions=(decision,)))

    def add_signals(self, signals: Sequence[Signal]) -> None:
        """Keep signals found outside a stage's run, durably; one whose id is there already is left alone."""
        with self._database.write() as connection:
            keep(connection, Output(signals=tuple(signals)))

    def add_referral(self, referral: Referral) -> None:
        """Keep a referral; one with the same id is replaced."""
        row = {"case_id": referral.case_id, "state": referral.state.value, "body": _encode(referral)}
        with self._database.write() as connection:
            connection.execute(sa.delete(t.REFERRAL).where(t.REFERRAL.c.id == referral.id))
            connection.execute(sa.insert(t.REFERRAL).values(id=referral.id, **row))

    def add_audit(self, result: bytes) -> str:
        """Keep an audit's result (JSON); returns its id."""
        audit_id = new_id()
        with self._database.write() as connection:
            connection.execute(sa.insert(t.AUDIT).values(id=audit_id, at=now(), body=result))
        return audit_id

    def newest_audit(self) -> tuple[datetime, bytes] | None:
        """When the newest audit was made, and its result (JSON)."""
        query = sa.select(t.AUDIT.c.at, t.AUDIT.c.body).order_by(t.AUDIT.c.seq.desc()).limit(1)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return (row.at, row.body) if row else None

    def trouble(self, what: str, message: str) -> None:
        """Note that something failed (again)."""
        with self._database.write() as connection:
            troubles.trouble(connection, what, message)

    def well_again(self, what: str) -> None:
        """Note that it works again."""
        with self._database.write() as connection:
            troubles.well_again(connection, what)

    def troubles(self) -> list[Trouble]:
        """What fails now, longest first."""
        with self._database.read() as connection:
            rows = connection.execute(sa.select(t.TROUBLE).order_by(t.TROUBLE.c.since)).all()
        return [Trouble(what=r.what, since=r.since, tries=r.tries, message=r.message) for r in rows]
