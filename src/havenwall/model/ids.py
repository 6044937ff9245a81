"""Names of things: ULIDs for our own records, `kind:id` for the platform's entities."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from enum import StrEnum

import msgspec
from ulid import ULID

from havenwall.errors import BadInput


class EntityKind(StrEnum):
    """What an entity can be."""

    ACCOUNT = "account"
    POST = "post"
    MEDIA = "media"
    GROUP = "group"
    TAG = "tag"
    LIVE = "live"
    DOMAIN = "domain"


class ThingKind(StrEnum):
    """What accounts use and that can have a risk of its own; all are kinds of entities."""

    GROUP = "group"
    TAG = "tag"
    LIVE = "live"
    DOMAIN = "domain"
    MEDIA = "media"


_KINDS = frozenset(kind.value for kind in EntityKind)


def new_id() -> str:
    """A fresh, time-sortable id (26 characters) for one of our own records."""
    return str(ULID())


def entity_id(kind: EntityKind, key: str | int) -> str:
    """`kind:key`, the name of an entity everywhere in Havenwall."""
    return f"{kind.value}:{key}"


def split_entity(entity: str) -> tuple[EntityKind, str]:
    """The kind and the platform's own id of an entity name.

    Raises:
        BadInput: no colon, an empty id, or a kind we do not know.
    """
    kind, colon, key = entity.partition(":")
    if not colon or not key or kind not in _KINDS:
        kinds = ", ".join(EntityKind)
        raise BadInput(f"{entity!r} is not kind:id", field="entity", hint=f"kinds are {kinds}")
    return EntityKind(kind), key


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC)


def derived_id(*parts: str) -> str:
    """An id made from what a record rests on, so that repeated work gives the same id (32 characters)."""
    # A cryptographic hash, not a checksum: whoever picks an event's id must not be able to make two
    # records collide. JSON keeps ("a", "bc") and ("ab", "c") apart.
    return hashlib.blake2b(msgspec.json.encode(parts), digest_size=16).hexdigest()
