"""Proposed terms, and what the search for them may see."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import msgspec
import polars as pl
import sqlalchemy as sa

from havenwall.errors import Conflict, NotFound
from havenwall.model import EventType, TermProposal, TermState
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.rows import decode_all
from havenwall.store.schema import LABEL
from havenwall.store.term_rows import TERM_PROPOSAL, keep_proposals, replace_proposal
from havenwall.store.views.audits import StoreAuditView

_SPEAKS = (EventType.POST, EventType.ACCOUNT, EventType.GROUP, EventType.LINK)


class StoreTermView:
    """What was said by whom, which accounts are the network's, and the proposals."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._audits = StoreAuditView(database)

    def mark(self) -> tuple[int, str]:
        """Changes when something was said, or scored."""
        run = self._audits.newest_run()
        with self._database.read() as connection:
            return self._journal.newest(connection, _SPEAKS), run.id if run else ""

    def spoken(self, window: timedelta) -> pl.DataFrame:
        """Posts, profiles, group descriptions and uses of tags of all times: type, at, entity, target, tags,
        and text in a window that ends with the newest of them."""
        with self._database.read() as connection:
            return self._journal.spoken(connection, window)

    def network(self) -> frozenset[str]:
        """Confirmed accounts, and those the newest scoring put over its threshold for enforcement."""
        query = sa.select(LABEL.c.entity).where(LABEL.c.label == "confirmed")
        with self._database.read() as connection:
            confirmed = frozenset(connection.scalars(query))
        run = self._audits.newest_run()
        return confirmed | self._audits.flagged(run.id) if run else confirmed

    def proposals(self, state: TermState | None = None) -> list[TermProposal]:
        """Proposals, those seen with the most accounts of the network first."""
        query = sa.select(TERM_PROPOSAL.c.body)
        if state:
            query = query.where(TERM_PROPOSAL.c.state == state.value)
        with self._database.read() as connection:
            found = decode_all(connection.scalars(query), TermProposal)
        return sorted(found, key=lambda one: (-one.evidence.network, -one.evidence.z, one.id))

    def proposal(self, proposal_id: str) -> TermProposal:
        """One proposal.

        Raises:
            NotFound: there is none of that id.
        """
        query = sa.select(TERM_PROPOSAL.c.body).where(TERM_PROPOSAL.c.id == proposal_id)
        with self._database.read() as connection:
            body = connection.scalar(query)
        if body is None:
            raise NotFound(f"there is no proposal {proposal_id}")
        return msgspec.json.decode(body, type=TermProposal)

    def named(self, beginning: str) -> TermProposal:
        """The one proposal whose id begins so.

        Raises:
            NotFound: there is none, or there are several.
        """
        found = [one for one in self.proposals() if beginning and one.id.startswith(beginning)]
        if len(found) != 1:
            raise NotFound(
                f"{len(found) or 'no'} proposals begin with {beginning!r}", hint="give the whole id"
            )
        return found[0]

    def add(self, proposals: Iterable[TermProposal]) -> None:
        """Keep new and changed proposals; one that a person decided on meanwhile is left as it is."""
        with self._database.write() as connection:
            keep_proposals(connection, proposals)

    def decide(self, decided: TermProposal) -> None:
        """Keep a person's decision, durably.

        Raises:
            Conflict: the proposal is not at the version before any more.
        """
        with self._database.write() as connection:
            if not replace_proposal(connection, decided):
                hint = "look at it again and repeat"
                raise Conflict("the proposal changed while you decided", hint=hint)
