"""Ways to get in touch elsewhere: many different ones, or hidden from filters."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Final

from havenwall.detect.behaviour.base import DAY, Found, Ladder
from havenwall.detect.behaviour.bounded import Memory, Recent
from havenwall.detect.behaviour.known import Known
from havenwall.detect.behaviour.row import Row
from havenwall.model import EventType

_WINDOW: Final = 30 * DAY
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w[\w.]{1,60}")
_PHONE: Final = re.compile(r"(?<![\w+-])(?<!\d )(?:\+|0)\d(?:[ ()/-]?\d){7,13}(?!\d)")
# An invitation to a chat or channel; what a link leads to otherwise is no way to get in touch.
_INVITE: Final = re.compile(r"(?:https?://)?[\w.-]{3,100}/(?:\+|(?:join|joinchat|invite|add)/)[\w-]{4,64}")
_HIDDEN: Final = re.compile(
    r"[\w.+-]{1,64} ?[(\[]at[)\]] ?[\w-]{1,63} ?[(\[]dot[)\]] ?\w{2,20}|hxxps?:\S{4,200}|(?:\d[._*]){8,14}\d",
    re.IGNORECASE,
)
_KINDS: Final = (("mail", _MAIL), ("phone", _PHONE), ("invite", _INVITE), ("hidden", _HIDDEN))
_HINT: Final = re.compile(r"[@/+(\[]|\d\D?\d\D?\d\D?\d")
_WEIGHT_HIDDEN: Final = 2
"""Nobody who wants customers hides their address from filters."""


class OffPlatform:
    """People are led away from where they are protected."""

    name = "off-platform"
    version = "1"
    takes = (EventType.ACCOUNT, EventType.POST)
    what = (
        "Different mail addresses, telephone numbers and chat invitations in profiles and posts within 30 "
        "days; one that is spelled so that filters miss it counts twice. Ordinary links do not count."
    )
    why = (
        "Addresses of a network are taken down and replaced, so there are many; a business keeps its own "
        "for years. Only a fingerprint of each is remembered, and none stands in the evidence."
    )
    innocent = (
        "A shop repeats the same three or four addresses; a journalist gives one, and links that do not "
        "count."
    )
    unit = "different addresses"
    ladder = Ladder(((6, 0.3), (10, 0.5), (18, 0.6)))

    def __init__(self) -> None:
        self._points = Recent(_WINDOW)

    @property
    def memory(self) -> tuple[Memory, ...]:
        """Everything it remembers."""
        return (self._points,)

    def see(self, row: Row, known: Known) -> Iterator[Found]:
        """What the text of an `account` or `post` event makes known of its author."""
        del known
        if row.type not in (EventType.ACCOUNT, EventType.POST) or not row.text or not _HINT.search(row.text):
            return
        points = dict.fromkeys(addresses(row.text))
        for point in points:
            self._points.add(row.entity, point, row.at)
        if points:
            there = self._points.of(row.entity)
            hidden = sum(point.startswith("hidden") for point in there)
            level = len(there) + (_WEIGHT_HIDDEN - 1) * hidden
            yield Found(row.entity, level, {"addresses": str(len(there)), "hidden": str(hidden)})


def addresses(text: str) -> Iterator[str]:
    """`kind:fingerprint` of each way to get in touch that stands in a text, as often as it stands there."""
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            plain = re.sub(r"[\W_]+", "", match[0]).casefold()
            yield f"{kind}:{hashlib.blake2b(plain.encode(), digest_size=8).hexdigest()}"
