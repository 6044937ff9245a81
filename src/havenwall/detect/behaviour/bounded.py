"""Memory with a ceiling: what was used longest ago goes first. It can be written down and taken up again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from types import GenericAlias
from typing import Generic, Protocol, TypeVar

import msgspec

V = TypeVar("V")


class Memory(Protocol):
    """What a rule remembers, so that it can go on elsewhere as if nothing had been between."""

    def dump(self) -> bytes:
        """All of it, order included."""
        ...

    def fill(self, data: bytes | memoryview) -> None:
        """Take the place of what is remembered.

        Raises:
            msgspec.DecodeError: `dump` of the same kind of memory did not make these bytes.
        """
        ...


class Bounded(Generic[V]):
    """A dict of at most `most` keys; the key written longest ago makes room."""

    def __init__(self, most: int, kind: type[V]) -> None:
        self._most = most
        self._decode = msgspec.msgpack.Decoder(GenericAlias(dict, (str, kind))).decode
        self._kept: OrderedDict[str, V] = OrderedDict()
        self.get = self._kept.get

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, key: str) -> bool:
        return key in self._kept

    def put(self, key: str, value: V) -> None:
        """Keep a value, as the newest."""
        self._kept[key] = value
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def pop(self, key: str) -> None:
        """Forget a key, if it is there."""
        self._kept.pop(key, None)

    def dump(self) -> bytes:
        """All keys and values, the oldest first."""
        # The encoder would take an OrderedDict's keys in the order in which they first came.
        return msgspec.msgpack.encode(dict(self._kept))

    def fill(self, data: bytes | memoryview) -> None:
        """Take the place of what is remembered. Raises msgspec.DecodeError for foreign bytes."""
        kept = self._decode(data)
        # In place: `get` belongs to this dict.
        self._kept.clear()
        self._kept.update(kept)


_NEVER = -(1 << 62)


class _Shelf(msgspec.Struct, array_like=True, gc=False):
    newest: int = _NEVER
    oldest: int = _NEVER
    things: dict[str, int] = {}


_NOTHING: Mapping[str, int] = {}


class Recent:
    """Distinct things of each actor with their newest time, within a window before the actor's newest one.

    At most `each` things of at most `actors` actors; of an actor, what came first makes room, of the actors
    the one that did something longest ago. Times are in µs; they need not come in order.
    """

    def __init__(self, window: int, *, each: int = 256, actors: int = 200_000) -> None:
        self._window, self._each = window, each
        self._shelves: Bounded[_Shelf] = Bounded(actors, _Shelf)
        self.dump, self.fill = self._shelves.dump, self._shelves.fill

    def __len__(self) -> int:
        return len(self._shelves)

    def add(self, actor: str, thing: str, at: int) -> Mapping[str, int]:
        """Take a thing in; the actor's things that are within the window now."""
        shelf = self._shelves.get(actor) or _Shelf()
        self._shelves.put(actor, shelf)
        if at <= shelf.newest - self._window:
            return shelf.things
        things = shelf.things
        if not things:
            shelf.oldest = at
        things[thing] = max(at, things.get(thing, at))
        shelf.newest, shelf.oldest = max(shelf.newest, at), min(shelf.oldest, at)
        if len(things) > self._each:
            del things[next(iter(things))]
        if shelf.oldest <= shelf.newest - self._window:
            _expire(shelf, shelf.newest - self._window)
        return shelf.things

    def of(self, actor: str) -> Mapping[str, int]:
        """The actor's things, as they were when one came last."""
        shelf = self._shelves.get(actor)
        return shelf.things if shelf else _NOTHING

    def drop(self, actor: str, thing: str) -> None:
        """Forget one thing of an actor, if it is there."""
        shelf = self._shelves.get(actor)
        if shelf:
            shelf.things.pop(thing, None)


def _expire(shelf: _Shelf, upto: int) -> None:
    shelf.things = {thing: at for thing, at in shelf.things.items() if at > upto}
    shelf.oldest = min(shelf.things.values(), default=shelf.newest)
