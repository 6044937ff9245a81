"""The table of proposed terms, and how a proposal comes into it."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import sqlalchemy as sa

from havenwall.model import TermProposal
from havenwall.store.schema import METADATA
from havenwall.store.types import Moment

TERM_PROPOSAL = sa.Table(
    "term_proposal",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("state", sa.String(20), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("proposed_at", Moment, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)
"""Terms that a machine proposed, with what people made of them."""

_encode = msgspec.json.Encoder().encode


def keep_proposals(connection: sa.Connection, proposals: Iterable[TermProposal]) -> None:
    """Keep those that follow on what is stored; others are out of date, and the next search repeats them."""
    for proposal in proposals:
        if proposal.version > 1:
            replace_proposal(connection, proposal)
        elif connection.scalar(_here(proposal.id)) is None:
            connection.execute(sa.insert(TERM_PROPOSAL).values(id=proposal.id, **_row(proposal)))


def replace_proposal(connection: sa.Connection, proposal: TermProposal) -> bool:
    """Put a proposal in place of the version before it; false when that is not the stored one."""
    here = (TERM_PROPOSAL.c.id == proposal.id) & (TERM_PROPOSAL.c.version == proposal.version - 1)
    return connection.execute(sa.update(TERM_PROPOSAL).where(here).values(**_row(proposal))).rowcount == 1


def _here(proposal_id: str) -> sa.Select[tuple[str]]:
    return sa.select(TERM_PROPOSAL.c.id).where(TERM_PROPOSAL.c.id == proposal_id)


def _row(proposal: TermProposal) -> dict[str, object]:
    return {
        "state": proposal.state.value,
        "version": proposal.version,
        "proposed_at": proposal.proposed_at,
        "body": _encode(proposal),
    }
