"""Banks as they are read: settings, status, entries, and the history an index follows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from havenwall.errors import NotFound
from havenwall.model.bank import Bank, BankStatus, ImportState
from havenwall.model.bank_entry import BankEntry, BankReject, EntryChange, EntryState, KnownHash
from havenwall.store import bank_schema as t
from havenwall.store.bank_rows import CHANGE_COLUMNS, COLUMNS, change_of, entry_of, key_of
from havenwall.store.database import Database
from havenwall.store.rows import chunks, decode_all

E = t.BANK_ENTRY
_EXACT = sa.select(*COLUMNS).where(
    E.c.key.in_(sa.bindparam("keys", expanding=True)),
    E.c.kind.in_(sa.bindparam("kinds", expanding=True)),
    E.c.current,
    E.c.state != EntryState.WITHDRAWN.value,
)
"""Put together once: every file that is looked up asks it."""
_decode_bank = msgspec.json.Decoder(Bank).decode
_decode_state = msgspec.json.Decoder(ImportState).decode


class BankMark(NamedTuple):
    """How far settings and entries are: both only ever gain rows."""

    settings: int
    entries: int


class StoreBankView:
    """Reads banks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Bank]:
        """The settings of all banks in force, by name."""
        with self._database.read() as connection:
            return [_decode_bank(row.body) for row in _newest(connection)]

    def bank(self, name: str) -> Bank:
        """The settings of a bank. Raises NotFound when there is none of that name."""
        query = sa.select(t.BANK.c.body).where(t.BANK.c.name == name).order_by(t.BANK.c.seq.desc()).limit(1)
        with self._database.read() as connection:
            body = connection.scalar(query)
        if body is None:
            raise NotFound(f"there is no bank {name}", hint="havenwall lists show tells which there are")
        return _decode_bank(body)

    def statuses(self) -> list[BankStatus]:
        """All banks as they stand, by name."""
        with self._database.read() as connection:
            newest = _newest(connection)
            counts = _counts(connection)
            rejects = dict(_pairs(connection, t.BANK_REJECT.c.bank))
            states = {
                row.bank: _decode_state(row.body) for row in connection.execute(sa.select(t.BANK_IMPORT))
            }
        return [
            _status(row, counts, rejects.get(row.name, 0), states.get(row.name) or ImportState(bank=row.name))
            for row in newest
        ]

    def status(self, name: str) -> BankStatus:
        """A bank as it stands. Raises NotFound when there is none of that name."""
        self.bank(name)
        return next(status for status in self.statuses() if status.bank.name == name)

    def entries(
        self, bank: str, state: EntryState | None = None, limit: int = 50, offset: int = 0
    ) -> list[BankEntry]:
        """Entries of a bank as they stand, newest first; of one state when told."""
        where = (E.c.bank == bank) & E.c.current
        if state is not None:
            where &= E.c.state == state.value
        query = sa.select(*COLUMNS).where(where).order_by(E.c.seq.desc()).limit(limit).offset(offset)
        with self._database.read() as connection:
            return [entry_of(row) for row in connection.execute(query)]

    def by_ids(self, ids: Iterable[int]) -> list[BankEntry]:
        """Entries by their numbers, as they stand; unknown numbers are passed over."""
        found: list[BankEntry] = []
        with self._database.read() as connection:
            for part in chunks(sorted(set(ids))):
                here = E.c.current & E.c.entry.in_(part)
                found += [entry_of(row) for row in connection.execute(sa.select(*COLUMNS).where(here))]
        return found

    def history(self, entry: int) -> list[BankEntry]:
        """All states an entry has been in, oldest first."""
        query = sa.select(*COLUMNS).where(E.c.entry == entry).order_by(E.c.seq)
        with self._database.read() as connection:
            return [entry_of(row) for row in connection.execute(query)]

    def exact(self, hashes: Sequence[KnownHash]) -> list[BankEntry]:
        """Entries that are not withdrawn with one of these hashes, in any bank."""
        wanted, found = set(hashes), list[BankEntry]()
        kinds = sorted({each.kind for each in wanted})
        with self._database.read() as connection:
            for keys in chunks(sorted({key_of(each.value) for each in wanted})):
                rows = connection.execute(_EXACT, {"keys": keys, "kinds": kinds})
                found += [entry for entry in map(entry_of, rows) if entry.hash in wanted]
        return found

    def holds(self, kind: str) -> bool:
        """Whether there ever was an entry with a hash of this kind."""
        with self._database.read() as connection:
            return connection.scalar(sa.select(E.c.seq).where(E.c.kind == kind).limit(1)) is not None

    def changes(self, after: int, limit: int = 10_000, kind: str = "") -> list[EntryChange]:
        """Rows of the history of entries after a position, in order; of one kind of hash when told."""
        where = E.c.seq > after
        if kind:
            where &= E.c.kind == kind
        query = sa.select(*CHANGE_COLUMNS).where(where).order_by(E.c.seq).limit(limit)
        with self._database.read() as connection:
            return [change_of(row) for row in connection.execute(query)]

    def mark(self) -> BankMark:
        """Positions of the newest settings and of the newest row of the history of entries."""
        newest = (sa.select(sa.func.max(seq)).scalar_subquery() for seq in (t.BANK.c.seq, E.c.seq))
        with self._database.read() as connection:
            settings, entries = connection.execute(sa.select(*newest)).one()
        return BankMark(settings or 0, entries or 0)

    def end(self) -> int:
        """Position of the newest row of the history of entries."""
        with self._database.read() as connection:
            return int(connection.scalar(sa.select(sa.func.max(E.c.seq))) or 0)

    def rejects(self, bank: str, limit: int = 50) -> list[BankReject]:
        """The newest malformed records of a bank."""
        query = sa.select(t.BANK_REJECT.c.body).where(t.BANK_REJECT.c.bank == bank)
        newest = query.order_by(t.BANK_REJECT.c.seq.desc()).limit(limit)
        with self._database.read() as connection:
            return decode_all(connection.scalars(newest), BankReject)


