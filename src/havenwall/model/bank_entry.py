"""Entries of banks, and what a source tells of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class EntryState(StrEnum):
    """Whether an entry counts."""

    ACTIVE = "active"
    SET_ASIDE = "set_aside"
    """It matched far too much: a person must look before anything is done for its matches."""
    WITHDRAWN = "withdrawn"
    """The source took it back; it never matches again."""


class KnownHash(msgspec.Struct, frozen=True, kw_only=True):
    """One hash: a kind, and its value in that kind's canonical form."""

    kind: str
    value: str


class BankEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One hash of one item of a bank, as it stands. Nothing is deleted: each change is a new row."""

    id: int
    """Number of the entry, in the hash index too; what comes back after a withdrawal is a new one."""
    bank: str
    source_id: str
    """The source's own name of the item; its hashes of several kinds share it."""
    hash: KnownHash
    state: EntryState
    added_at: datetime
    changed_at: datetime
    withdrawn_at: datetime | None = None
    labels: tuple[str, ...] = ()
    """What the source says of it: classification, tags, feedback."""
    note: str = ""
    why: str = ""
    """Why it was set aside or withdrawn."""


class BankChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a source tells of one item: all its hashes as they are now; none, when it was withdrawn."""

    source_id: str
    hashes: tuple[KnownHash, ...] = ()
    labels: tuple[str, ...] = ()
    note: str = ""
    why: str = ""
    """Why it was withdrawn."""
    at: datetime | None = None
    """When the source changed it. What is older than what is known of the item is passed over."""


class BankReject(msgspec.Struct, frozen=True, kw_only=True):
    """A record of a source that could not be read."""

    where: str
    """Id of the record, or the line it stands on."""
    reason: str
    content: str = ""
    """What it said, shortened."""


class Applied(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of changes did, in hashes."""

    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    same: int = 0
    rejected: int = 0
    skipped: int = 0
    """Records of kinds that this bank does not take."""
    old: int = 0
    """Records older than what is known of the item."""

    def __add__(self, other: Applied) -> Applied:
        names = self.__struct_fields__
        return Applied(**{name: getattr(self, name) + getattr(other, name) for name in names})


class EntryChange(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the history of entries, as an index follows it."""

    seq: int
    entry: int
    hash: KnownHash
    state: EntryState
    first: bool
    """Whether the entry was new then."""
