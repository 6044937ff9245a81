"""Licensed hashes (PhotoDNA and others) as bytes nobody here can read: equal, or near by the operator's word.

Whoever holds a licence supplies the distance as a function; without one only equal hashes match.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable
from typing import Protocol, cast

import msgspec

from havenwall.errors import BadConfig


class Distance(Protocol):
    """How far apart two hashes of one kind are; 0 for equal. May raise on hashes it cannot read."""

    def __call__(self, one: bytes, other: bytes, /) -> float:
        """The distance; what it means is the licence's matter."""
        ...


class OpaqueEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A hash on a list: `kind` as the list names it (`photodna`), and the id it is known by."""

    id: str
    kind: str
    value: bytes


class OpaqueMatch(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that matched, and at what distance."""

    entry: OpaqueEntry
    distance: float


def load_distance(name: str) -> Distance:
    """The function an operator named as `module:function`.

    Raises:
        BadConfig: another form of name, no such module or function, or not a function.
    """
    module, _, function = name.partition(":")
    if not module or not function:
        raise BadConfig(f"{name!r} names no function", field="distance", hint="write module:function")
    try:
        found = getattr(importlib.import_module(module), function)
    except (ImportError, AttributeError) as missing:
        raise BadConfig(str(missing), field="distance", hint=f"install the module of {name}") from missing
    if not callable(found):
        raise BadConfig(f"{name} is no function", field="distance", hint="name a function of two hashes")
    return cast(Distance, found)


class OpaqueIndex:
    """Entries of any kinds; a kind with a distance is searched through, the others looked up."""

    def __init__(self, entries: Iterable[OpaqueEntry], distances: dict[str, Distance] | None = None) -> None:
        """`distances`: the operator's function for each kind that has one."""
        self._distances = distances or {}
        self._kinds: dict[str, list[OpaqueEntry]] = {}
        self._exact: dict[tuple[str, bytes], list[OpaqueEntry]] = {}
        for entry in entries:
            self._kinds.setdefault(entry.kind, []).append(entry)
            self._exact.setdefault((entry.kind, entry.value), []).append(entry)

    def search(self, kind: str, value: bytes, radius: float = 0) -> list[OpaqueMatch]:
        """This kind's entries within `radius`, nearest first; only equal ones where there is no distance.

        An entry that the operator's function cannot read is passed over.
        """
        equal = self._exact.get((kind, value), [])
        found = [OpaqueMatch(entry=entry, distance=0) for entry in equal]
        distance = self._distances.get(kind)
        if distance is not None:
            others = (entry for entry in self._kinds.get(kind, ()) if entry.value != value)
            found += [match for entry in others if (match := _near(distance, value, entry, radius))]
        return sorted(found, key=lambda match: (match.distance, match.entry.id))


def _near(distance: Distance, value: bytes, entry: OpaqueEntry, radius: float) -> OpaqueMatch | None:
    try:
        apart = float(distance(value, entry.value))
    except Exception:  # one entry the operator's code cannot read must not stop a search
        return None
    return OpaqueMatch(entry=entry, distance=apart) if apart <= radius else None