def _newest(connection: sa.Connection) -> Sequence[sa.Row[Any]]:
    newest = sa.select(sa.func.max(t.BANK.c.seq)).group_by(t.BANK.c.name)
    return connection.execute(sa.select(t.BANK).where(t.BANK.c.seq.in_(newest)).order_by(t.BANK.c.name)).all()


def _counts(connection: sa.Connection) -> list[tuple[str, str, str, int]]:
    columns = (E.c.bank, E.c.state, E.c.kind)
    query = sa.select(*columns, sa.func.count()).where(E.c.current).group_by(*columns)
    return [(row[0], row[1], row[2], row[3]) for row in connection.execute(query)]


def _pairs(connection: sa.Connection, column: sa.Column[str]) -> list[tuple[str, int]]:
    query = sa.select(column, sa.func.count()).group_by(column)
    return [(row[0], row[1]) for row in connection.execute(query)]


def _status(
    row: sa.Row[Any], counts: list[tuple[str, str, str, int]], rejected: int, state: ImportState
) -> BankStatus:
    totals = dict.fromkeys(EntryState, 0)
    hashes: dict[str, int] = {}
    for bank, entry_state, kind, count in counts:
        if bank == row.name:
            totals[EntryState(entry_state)] += count
            if entry_state != EntryState.WITHDRAWN.value:
                hashes[kind] = hashes.get(kind, 0) + count
    return BankStatus(
        bank=_decode_bank(row.body),
        changed_at=row.at,
        active=totals[EntryState.ACTIVE],
        set_aside=totals[EntryState.SET_ASIDE],
        withdrawn=totals[EntryState.WITHDRAWN],
        rejected=rejected,
        hashes=hashes,
        fetched_at=state.fetched_at,
        completed_at=state.completed_at,
        sweeping=state.sweeping,
    )
