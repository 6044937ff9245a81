"""Event: something that happened on the platform, as the platform told us.

One flat record, because the same definition serves the journal, bulk files (a column per field) and
JSON. Which fields each type needs is data (`REQUIRED`), so that the checks, the JSON Schema and the
documentation come from one place.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.model.ids import EntityKind


class EventType(StrEnum):
    """What happened."""

    ACCOUNT = "account"
    """An account was created or its profile changed (`text` is the profile, `tags` its tags). `attributes`
    may hold `handle` and `name` (what it calls itself), `minor` and `verified` ("true" where it is so), and
    `age_band` (`MINOR_BANDS`, or `adult`)."""
    LINK = "link"
    """`entity` now has a tie of kind `link` to `target`."""
    UNLINK = "unlink"
    """That tie is gone."""
    POST = "post"
    """`entity` (account) posted `target` (post) with `text` and `tags`."""
    MEDIA = "media"
    """`entity` (account) shared `target` (media); `attributes` may hold md5, sha1, sha256, pdq."""
    GROUP = "group"
    """`entity` (group) was created or changed; `target` is its owner, `text` its description."""
    LIVE = "live"
    """`entity` (account) started the stream `target` (live)."""
    REPORT = "report"
    """Somebody reported `entity`; `target` is the reporter if known, `text` what they wrote."""
    CONFIRMED = "confirmed"
    """The platform's own team confirmed that `entity` belongs to a network."""
    CLEARED = "cleared"
    """The platform's own team found `entity` to be innocent."""
    REMOVED = "removed"
    """The platform removed `entity`."""
    CONTACT = "contact"
    """`entity` (account) wrote to or called `target` (account) for the first time, or answered it. Who and
    when, never what. `attributes` may hold `answered` ("true" where the other side has answered already)."""
    BLOCK = "block"
    """`entity` (account) blocked `target` (account)."""
    SEARCH = "search"
    """A search of `entity` (account) was blocked. Not what it searched for: that stays with the platform."""


MINOR_BANDS = ("under_13", "13_15", "16_17")
"""Values of the attribute `age_band` of an account that make it a minor's."""


class LinkKind(StrEnum):
    """How two entities are tied."""

    FOLLOW = "follow"
    LIKE = "like"
    COMMENT = "comment"
    MEMBER = "member"
    TAG_USE = "tag_use"
    SHARED_MEDIA = "shared_media"
    SHARED_CONTACT = "shared_contact"


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One thing that happened on the platform. Immutable; known by (`source`, `source_id`)."""

    source: str
    """Who tells us: the platform's or feed's name, 1 to 100 characters."""
    source_id: str
    """The id of this event in the source, 1 to 300 characters. Sending it twice changes nothing."""
    type: EventType
    at: datetime
    """When it happened, with a time zone."""
    entity: str
    """What it is about, as `kind:id`."""
    target: str | None = None
    """The other entity, where the type has one."""
    link: LinkKind | None = None
    weight: float = 1.0
    """Strength of a link, greater than 0."""
    text: str | None = None
    tags: tuple[str, ...] = ()
    attributes: dict[str, str] = {}


class Needs(msgspec.Struct, frozen=True):
    """What an event type demands of its fields."""

    entity: tuple[EntityKind, ...]
    target: tuple[EntityKind, ...] = ()
    """Allowed kinds of the target; empty when the type has none."""
    target_required: bool = True
    link: bool = False


_ANY = tuple(EntityKind)
_ACCOUNT = (EntityKind.ACCOUNT,)

REQUIRED: dict[EventType, Needs] = {
    EventType.ACCOUNT: Needs(_ACCOUNT),
    EventType.LINK: Needs(_ANY, _ANY, link=True),
    EventType.UNLINK: Needs(_ANY, _ANY, link=True),
    EventType.POST: Needs(_ACCOUNT, (EntityKind.POST,)),
    EventType.MEDIA: Needs(_ACCOUNT, (EntityKind.MEDIA,)),
    EventType.GROUP: Needs((EntityKind.GROUP,), _ACCOUNT, target_required=False),
    EventType.LIVE: Needs(_ACCOUNT, (EntityKind.LIVE,)),
    EventType.REPORT: Needs(_ANY, _ACCOUNT, target_required=False),
    EventType.CONFIRMED: Needs(_ACCOUNT),
    EventType.CLEARED: Needs(_ACCOUNT),
    EventType.REMOVED: Needs(_ANY),
    EventType.CONTACT: Needs(_ACCOUNT, _ACCOUNT),
    EventType.BLOCK: Needs(_ACCOUNT, _ACCOUNT),
    EventType.SEARCH: Needs(_ACCOUNT),
}
"""What each event type needs; the checks, the JSON Schema and the docs are made from this table."""
