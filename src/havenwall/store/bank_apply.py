"""What a page of a source's changes makes of a bank's entries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.model.bank_entry import Applied, BankChange, BankEntry, EntryState, KnownHash
from havenwall.store.bank_rows import COLUMNS, entry_of, row_of, supersede, told_at
from havenwall.store.bank_schema import BANK_ENTRY as E
from havenwall.store.rows import by_names, chunks

_Known = dict[str, list[tuple[sa.Row[Any], BankEntry]]]


class Application:
    """One page, in one transaction. After `run` the rows are written."""

    def __init__(self, connection: sa.Connection, bank: str, sweep: int, at: datetime) -> None:
        self._connection, self._bank, self._sweep, self._at = connection, bank, sweep, at
        self._next = 1 + int(connection.scalar(sa.select(sa.func.max(E.c.entry))) or 0)
        self._rows: list[dict[str, Any]] = []
        self._replaced: list[int] = []
        self._told_again: list[int] = []
        self._done: Counter[str] = Counter()

    def run(self, changes: Sequence[BankChange]) -> Applied:
        """Apply changes in their order; returns what they did, in hashes."""
        # Several changes of one item in one page: the last is how it stands.
        newest = {change.source_id: change for change in changes}
        known = self._known(newest)
        for name, change in newest.items():
            self._apply(change, known.get(name, ()))
        supersede(self._connection, self._replaced, self._rows)
        self._tell_again()
        return Applied(**self._done)

    def _known(self, names: Iterable[str]) -> _Known:
        found: _Known = defaultdict(list)
        # Old rows are told apart here: asked for `current`, SQLite takes the index of sweeps, which goes
        # through the whole bank for every few names.
        columns, where = (*COLUMNS, E.c.current), E.c.bank == self._bank
        for row in by_names(self._connection, columns, E.c.source_id, names, where=where):
            if row.current:
                found[row.source_id].append((row, entry_of(row)))
        return found

    def _apply(self, change: BankChange, known: Sequence[tuple[sa.Row[Any], BankEntry]]) -> None:
        live = {entry.hash: (row, entry) for row, entry in known if entry.state is not EntryState.WITHDRAWN}
        last = max((moment for row, _ in known if (moment := told_at(row))), default=None)
        if change.at and last and change.at < last:
            self._told_again += [row.seq for row, _ in live.values()]
            self._done["old"] += 1
            return
        for known_hash in dict.fromkeys(change.hashes):
            row, entry = live.pop(known_hash, (None, None))
            if entry is None:
                self._add(change, known_hash)
            else:
                self._keep(change, row, entry)
        for row, entry in live.values():
            why = change.why or (
                "the source took it back" if not change.hashes else "its item has it no more"
            )
            self._replace(row, entry, change.at, state=EntryState.WITHDRAWN, why=why)
        self._done["withdrawn"] += len(live)

    def _add(self, change: BankChange, known_hash: KnownHash) -> None:
        entry = BankEntry(
            id=self._next,
            bank=self._bank,
            source_id=change.source_id,
            hash=known_hash,
            state=EntryState.ACTIVE,
            added_at=self._at,
            changed_at=self._at,
            labels=change.labels,
            note=change.note,
        )
        self._next += 1
        self._rows.append(row_of(entry, self._sweep, change.at))
        self._done["added"] += 1

    def _keep(self, change: BankChange, row: Any, entry: BankEntry) -> None:
        if (entry.labels, entry.note) == (change.labels, change.note):
            self._told_again.append(row.seq)
            self._done["same"] += 1
            return
        self._replace(row, entry, change.at, labels=change.labels, note=change.note)
        self._done["changed"] += 1

    def _replace(self, row: Any, entry: BankEntry, told: datetime | None, **fields: Any) -> None:
        changed = msgspec.structs.replace(entry, changed_at=self._at, **fields)
        self._replaced.append(row.seq)
        self._rows.append(row_of(changed, self._sweep, told or told_at(row)))

    def _tell_again(self) -> None:
        for part in chunks(self._told_again):
            here = E.c.seq.in_(part)
            self._connection.execute(sa.update(E).where(here).values(sweep=self._sweep))


def change_state(
    connection: sa.Connection, rows: Iterable[sa.Row[Any]], state: EntryState, why: str, at: datetime
) -> list[BankEntry]:
    """Give entries another state; returns them as they are then."""
    replaced, fresh, entries = [], [], []
    for row in rows:
        entry = msgspec.structs.replace(entry_of(row), state=state, why=why, changed_at=at)
        replaced.append(row.seq)
        fresh.append(row_of(entry, row.sweep, told_at(row)))
        entries.append(entry)
    supersede(connection, replaced, fresh)
    return entries
