"""What a term list holds."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import msgspec

from havenwall.match.finder import Mode

_Short = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Severity(StrEnum):
    """What a term does."""

    BLOCK = "block"
    """Search is blocked, a tag's page closed, a suggestion dropped."""
    CONTEXT = "context"
    """As block, but only together with one of its context terms; alone it does nothing."""
    SUPPRESS = "suppress"
    """Only suggestions are dropped."""


class TermEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One term of a list."""

    id: _Short
    """The only name by which logs, messages and verdicts call the term."""
    term: _Short
    """The word or phrase."""
    severity: Severity
    provenance: _Short
    """Who gave the term out, and when."""
    mode: Mode = Mode.WORD
    language: str = ""
    """`de`, `pt-br`; empty for a term that counts in every language."""
    expires: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """From this moment on the term does nothing; looked at with every query."""
    context_terms: tuple[_Short, ...] = ()
    """For severity `context`: words that must be there too."""


class AllowEntry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A benign near miss: a term found inside this phrase, written plainly, does not count."""

    allow: _Short


class TermList(msgspec.Struct, frozen=True, kw_only=True):
    """Terms with the places they were read from."""

    entries: tuple[TermEntry, ...]
    places: tuple[str, ...]
    """File and line of each entry."""
    allowed: tuple[str, ...]
    version: str
    """Hash of the lists' content; empty when there is no list."""
