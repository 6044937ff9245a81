"""What is asked about a text, and what the query guard answers."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

import msgspec

from havenwall.errors import BadInput
from havenwall.guard.terms.help import HelpResource
from havenwall.match.listed.entry import Severity


class QuerySurface(StrEnum):
    """Where a text is a query, a suggestion or a tag."""

    SEARCH_QUERY = "search_query"
    """Somebody typed it."""
    AUTOCOMPLETE = "autocomplete"
    """The platform would complete to it."""
    RELATED_SEARCHES = "related_searches"
    """The platform would propose it beside results."""
    HASHTAG_PAGE = "hashtag_page"
    """The page of a tag."""


class QueryOutcome(StrEnum):
    """What to do with a text."""

    ALLOW = "allow"
    BLOCKED = "blocked"
    """Show the help resources and no results, with no way past."""
    DROPPED = "dropped"
    """Leave the suggestion out, and say nothing."""
    CLOSED = "closed"
    """Show the help resources and nothing of the tag."""


SUGGESTIONS: Final = (QuerySurface.AUTOCOMPLETE, QuerySurface.RELATED_SEARCHES)
"""Surfaces where the platform speaks, not its user."""

_OUTCOMES: Final = {
    QuerySurface.SEARCH_QUERY: QueryOutcome.BLOCKED,
    QuerySurface.AUTOCOMPLETE: QueryOutcome.DROPPED,
    QuerySurface.RELATED_SEARCHES: QueryOutcome.DROPPED,
    QuerySurface.HASHTAG_PAGE: QueryOutcome.CLOSED,
}


def outcome_on(surface: QuerySurface) -> QueryOutcome:
    """What comes of a text that may not stand there."""
    return _OUTCOMES[surface]


class QueryVerdict(msgspec.Struct, frozen=True, kw_only=True):
    """The guard's answer for one text on one surface."""

    surface: QuerySurface
    outcome: QueryOutcome
    term: str | None = None
    """Id of the term it rests on."""
    severity: Severity | None = None
    views: tuple[str, ...] = ()
    """Views that undid a disguise; empty when the term was written plainly, `near` for one edit away."""
    help: tuple[HelpResource, ...] = ()
    """What to show in place of results."""
    version: str = ""
    """Of the term lists; empty when there are none."""


class TermStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How the term lists in force stand."""

    version: str
    """Empty when there are none."""
    terms: int
    expired: int
    """Of these, those that do nothing any more."""
    false_hits: float
    """In 1,000 texts of the benign vocabulary."""
    loaded_at: datetime
    newest: datetime | None = None
    """When the newest list file was written; None without files."""
    problem: str | None = None
    """Why newer files were refused; the lists read before stay in force. Names a term by place and id."""


def as_surface(name: str) -> QuerySurface:
    """The surface of that name.

    Raises:
        BadInput: there is none.
    """
    try:
        return QuerySurface(name)
    except ValueError:
        hint = f"surfaces are {', '.join(QuerySurface)}"
        raise BadInput(f"{name!r} is not a surface for texts", field="surface", hint=hint) from None
