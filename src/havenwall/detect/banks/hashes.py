"""Hashes as sources write them, in canonical form; what cannot be read is set aside with the reason."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import string
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from havenwall.errors import BadInput
from havenwall.match import HashKind, normalise_hash
from havenwall.model.bank_entry import BankChange, BankReject, KnownHash

_EXACT = {kind.value: kind for kind in HashKind}
_KIND = re.compile(r"[a-z][a-z0-9_-]{1,19}")
_HEX = frozenset(string.hexdigits)
_LONGEST_ID = 300
_MOST_LABELS = 40
LONGEST = 1 << 20
"""Characters of a licensed hash; the longest known, of whole videos, have 350,000."""


class Item(NamedTuple):
    """What was made of one record of a source."""

    change: BankChange | None
    """None when nothing of the record could be read: what was known of the item stays as it is."""
    rejects: tuple[BankReject, ...]


def known_hash(kind: str, value: str) -> KnownHash:
    """A hash in canonical form: lower-case hexadecimal digits.

    Values of licensed kinds may come as hexadecimal digits, base64, or 8-bit numbers with commas.

    Raises:
        BadInput: the kind has no proper name, or the value is no hash of that kind.
    """
    name = kind.strip().lower()
    if exact := _EXACT.get(name):
        return KnownHash(kind=name, value=normalise_hash(exact, value))
    if not _KIND.fullmatch(name):
        hint = f"{', '.join(HashKind)}, or the name of a licensed kind such as photodna"
        raise BadInput(f"unknown kind of hash {kind[:40]!r}", field="kind", hint=hint)
    return KnownHash(kind=name, value=_opaque(name, value.strip()).hex())


def read_item(
    source_id: str,
    hashes: Iterable[tuple[str, str]],
    *,
    labels: Iterable[str] = (),
    note: str = "",
    at: datetime | None = None,
    where: str = "",
) -> Item:
    """One record of a source: its id, and (kind, value) of each hash. `where` names it in rejects."""
    read: list[KnownHash] = []
    rejects: list[BankReject] = []
    for kind, value in hashes:
        try:
            read.append(known_hash(kind, value))
        except BadInput as error:
            rejects.append(reject(where or source_id, error.message, f"{kind}:{value}"))
    if not read:
        return Item(None, tuple(rejects) or (reject(where or source_id, "it has no hash"),))
    told = tuple(sorted({label.strip()[:100] for label in labels if label.strip()}))[:_MOST_LABELS]
    name = short_id(source_id)
    change = BankChange(
        source_id=name, hashes=tuple(dict.fromkeys(read)), labels=told, note=note[:500], at=at
    )
    return Item(change, tuple(rejects))


def withdrawal(source_id: str, why: str, at: datetime | None = None) -> BankChange:
    """What says that a source took an item back."""
    return BankChange(source_id=short_id(source_id), why=why, at=at)


def reject(where: str, reason: str, content: str = "") -> BankReject:
    """A record set aside."""
    return BankReject(where=where[:100], reason=reason[:300], content=content[:200])


def short_id(source_id: str) -> str:
    """The id as it is kept: one of more than 300 characters becomes its SHA-256."""
    name = source_id.replace("\0", " ")
    return name if len(name) <= _LONGEST_ID else hashlib.sha256(name.encode()).hexdigest()


def _opaque(kind: str, value: str) -> bytes:
    if not value or len(value) > LONGEST:
        raise BadInput(f"has {len(value)} characters", field=kind, hint=f"give 1 to {LONGEST:,}")
    try:
        if "," in value:
            return bytes(int(part) for part in value.split(","))
        if len(value) % 2 == 0 and _HEX.issuperset(value):
            return bytes.fromhex(value)
        return base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error) as error:
        hint = "give hexadecimal digits, base64, or numbers 0 to 255 with commas"
        raise BadInput(f"{value[:40]!r} cannot be read", field=kind, hint=hint) from error
