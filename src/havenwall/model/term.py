"""TermProposal: a term that a machine suggests for the operator's lists. A person accepts or rejects it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class TermState(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    """A person put it on the operator's list."""
    REJECTED = "rejected"
    """A person found it harmless; it comes back only if the evidence grows much."""


class TermEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """Why a term was proposed: counts of different accounts in the window that was looked at."""

    network: int
    """Accounts of the network that used it: confirmed, or over the threshold of the newest scoring."""
    others: int
    """Other accounts that used it."""
    companions: int
    """Those of the others that also used a listed term."""
    uses: int
    """Uses by accounts of the network."""
    z: float
    """Log-odds of use by the network against others, in standard errors (Monroe, Colaresi & Quinn 2008)."""
    companion_z: float
    """The same for users of listed terms against the rest."""
    first_seen: datetime
    """First use by anybody, as far as the journal tells."""
    examples: tuple[str, ...]
    """Up to five accounts of the network that used it, the newest use first."""
    resembles: str = ""
    """Listed term that it looks like a variant of; empty if none."""
    likeness: str = ""
    """How it resembles it, such as `digits for letters` or `1 edit`."""
    carried_over: int = 0
    """Its users that had used the term it resembles."""


class TermProposal(msgspec.Struct, frozen=True, kw_only=True):
    """A term proposed for the operator's lists."""

    id: str
    """Made from the term, so that the same term is proposed once."""
    term: str
    """As most accounts write it, without #."""
    kind: str
    """`tag`, or `word` for a word in posts."""
    state: TermState
    version: int = 1
    """Rises with every change; who decides says which one they saw."""
    proposed_at: datetime
    """When it was first proposed."""
    seen_at: datetime
    """When its evidence was last counted."""
    evidence: TermEvidence
    sentence: str
    """The evidence, for a person."""
    by: str = ""
    """Who accepted or rejected it."""
    decided_at: datetime | None = None
    why: str = ""
    """What that person wrote."""
    severity: str = ""
    """Of an accepted term: block or suppress."""
    decided_on: TermEvidence | None = None
    """The evidence that person saw."""
