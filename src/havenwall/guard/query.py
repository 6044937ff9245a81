"""The query and tag guard: a text somebody typed, or one the platform would suggest → verdict.

Importable alone, without a database: `QueryGuard.open` with sealed lists, or `QueryGuard(read_terms(…))`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from havenwall.errors import BadConfig, BadInput
from havenwall.guard.terms import HelpResource, Severity, TermList, help_for, load_benign, load_help
from havenwall.guard.terms.follow import Fixed, Follower
from havenwall.guard.terms.force import InForce, put_in_force
from havenwall.guard.terms.source import TermFiles
from havenwall.guard.terms.verdict import (
    SUGGESTIONS,
    QueryOutcome,
    QuerySurface,
    QueryVerdict,
    TermStatus,
    as_surface,
    outcome_on,
)
from havenwall.match.disguises import VIEWS
from havenwall.match.finder import BASE
from havenwall.match.listed.judge import Counted

__all__ = [
    "QueryGuard",
    "QueryOutcome",
    "QuerySurface",
    "QueryVerdict",
    "TermStatus",
    "as_surface",
    "outcome_on",
]

LONGEST_TEXT: Final = 2_000
"""Characters of a text; longer ones are an error, for what is not read is not known clean."""


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
        help = load_help() if help is None else help
        benign = load_benign() if benign is None else benign
        self._lists: Fixed | Follower = Fixed(put_in_force(terms, help, benign, budget))

    @classmethod
    def open(
        cls,
        lists: Path | Iterable[Path],
        key_file: Path,
        *,
        also: Iterable[Path] = (),
        help: Path | None = None,
        benign: Iterable[Path] = (),
        budget: float = 2.0,
        refresh_every: float = 1.0,
    ) -> QueryGuard:
        """The guard over sealed lists: those named, or all in a folder; and those of `also` that are there.

        While it is asked, it looks every `refresh_every` seconds whether files changed (the key, help
        resources and benign words too), and loads them beside the questions. What is not right is refused,
        the old lists stay in force, and `status` tells.

        Raises:
            BadConfig, BadInput: a file cannot be read or is not right, or the budget is exceeded.
        """
        if not (0 < refresh_every < math.inf):
            raise BadConfig(f"is {refresh_every}", field="refresh_every", hint="give seconds above 0")
        files = TermFiles(
            lists=lists if isinstance(lists, Path) else tuple(lists),
            also=tuple(also),
            key_file=key_file,
            help=help,
            benign=tuple(benign),
            budget=budget,
        )
        guard = cls.__new__(cls)
        guard._lists = Follower(files, refresh_every)
        return guard

    @property
    def terms(self) -> TermList:
        """The lists in force."""
        return self._lists.fresh().terms

    @property
    def false_hits(self) -> float:
        """In 1,000 texts of the benign vocabulary."""
        return self._lists.fresh().false_hits

    def query(
        self, text: str, surface: QuerySurface, *, country: str | None = None, language: str | None = None
    ) -> QueryVerdict:
        """What to do with a text. A language leaves out terms of others; without one, all count.

        Raises:
            BadInput: no such surface, or a text of more than 2,000 characters.
        """
        state = self._lists.fresh()
        allowed = state.allowed.get(surface) or state.allowed[as_surface(surface)]
        if len(text) > LONGEST_TEXT:
            raise BadInput(f"has more than {LONGEST_TEXT:,} characters", field="text", hint="cut it")
        counted = state.judge.counted(text, language)
        if counted is None and surface in SUGGESTIONS:
            counted = state.judge.near(text, language, state.benign)
        if counted is None or counted.entry.severity not in _ACTS[surface]:
            return allowed
        return _acted(state, counted, surface, country, language)

    def expired(self) -> int:
        """How many terms do nothing any more."""
        return self._lists.fresh().expired()

    def status(self) -> TermStatus:
        """How the lists in force stand, for health pages and alarms."""
        state = self._lists.fresh()
        return TermStatus(
            version=state.terms.version,
            terms=len(state.terms.entries),
            expired=state.expired(),
            false_hits=state.false_hits,
            loaded_at=state.loaded_at,
            newest=self._lists.newest(),
            problem=self._lists.problem,
        )

    def refresh(self) -> bool:
        """Look for changed files now, and wait until they are loaded; true when they came into force."""
        return self._lists.refresh()

    def close(self) -> None:
        """Wait for what is being loaded. The guard still answers."""
        self._lists.close()

    def views(self, text: str) -> dict[str, str]:
        """The text as each view reads it, for showing why a term was found."""
        shown: dict[str, str] = {}
        for disguise, undo in VIEWS.items():
            shown[disguise.value] = undo(text)
            # The first four are undone for all that follow; each of the others stands for itself.
            text = shown[disguise.value] if disguise in BASE else text
        return shown


def _acted(
    state: InForce, counted: Counted, surface: QuerySurface, country: str | None, language: str | None
) -> QueryVerdict:
    outcome = outcome_on(surface)
    silent = outcome is QueryOutcome.DROPPED
    return QueryVerdict(
        surface=surface,
        outcome=outcome,
        term=counted.entry.id,
        severity=counted.entry.severity,
        views=("near",) if counted.near else tuple(view.value for view in counted.views),
        help=() if silent else help_for(state.help, country, language),
        version=state.terms.version,
    )


_EVERY: Final = frozenset(Severity)
_GRAVE: Final = frozenset([Severity.BLOCK, Severity.CONTEXT])
_ACTS: Final = {surface: _EVERY if surface in SUGGESTIONS else _GRAVE for surface in QuerySurface}
