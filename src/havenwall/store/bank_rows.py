"""Entries of banks to rows and back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from havenwall.model.bank_entry import BankEntry, EntryChange, EntryState, KnownHash
from havenwall.store.bank_schema import BANK_ENTRY as E
from havenwall.store.rows import chunks

_LONGEST = 64
_STATES = {state.value: state for state in EntryState}
COLUMNS: tuple[sa.Column[Any], ...] = (
    *(E.c.seq, E.c.entry, E.c.bank, E.c.source_id, E.c.kind, E.c.state, E.c.at, E.c.sweep, E.c.body),
)
CHANGE_COLUMNS: tuple[sa.Column[Any], ...] = (E.c.seq, E.c.entry, E.c.kind, E.c.state, E.c.at, E.c.body)
"""What of it a follower of the history needs."""


class Body(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a row says besides its columns."""

    value: str
    added_at: datetime
    labels: tuple[str, ...] = ()
    note: str = ""
    why: str = ""
    told_at: datetime | None = None
    """When the source changed the item."""


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Body).decode


def key_of(value: str) -> str:
    """What stands in the column `key` for a hash."""
    return value if len(value) <= _LONGEST else hashlib.sha256(value.encode()).hexdigest()


def row_of(entry: BankEntry, sweep: int, told_at: datetime | None) -> dict[str, Any]:
    """The row of an entry as it is now."""
    body = Body(
        value=entry.hash.value,
        added_at=entry.added_at,
        labels=entry.labels,
        note=entry.note,
        why=entry.why,
        told_at=told_at,
    )
    return {
        "entry": entry.id,
        "bank": entry.bank,
        "source_id": entry.source_id,
        "kind": entry.hash.kind,
        "key": key_of(entry.hash.value),
        "state": entry.state.value,
        "at": entry.changed_at,
        "sweep": sweep,
        "current": True,
        "body": _encode(body),
    }


def entry_of(row: sa.Row[Any]) -> BankEntry:
    """The entry of a row with `COLUMNS`."""
    body, state = _decode(row.body), _STATES[row.state]
    return BankEntry(
        id=row.entry,
        bank=row.bank,
        source_id=row.source_id,
        hash=KnownHash(kind=row.kind, value=body.value),
        state=state,
        added_at=body.added_at,
        changed_at=row.at,
        withdrawn_at=row.at if state is EntryState.WITHDRAWN else None,
        labels=body.labels,
        note=body.note,
        why=body.why,
    )


def change_of(row: Sequence[Any]) -> EntryChange:
    """The step of the history that a row of `CHANGE_COLUMNS` is."""
    seq, entry, kind, state, at, body = row
    told = _decode(body)
    return EntryChange(
        seq=seq,
        entry=entry,
        hash=KnownHash(kind=kind, value=told.value),
        state=_STATES[state],
        first=told.added_at == at,
    )


def told_at(row: sa.Row[Any]) -> datetime | None:
    """When the source changed the item, as far as the row says."""
    return _decode(row.body).told_at


def supersede(connection: sa.Connection, replaced: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows in the place of others, given by `seq`; those stay as history."""
    for part in chunks(replaced):
        connection.execute(sa.update(E).where(E.c.seq.in_(part)).values(current=False))
    if rows:
        connection.execute(sa.insert(E), rows)
