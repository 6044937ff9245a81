"""Whom a decision would touch: followers, bystanders, possible minors, verified accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import polars as pl
import sqlalchemy as sa

from havenwall.model import RETURN, EventType, Lane, LinkKind, NetworkRole
from havenwall.model.proposal import Radius
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.journal import Journal
from havenwall.store.rows import by_names, newest_risks, read_care
from havenwall.store.views.network import _MINOR, _said

_BYSTANDERS = (NetworkRole.VICTIM, NetworkRole.PRESS, NetworkRole.LOOKALIKE, NetworkRole.ORDINARY)


class RadiusView:
    """Counts what a decision would do, without doing it."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal

    def of(self, entities: Collection[str]) -> Radius:
        """The radius of a decision on some entities."""
        named = set(entities)
        accounts = {entity for entity in named if entity.startswith("account:")}
        risks = newest_risks(self._database, named)
        minors, verified = self._told(accounts)
        protected = {name for name, risk in risks.items() if risk.lane is Lane.PROTECTIVE}
        roles = Counter(r.role.value for r in risks.values() if r.role in _BYSTANDERS)
        return Radius(
            entities=len(named),
            accounts=len(accounts),
            followers=self._followers(named),
            bystanders=dict(sorted(roles.items())),
            possible_minors=len(minors | protected | read_care(self._database, named)),
            verified=len(verified),
            returned=self._with_signal(named, RETURN),
            in_force=self._in_force(named),
        )

    def _followers(self, named: set[str]) -> int:
        with self._database.read() as connection:
            ties = self._journal.ties_to(connection, named)
        follows = ties.filter(pl.col("link") == LinkKind.FOLLOW.value).sort("at", maintain_order=True)
        newest = follows.unique(["entity", "target"], keep="last", maintain_order=True)
        now = newest.filter(pl.col("type") == EventType.LINK.value)
        return now.filter(~pl.col("entity").is_in(list(named)))["entity"].n_unique()

    def _told(self, accounts: set[str]) -> tuple[set[str], set[str]]:
        with self._database.read() as connection:
            told = self._journal.profiles_of(connection, accounts)
        said = (
            told.sort("at", maintain_order=True)
            .group_by("entity")
            .agg(minor=pl.any_horizontal(*_MINOR), verified=_said("verified"))
        )
        return set(said.filter("minor")["entity"]), set(said.filter("verified")["entity"])

    def _with_signal(self, named: set[str], detector: str) -> int:
        s = t.SIGNAL.c
        with self._database.read() as connection:
            rows = by_names(connection, [s.entity], s.entity, named, where=s.detector == detector)
            return len({row.entity for row in rows})

    def _in_force(self, named: set[str]) -> dict[str, int]:
        columns: list[sa.ColumnElement[str]] = [t.STANDING.c.entity, t.STANDING.c.restriction]
        with self._database.read() as connection:
            rows = by_names(connection, columns, t.STANDING.c.entity, named)
            return dict(sorted(Counter(row.restriction for row in rows if row.restriction != "none").items()))
