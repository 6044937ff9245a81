"""Bank: a list of known media, where it comes from, and what may be done with its matches."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Verification(StrEnum):
    """How sure a bank's source is of what its entries are."""

    REPORTED = "reported"
    """Somebody said so; nobody looked."""
    REVIEWED = "reviewed"
    """One person looked."""
    VERIFIED = "verified"
    """Several people looked, as hotlines and clearing houses do."""


class SourceKind(StrEnum):
    """The interfaces that banks are imported through."""

    FILE = "file"
    """A plain file of hashes, one on each line; each import tells of all entries."""
    CSV = "csv"
    """A CSV file with a header, as the IWF gives out; from a folder or a server."""
    NCMEC = "ncmec"
    STOPNCII = "stopncii"
    THREATEXCHANGE = "threatexchange"


class BankSource(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a bank comes from. Secrets never stand here, only where they are found."""

    kind: SourceKind = SourceKind.FILE
    address: str = ""
    """https address of the interface, or path of the file; empty where files are handed over."""
    credentials: str = ""
    """`env:NAME` or `file:/path`: where the user name and password or the token are."""
    options: dict[str, str] = {}
    """What the interface needs besides, such as `privacy_group`."""


class Bank(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list of known media. Changed settings are a new row; the newest holds."""

    name: str
    """2 to 60 of a-z, 0-9, dash and underscore."""
    source: BankSource = BankSource()
    kinds: tuple[str, ...] = ()
    """Kinds of hash that are taken: md5, sha1, sha256, pdq, or the name of a licensed one such as photodna;
    empty takes all."""
    radius: int = 31
    """Bits, 0 to 31, in which a PDQ hash may differ from an entry's."""
    verification: Verification = Verification.REPORTED
    purposes: tuple[str, ...] = ()
    """What the agreement with the source allows its matches to be used for; empty: anything. A look-up that
    names another purpose, or none, does not ask this bank."""
    opt_outs: tuple[str, ...] = ()
    """Uses, such as `avatars` or `live`, for which the operator does not want this bank to be asked."""
    negative: bool = False
    """Known benign: a match here vetoes those of other banks."""
    enabled: bool = True
    flood: int = 200
    """Matches of one entry in an hour above which it may be set aside; 0 never sets one aside."""

    def asked_for(self, purpose: str = "", use: str = "") -> bool:
        """Whether a look-up for a purpose and a use asks this bank."""
        allowed = not self.purposes or purpose in self.purposes
        return self.enabled and allowed and use not in self.opt_outs


class ImportState(msgspec.Struct, frozen=True, kw_only=True):
    """How far the import of a bank is."""

    bank: str
    cursor: str = ""
    """Where to go on, as the source's importer wrote it; empty: from the beginning."""
    sweep: int = 0
    """Number of the newest fetch from the beginning."""
    sweeping: bool = False
    """Whether that fetch is under way: when it ends, what it did not tell of is withdrawn."""
    fetched_at: datetime | None = None
    """When the newest page was kept."""
    completed_at: datetime | None = None
    """When the source last had nothing further."""


class BankStatus(msgspec.Struct, frozen=True, kw_only=True):
    """A bank as it stands."""

    bank: Bank
    changed_at: datetime
    """When its settings were last changed."""
    active: int
    set_aside: int
    """Entries that matched far too much: they match on, but nothing is done by machine for it."""
    withdrawn: int
    rejected: int
    """Malformed records set aside so far."""
    hashes: dict[str, int]
    """Entries that are not withdrawn, by kind."""
    fetched_at: datetime | None
    completed_at: datetime | None
    sweeping: bool


class Backfill(msgspec.Struct, frozen=True, kw_only=True):
    """A search of all that was already seen for entries that are new."""

    after: int
    upto: int
    """Entries with numbers above `after`, up to `upto`."""
    position: int
    end: int
    """How far in the journal it is, and where it ends."""
    found: int
    """Signals given."""
    done: bool
