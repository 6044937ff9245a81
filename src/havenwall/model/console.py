"""What people set for their own console, and what a team shares in it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Theme = Literal["", "light", "dark"]
"""Empty follows the browser."""
Language = Literal["", "en", "de"]
"""Empty follows the browser."""


class ConsoleChoice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How somebody wants the console to be."""

    theme: Theme = ""
    language: Language = ""
    keys: dict[str, str] = {}
    """Keys that differ from those that come with Havenwall, by what they do; empty takes a key away."""
    keys_off: bool = False
    """Single keys do nothing; the palette still opens with Ctrl+K."""


class SavedFilter(msgspec.Struct, frozen=True, kw_only=True):
    """A narrowed list of cases under a name. It holds a question and no answer: whoever opens it sees their
    own cases."""

    id: str
    name: str
    owner: str
    """`user:NAME`."""
    query: str
    """The part of the list's address after the question mark."""
    role: str = ""
    """Whom it is shared with; empty for the owner alone."""
    at: datetime


class Onlooker(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else who has a case open now."""

    person: str
    """`user:NAME`; empty for a viewer who may not work on the case."""
    seen_at: datetime


class MessageTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A message to people outside, in one language. `{name}` in it is filled in when it is sent."""

    name: str
    """Such as `report.upheld`."""
    language: str
    subject: str
    body: str
    by: str
    at: datetime
