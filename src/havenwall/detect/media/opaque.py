"""Licensed hashes (PhotoDNA and others) as bytes nobody here can read: equal, or near by the operator's word.

Whoever holds a licence supplies the distance as a function; without one only equal hashes match.
"""

from __future__ import annotations

import importlib
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, cast

import msgspec

from havenwall.errors import BadConfig
from havenwall.match import HashKind
from havenwall.model.bank_entry import KnownHash

_SETTING = re.compile(r"\s*([a-z][a-z0-9_-]{1,19})\s*=\s*([\w.]+:\w+)\s*<=\s*([0-9]+(?:\.[0-9]+)?)\s*")
_FIELD = "licensed_hashes"


class Distance(Protocol):
    """How far apart two hashes of one kind are; 0 for equal. May raise on hashes it cannot read."""

    def __call__(self, one: bytes, other: bytes, /) -> float:
        """The distance; what it means is the licence's matter."""
        ...


class Licensed(msgspec.Struct, frozen=True, kw_only=True):
    """How hashes of a licensed kind are compared."""

    kind: str
    """As lists name it, such as `photodna`."""
    function: str
    """The operator's, as `module:function`."""
    radius: float
    """Up to which distance two hashes match."""


def read_licensed(text: str) -> Licensed:
    """What the setting says of one kind: `photodna = operator_hashes:distance <= 120`.

    Raises:
        BadConfig: it is not of this form, or the kind is no licensed one.
    """
    found = _SETTING.fullmatch(text)
    if not found:
        hint = "write kind = module:function <= radius"
        raise BadConfig(f"{text[:80]!r} names no function", field=_FIELD, hint=hint)
    kind, function, radius = found.groups()
    if kind in tuple(HashKind):
        raise BadConfig(f"{kind} is no licensed kind", field=_FIELD, hint="it needs no function")
    return Licensed(kind=kind, function=function, radius=float(radius))


def load_distance(name: str) -> Distance:
    """The function an operator named as `module:function`.

    Raises:
        BadConfig: another form of name, no such module or function, or not a function.
    """
    module, _, function = name.partition(":")
    if not module or not function:
        raise BadConfig(f"{name!r} names no function", field=_FIELD, hint="write module:function")
    try:
        found = getattr(importlib.import_module(module), function)
    except Exception as missing:  # a module of somebody else's may fail in any way
        raise BadConfig(
            f"{name}: {missing}", field=_FIELD, hint=f"install what {name} needs, where Python finds it"
        ) from missing
    if not callable(found):
        raise BadConfig(f"{name} is no function", field=_FIELD, hint="name a function of two hashes")
    return cast(Distance, found)


def check_distance(kind: Licensed, samples: Sequence[bytes]) -> str:
    """Ask the operator's function about hashes that are on lists; says what it answered.

    Raises:
        BadConfig: it cannot be loaded or raises, equal hashes are not at distance 0, or a distance is no
            number, below 0, or another one the other way round.
    """
    distance = load_distance(kind.function)
    for one in samples:
        for other in samples:
            try:
                there, back = float(distance(one, other)), float(distance(other, one))
            except Exception as broken:
                raise _odd(kind, f"raises {type(broken).__name__} on hashes of the lists") from broken
            if one == other and there != 0:
                raise _odd(kind, f"says {there:g} of equal hashes")
            if not (math.isfinite(there) and there >= 0 and there == back):
                raise _odd(kind, f"says {there:g} one way and {back:g} the other")
    return f"{kind.kind} by {kind.function} up to {kind.radius:g}, asked of {len(samples)} listed hashes"


class OpaqueIndex:
    """Hashes of licensed kinds, searched through one after the other. Not for two threads at once."""

    def __init__(self, kinds: Iterable[Licensed]) -> None:
        """Raises BadConfig when a function cannot be loaded."""
        self._kinds = {kind.kind: (load_distance(kind.function), kind.radius) for kind in kinds}
        self._values: dict[int, KnownHash] = {}
        # A hash that several lists hold is compared once.
        self._entries: dict[str, dict[bytes, set[int]]] = {kind: {} for kind in self._kinds}

    def add(self, entry: int, known: KnownHash) -> None:
        """Take an entry in, of a kind that it was made for; any number of times."""
        self._values[entry] = known
        self._entries[known.kind].setdefault(bytes.fromhex(known.value), set()).add(entry)

    def withdraw(self, entry: int) -> None:
        """Forget an entry, if it is there."""
        known = self._values.pop(entry, None)
        if known is not None:
            value = bytes.fromhex(known.value)
            self._entries[known.kind][value].discard(entry)
            if not self._entries[known.kind][value]:
                del self._entries[known.kind][value]

    def near(self, hashes: Sequence[KnownHash]) -> Iterator[tuple[KnownHash, int, float]]:
        """Each hash with the number of an entry within its kind's radius, and the distance.

        An entry that the operator's function cannot read is passed over.
        """
        for known in hashes:
            if known.kind in self._kinds:
                distance, radius = self._kinds[known.kind]
                value = bytes.fromhex(known.value)
                for other, entries in self._entries[known.kind].items():
                    apart = 0.0 if other == value else _apart(distance, value, other)
                    if 0 <= apart <= radius:
                        yield from ((known, entry, apart) for entry in sorted(entries))


def _apart(distance: Distance, one: bytes, other: bytes) -> float:
    try:
        return float(distance(one, other))
    except Exception:  # one entry the operator's code cannot read must not stop a search
        return math.inf


def _odd(kind: Licensed, what: str) -> BadConfig:
    hint = "it must give 0 for equal hashes, and the same number of 0 or more both ways"
    return BadConfig(f"{kind.function} {what}", field=_FIELD, hint=hint)
