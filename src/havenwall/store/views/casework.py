"""What the casework stage may see: the open network case, members, risks and standing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import sqlalchemy as sa

from havenwall.model import Action, Case, CaseClass, CaseState, CaseTopic, Member, Risk, Standing
from havenwall.store import schema as t
from havenwall.store.case_rows import COLUMNS, C, case_of
from havenwall.store.database import Database
from havenwall.store.rows import by_names, decode_all, newest_risks, read_aged_labels, read_care

_LIVE = (CaseState.OPEN.value, CaseState.IN_REVIEW.value, CaseState.DECIDED.value)


class StoreCaseworkView:
    """Answers about cases and entities."""

    def __init__(self, database: Database, cleared_for: timedelta) -> None:
        self._database = database
        self._cleared_for = cleared_for

    def live_case(self, case_class: CaseClass, topic: CaseTopic, key: str = "") -> Case | None:
        """The newest case of the class, topic and key that is not closed, or into which one was merged."""
        here = (C.case_class == case_class.value) & (C.topic == topic.value) & (C.key == key)
        mine = sa.select(C.merged_into).where(here, C.merged_into.is_not(None))
        for wanted in (here & C.split_from.is_(None), C.id.in_(mine)):
            query = sa.select(*COLUMNS).where(wanted, C.state.in_(_LIVE))
            with self._database.read() as connection:
                row = connection.execute(query.order_by(C.opened_at.desc()).limit(1)).first()
            if row is not None:
                return case_of(row)
        return None

    def case(self, case_id: str) -> Case | None:
        """A case by its id."""
        with self._database.read() as connection:
            row = connection.execute(sa.select(*COLUMNS).where(C.id == case_id)).first()
        return case_of(row) if row is not None else None

    def split_off(self, case: Case) -> set[str]:
        """Members of live cases that persons split off from a case, or from one of its class, topic and key
        before it."""
        # However often it is split, a case keeps class, topic and key; one merged into this kept its own.
        other = t.CASE.alias()
        alike = (other.c.case_class == C.case_class) & (other.c.topic == C.topic) & (other.c.key == C.key)
        merged = sa.exists().where(other.c.merged_into == case.id, alike)
        own = (C.case_class == case.case_class.value) & (C.topic == case.topic.value) & (C.key == case.key)
        apart = C.split_from.is_not(None) & (C.id != case.id) & C.state.in_(_LIVE)
        here = apart & (own | merged) & (t.MEMBER.c.case_id == C.id)
        with self._database.read() as connection:
            return set(connection.scalars(sa.select(t.MEMBER.c.entity).where(here)))

    def members(self, case_id: str) -> dict[str, Member]:
        """All members of a case, by entity."""
        with self._database.read() as connection:
            bodies = connection.scalars(sa.select(t.MEMBER.c.body).where(t.MEMBER.c.case_id == case_id))
            return {member.entity: member for member in decode_all(bodies, Member)}

    def risks(self, entities: Iterable[str]) -> dict[str, Risk]:
        """The newest risk of each entity that has one."""
        return newest_risks(self._database, entities)

    def care(self, entities: Iterable[str]) -> set[str]:
        """Those of them that a signal says are for care only."""
        return read_care(self._database, entities)

    def labels(self, entities: Iterable[str]) -> dict[str, str]:
        """`confirmed`, `cleared` or `was_cleared` (too long ago to count), of those that have a label."""
        return read_aged_labels(self._database, entities, self._cleared_for)

    def standings(self, entities: Iterable[str]) -> dict[str, Standing]:
        """The standing of each entity that has one."""
        with self._database.read() as connection:
            rows = by_names(connection, [t.STANDING.c.body], t.STANDING.c.entity, entities)
            standings = decode_all((row.body for row in rows), Standing)
        return {standing.entity: standing for standing in standings}

    def actions(self, entities: Iterable[str]) -> list[Action]:
        """The present state of every action on the entities, oldest first."""
        with self._database.read() as connection:
            columns = [t.ACTION.c.seq, t.ACTION.c.id, t.ACTION.c.body]
            rows = sorted(by_names(connection, columns, t.ACTION.c.entity, entities), key=lambda row: row.seq)
        newest = {row.id: row.body for row in rows}
        return decode_all(newest.values(), Action)
