"""Exact look-up of media hashes."""

from __future__ import annotations

import string
from collections.abc import Iterable
from enum import StrEnum

from havenwall.errors import BadInput


class HashKind(StrEnum):
    """The kinds of media hash we look up."""

    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    PDQ = "pdq"


_DIGITS = {HashKind.MD5: 32, HashKind.SHA1: 40, HashKind.SHA256: 64, HashKind.PDQ: 64}
_HEX = frozenset(string.hexdigits)


def normalise_hash(kind: HashKind, value: str) -> str:
    """`value` in lower case without surrounding space.

    Raises:
        BadInput: not the hexadecimal digits of a hash of this kind.
    """
    text = value.strip().lower()
    if len(text) != _DIGITS[kind] or not _HEX.issuperset(text):
        raise BadInput(
            f"{value[:80]!r} is not a {kind} hash",
            field=kind.value,
            hint=f"{kind} takes {_DIGITS[kind]} hexadecimal digits",
        )
    return text


def hash_kind(value: str) -> HashKind:
    """The kind of a bare hash, told by its length.

    Raises:
        BadInput: no kind has this length, or two have (sha256 and pdq).
    """
    kinds = [kind for kind, digits in _DIGITS.items() if digits == len(value.strip())]
    if len(kinds) != 1:
        names = " or ".join(kinds or HashKind)
        raise BadInput(
            f"the kind of {value[:80]!r} cannot be told", field="hash", hint=f"put {names} and a colon before"
        )
    return kinds[0]


class HashSet:
    """A set of hashes of several kinds; a look-up is one probe of a Python set."""

    def __init__(self, entries: Iterable[tuple[HashKind, str]]) -> None:
        """`entries`: kind and hexadecimal hash. Raises BadInput as `normalise_hash` does."""
        known: dict[HashKind, set[str]] = {kind: set() for kind in HashKind}
        for kind, value in entries:
            known[kind].add(normalise_hash(kind, value))
        self._known = {kind: frozenset(values) for kind, values in known.items()}

    def __len__(self) -> int:
        return sum(map(len, self._known.values()))

    def __contains__(self, entry: tuple[HashKind, str]) -> bool:
        """Whether (kind, hash) is in the set. A malformed hash is simply not: events come from outside."""
        kind, value = entry
        return value.strip().lower() in self._known[kind]

    @property
    def kinds(self) -> tuple[HashKind, ...]:
        """The kinds that have entries."""
        return tuple(kind for kind, values in self._known.items() if values)
