"""What goes into the index and what comes out."""

from __future__ import annotations

import msgspec


class HashRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One hash of an entry. An entry may have several hashes, as a clip has."""

    entry: int
    """The caller's number of the entry, 64 bits with sign; the index knows nothing else about it."""
    hash: str
    """64 hexadecimal digits."""


class Match(msgspec.Struct, frozen=True, kw_only=True):
    """An entry near the query."""

    entry: int
    distance: int
    """Bits in which its nearest hash differs."""


class Added(msgspec.Struct, frozen=True, kw_only=True):
    """What an addition did; what it counts as added is on the disk."""

    added: int
    rejected: int
    """Malformed records, in the file of rejects with the reason."""


class IndexStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How an index stands in this process."""

    records: int
    """Records of the log this process has taken in: additions and withdrawals."""
    hashes: int
    """Hashes in segments and tail, withdrawn ones among them until the next merge."""
    logged: int
    """Records that the log holds now; it is rewritten when far fewer of them still stand."""
    segments: int
    tail: int
    """Hashes looked at one by one."""
    rejected: int
    """Records set aside so far."""
    rebuilt: int
    """Damaged segments this process built again from the log."""
    merging: bool
    problem: str
    """Why the last merge failed; empty when it did not. Nothing is lost by it, searches only get slower."""
