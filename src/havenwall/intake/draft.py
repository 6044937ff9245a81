"""Draft: an event as the source wrote it, before any rule has been asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from havenwall.errors import BadInput
from havenwall.model import Event

FIELDS: tuple[str, ...] = Event.__struct_fields__
"""Names of an event's fields, in order."""


class Draft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """The fields of an event, all optional and as plain as JSON has them; null means not given."""

    source: str | None = None
    source_id: str | None = None
    type: str | None = None
    at: str | None = None
    entity: str | None = None
    target: str | None = None
    link: str | None = None
    weight: float | None = None
    text: str | None = None
    tags: list[str] | None = None
    attributes: dict[str, str] | None = None


class Fault(NamedTuple):
    """What is wrong with a row: the field (empty: the row itself), the reason, the remedy."""

    field: str
    reason: str
    hint: str

    @property
    def sentence(self) -> str:
        """Reason and remedy in one line."""
        return f"{self.reason}; {self.hint}"

    def error(self) -> BadInput:
        """The same as an error to raise."""
        return BadInput(self.reason, field=self.field or None, hint=self.hint)


DECODE_ERRORS = (msgspec.MsgspecError, UnicodeError, RecursionError)
"""What the decoder raises when bytes are not a draft."""

_DECODER = msgspec.json.Decoder(Draft)
_UNKNOWN = re.compile(r"unknown field `(.*)`")
_PLACE = re.compile(r" - at `\$(?:\[\d+\])?(?:\.(\w+))?.*`$", re.DOTALL)


def decode(raw: Mapping[str, Any] | bytes) -> Draft:
    """One JSON object (or a mapping of the same fields) as a draft.

    Raises:
        BadInput: not JSON, not an object, an unknown field, or a value of the wrong type.
    """
    try:
        if isinstance(raw, bytes):
            return _DECODER.decode(raw)
        draft = msgspec.convert(msgspec.to_builtins(raw), Draft)
        msgspec.json.encode(draft)
    except (*DECODE_ERRORS, TypeError) as error:
        raise explain(error).error() from error
    return draft


def explain(error: Exception) -> Fault:
    """The decoder's error as field, reason and remedy."""
    message = str(error)
    if unknown := _UNKNOWN.search(message):
        return Fault(unknown[1], "is not a field of an event", f"the fields are {', '.join(FIELDS)}")
    if isinstance(error, UnicodeError):
        return Fault("", "holds bytes or characters that are not UTF-8", "write the file in UTF-8")
    if isinstance(error, msgspec.ValidationError):
        place = _PLACE.search(message)
        field = place[1] or "" if place else ""
        return Fault(field, _PLACE.sub("", message), "see the event format in docs/reference/events.md")
    return Fault("", f"is not a JSON object ({message})", "write one JSON object per line")
