"""Banks as they are written: settings, pages of changes, sweeps, entries set aside."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from havenwall.errors import Conflict, NotFound
from havenwall.model import now
from havenwall.model.bank import Bank, ImportState
from havenwall.model.bank_entry import Applied, BankChange, BankEntry, BankReject, EntryState
from havenwall.store import bank_schema as t
from havenwall.store.bank_apply import Application, change_state
from havenwall.store.bank_rows import COLUMNS
from havenwall.store.database import Database
from havenwall.store.rows import chunks

_encode = msgspec.json.Encoder().encode
_decode_state = msgspec.json.Decoder(ImportState).decode
E = t.BANK_ENTRY


class Banks:
    """Writes banks. Rows are superseded, never deleted."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, bank: Bank) -> None:
        """Keep a bank's settings; they hold from now on."""
        with self._database.write() as connection:
            connection.execute(sa.insert(t.BANK).values(name=bank.name, at=now(), body=_encode(bank)))

    def state(self, bank: str) -> ImportState:
        """How far the import of a bank is."""
        query = sa.select(t.BANK_IMPORT.c.body).where(t.BANK_IMPORT.c.bank == bank)
        with self._database.read() as connection:
            body = connection.scalar(query)
        return _decode_state(body) if body else ImportState(bank=bank)

    def set_state(self, seen: ImportState, state: ImportState) -> None:
        """Keep how far an import is. Raises Conflict when it is not at `seen` any more."""
        with self._database.write() as connection:
            _set_state(connection, seen, state)

    def apply(
        self,
        seen: ImportState,
        state: ImportState,
        changes: Sequence[BankChange],
        rejects: Sequence[BankReject] = (),
    ) -> Applied:
        """Keep a page of changes, its rejects, and how far the import then is, all or nothing.

        Raises:
            Conflict: the import is not at `seen` any more; somebody else imports this bank.
        """
        with self._database.write() as connection:
            _set_state(connection, seen, state)
            done = Application(connection, state.bank, state.sweep, now()).run(changes)
            _reject(connection, state.bank, rejects)
        return done + Applied(rejected=len(rejects))

    def unseen(self, bank: str, sweep: int) -> tuple[int, int]:
        """How many entries a sweep did not tell of, and how many there are, withdrawn ones left out."""
        count = sa.func.count()
        with self._database.read() as connection:
            missing = connection.scalar(sa.select(count).select_from(E).where(_live(bank), E.c.sweep < sweep))
            there = connection.scalar(sa.select(count).select_from(E).where(_live(bank)))
        return int(missing or 0), int(there or 0)

    def end_sweep(self, seen: ImportState, state: ImportState) -> int:
        """Withdraw what the sweep did not tell of, and keep how far the import is; returns how many.

        Raises:
            Conflict: as `apply`.
        """
        with self._database.write() as connection:
            _set_state(connection, seen, state)
            query = sa.select(*COLUMNS).where(_live(state.bank), E.c.sweep < seen.sweep)
            rows = connection.execute(query).all()
            gone = EntryState.WITHDRAWN
            return len(change_state(connection, rows, gone, "the source tells of it no more", now()))

    def set_entries(self, entries: Sequence[int], state: EntryState, why: str) -> list[BankEntry]:
        """Set entries aside, bring them back or withdraw them; those in that state already, or withdrawn,
        stay as they are. Returns those that changed.

        Raises:
            NotFound: there is no such entry.
        """
        changed: list[BankEntry] = []
        with self._database.write() as connection:
            for part in chunks(sorted(set(entries))):
                here = E.c.current & E.c.entry.in_(part)
                rows = connection.execute(sa.select(*COLUMNS).where(here)).all()
                if len(rows) < len(part):
                    raise NotFound("there is no such entry", hint="see havenwall lists show")
                moved = [row for row in rows if row.state not in (state.value, EntryState.WITHDRAWN.value)]
                changed += change_state(connection, moved, state, why, now())
        return changed


def _live(bank: str) -> sa.ColumnElement[bool]:
    return (E.c.bank == bank) & E.c.current & (E.c.state != EntryState.WITHDRAWN.value)


def _set_state(connection: sa.Connection, seen: ImportState, state: ImportState) -> None:
    here = t.BANK_IMPORT.c.bank == state.bank
    body = connection.scalar(sa.select(t.BANK_IMPORT.c.body).where(here))
    if (_decode_state(body) if body else ImportState(bank=state.bank)) != seen:
        raise Conflict(
            f"the bank {state.bank} is imported by somebody else", hint="try again when it is done"
        )
    values = {"body": _encode(state)}
    if body:
        connection.execute(sa.update(t.BANK_IMPORT).where(here).values(**values))
    else:
        connection.execute(sa.insert(t.BANK_IMPORT).values(bank=state.bank, **values))


def _reject(connection: sa.Connection, bank: str, rejects: Sequence[BankReject]) -> None:
    bodies = {hashlib.sha256(body).hexdigest(): body for body in map(_encode, rejects)}
    known: set[str] = set()
    for part in chunks(list(bodies)):
        here = (t.BANK_REJECT.c.bank == bank) & t.BANK_REJECT.c.digest.in_(part)
        known.update(connection.scalars(sa.select(t.BANK_REJECT.c.digest).where(here)))
    rows = [
        {"bank": bank, "digest": digest, "at": now(), "body": body}
        for digest, body in bodies.items()
        if digest not in known
    ]
    if rows:
        connection.execute(sa.insert(t.BANK_REJECT), rows)
