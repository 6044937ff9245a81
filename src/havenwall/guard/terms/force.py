"""What is in force: terms, help resources and benign vocabulary that passed the false-hit budget together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from havenwall.errors import BadInput
from havenwall.guard.terms.help import HelpResource
from havenwall.guard.terms.verdict import QueryOutcome, QuerySurface, QueryVerdict
from havenwall.match.listed.entry import TermList
from havenwall.match.listed.judge import Judge, hits_by_term, letters_of
from havenwall.model import now


class InForce(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One set of lists; never changed, so that a question sees one version only."""

    judge: Judge
    help: tuple[HelpResource, ...]
    benign: frozenset[str]
    """Letters of the benign words, which are no slip of the keyboard."""
    allowed: dict[QuerySurface, QueryVerdict]
    """The answer to what is clean, by surface."""
    false_hits: float
    """In 1,000 texts of the benign vocabulary."""
    loaded_at: datetime

    @property
    def terms(self) -> TermList:
        """The terms."""
        return self.judge.terms

    def expired(self) -> int:
        """How many terms do nothing any more."""
        at = now()
        return sum(entry.expires is not None and entry.expires <= at for entry in self.terms.entries)


def put_in_force(
    terms: TermList, help: Sequence[HelpResource], benign: Sequence[str], budget: float
) -> InForce:
    """Make the automaton and measure it on the benign vocabulary; `budget` is false hits in 1,000 texts.

    Raises:
        BadInput: more false hits than that; names the term with the most by place and id.
    """
    judge = Judge(terms)
    return InForce(
        judge=judge,
        help=tuple(help),
        benign=frozenset(letters_of(text) for text in benign),
        allowed={
            surface: QueryVerdict(surface=surface, outcome=QueryOutcome.ALLOW, version=terms.version)
            for surface in QuerySurface
        },
        false_hits=_measured(judge, benign, budget),
        loaded_at=now(),
    )


def _measured(judge: Judge, benign: Sequence[str], budget: float) -> float:
    hits, terms = hits_by_term(judge, benign), judge.terms
    rate = 1000 * sum(hits.values()) / len(benign) if benign else 0.0
    if rate > budget:
        worst = max(hits, key=lambda number: (hits[number], -number))
        raise BadInput(
            f"term {terms.entries[worst].id} is found in {hits[worst]} of {len(benign):,} benign "
            f"texts; {len(hits)} terms make {rate:.1f} false hits in 1,000, and the budget is {budget:g}",
            field=terms.places[worst],
            hint='give it a stricter mode or context terms, add {"allow": …}, or raise the budget',
        )
    return rate
