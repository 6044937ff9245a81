"""The query and tag guard: a text somebody typed, or one the platform would suggest → verdict.

Importable alone, without a database: `QueryGuard.open` with sealed lists, or `QueryGuard(read_terms(…))`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from havenwall.errors import BadInput
from havenwall.guard.terms import (
    SUFFIX,
    HelpResource,
    Severity,
    TermList,
    help_for,
    load_benign,
    load_help,
    open_terms,
    read_terms,
)
from havenwall.guard.terms.judge import Counted, Judge, hits_by_term, letters_of
from havenwall.match.disguises import VIEWS
from havenwall.match.finder import BASE
from havenwall.model import now

LONGEST_TEXT: Final = 2_000
"""Characters of a text; longer ones are an error, for what is not read is not known clean."""


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


_SUGGESTIONS: Final = (QuerySurface.AUTOCOMPLETE, QuerySurface.RELATED_SEARCHES)


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


class QueryGuard:
    """Says what to do with queries, suggestions and tags. Safe to share between threads."""

    def __init__(
        self,
        terms: TermList,
        *,
        help: Sequence[HelpResource] | None = None,
        benign: Sequence[str] | None = None,
        budget: float = 2.0,
    ) -> None:
        """Args: the terms; help resources and benign vocabulary (those that ship, without); and how many
        false hits there may be in 1,000 benign texts.

        Raises:
            BadInput: more false hits than that; names the term with the most by place and id.
        """
        self._judge = Judge(terms)
        self._help = tuple(load_help() if help is None else help)
        benign = load_benign() if benign is None else benign
        self._allowed = {
            surface: QueryVerdict(surface=surface, outcome=QueryOutcome.ALLOW, version=terms.version)
            for surface in QuerySurface
        }
        self._benign = frozenset(letters_of(text) for text in benign)
        self.false_hits = self._measured(benign, budget)

    false_hits: float
    """In 1,000 texts of the benign vocabulary."""

    @classmethod
    def open(
        cls,
        lists: Iterable[Path],
        key_file: Path,
        *,
        help: Path | None = None,
        benign: Iterable[Path] = (),
        budget: float = 2.0,
    ) -> QueryGuard:
        """The guard over sealed lists.

        Raises:
            BadConfig, BadInput: a file cannot be read or is not right, or the budget is exceeded.
        """
        terms = read_terms((path.name.removesuffix(SUFFIX), open_terms(path, key_file)) for path in lists)
        return cls(terms, help=load_help(help), benign=load_benign(benign), budget=budget)

    @property
    def terms(self) -> TermList:
        """The lists in force."""
        return self._judge.terms

    def query(
        self, text: str, surface: QuerySurface, *, country: str | None = None, language: str | None = None
    ) -> QueryVerdict:
        """What to do with a text. A language leaves out terms of others; without one, all count.

        Raises:
            BadInput: no such surface, or a text of more than 2,000 characters.
        """
        allowed = self._allowed.get(surface) or self._allowed[as_surface(surface)]
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"has more than {LONGEST_TEXT:,} characters", field="text", hint="cut it")
        counted = self._judge.counted(text, language)
        if counted is None and surface in _SUGGESTIONS:
            counted = self._judge.near(text, language, self._benign)
        if counted is None or counted.entry.severity not in _ACTS[surface]:
            return allowed
        return self._acted(counted, surface, country, language)

    def expired(self) -> int:
        """How many terms do nothing any more."""
        at = now()
        return sum(entry.expires is not None and entry.expires <= at for entry in self.terms.entries)

    def views(self, text: str) -> dict[str, str]:
        """The text as each view reads it, for showing why a term was found."""
        shown: dict[str, str] = {}
        for disguise, undo in VIEWS.items():
            shown[disguise.value] = undo(text)
            # The first four are undone for all that follow; each of the others stands for itself.
            text = shown[disguise.value] if disguise in BASE else text
        return shown

    def _acted(
        self, counted: Counted, surface: QuerySurface, country: str | None, language: str | None
    ) -> QueryVerdict:
        outcome = _OUTCOMES[surface]
        silent = outcome is QueryOutcome.DROPPED
        return QueryVerdict(
            surface=surface,
            outcome=outcome,
            term=counted.entry.id,
            severity=counted.entry.severity,
            views=("near",) if counted.near else tuple(view.value for view in counted.views),
            help=() if silent else help_for(self._help, country, language),
            version=self.terms.version,
        )

    def _measured(self, benign: Sequence[str], budget: float) -> float:
        hits = hits_by_term(self._judge, benign)
        rate = 1000 * sum(hits.values()) / len(benign) if benign else 0.0
        if rate > budget:
            worst = max(hits, key=lambda number: (hits[number], -number))
            raise BadInput(
                f"term {self.terms.entries[worst].id} is found in {hits[worst]} of {len(benign):,} benign "
                f"texts; {len(hits)} terms make {rate:.1f} false hits in 1,000, and the budget is {budget:g}",
                field=self.terms.places[worst],
                hint='give it a stricter mode or context terms, add {"allow": …}, or raise the budget',
            )
        return rate


_EVERY: Final = frozenset(Severity)
_GRAVE: Final = frozenset([Severity.BLOCK, Severity.CONTEXT])
_ACTS: Final = {surface: _EVERY if surface in _SUGGESTIONS else _GRAVE for surface in QuerySurface}
_OUTCOMES: Final = {
    QuerySurface.SEARCH_QUERY: QueryOutcome.BLOCKED,
    QuerySurface.AUTOCOMPLETE: QueryOutcome.DROPPED,
    QuerySurface.RELATED_SEARCHES: QueryOutcome.DROPPED,
    QuerySurface.HASHTAG_PAGE: QueryOutcome.CLOSED,
}
