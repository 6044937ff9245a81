"""Communities as people see them: the stored signals of discovery, put together again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec
import sqlalchemy as sa

from havenwall.errors import NotFound
from havenwall.model import CaseClass, Right, Signal, Viewer
from havenwall.model.community import COMMUNITY
from havenwall.store import schema as t
from havenwall.store.database import Database
from havenwall.store.rows import by_names, decode_all
from havenwall.store.views.access import note_access

_MOST = 20_000
"""The newest signals of communities; older ones have long been looked at or never will."""

_SUBJECT = 300
"""Characters of the access log's column; eight communities fit."""


class ToldMember(msgspec.Struct, frozen=True, kw_only=True):
    """One account of a community, as it stands now."""

    entity: str
    own_signal: bool
    """Whether it had a signal of its own when it was found."""
    label: str = ""
    """`confirmed`, `cleared`, or empty where nobody has decided."""
    case_id: str = ""
    """The newest case it is in; empty where it is in none."""


class ToldCommunity(msgspec.Struct, frozen=True, kw_only=True):
    """A community that was told of by signals."""

    id: str
    at: datetime
    """When the newest of its accounts was told of."""
    strength: float
    """0..1 the greatest that was told."""
    sentence: str
    """The newest that was told."""
    members: tuple[ToldMember, ...]
    """Those with signals of their own first. In a list without `case_id`."""

    @property
    def open(self) -> bool:
        """Whether nobody has decided on some member."""
        return any(not member.label for member in self.members)

    @property
    def counts(self) -> dict[str, int]:
        """How many members are `proposed`, `confirmed` and `cleared`."""
        return Counter(member.label or "proposed" for member in self.members)


class CommunityView:
    """Communities, for a viewer who may see the accounts of child-safety cases."""

    def __init__(self, database: Database, viewer: Viewer) -> None:
        """Bind the view to who looks.

        Raises:
            Forbidden: they may not see such accounts.
        """
        viewer.need(Right.SEE_CHILD_SAFETY)
        self._database = database
        self._viewer = viewer

    def communities(self, *, closed: bool = False) -> list[ToldCommunity]:
        """Communities with a member nobody has decided on, strongest first; with `closed` the others too."""
        groups: dict[str, list[Signal]] = defaultdict(list)
        for signal in self._signals():
            groups[signal.evidence["community"]].append(signal)
        labels = self._labels(signal.entity for group in groups.values() for signal in group)
        made = [_community(name, group, labels) for name, group in groups.items()]
        wanted = [each for each in made if closed or each.open]
        return sorted(wanted, key=lambda each: (-each.strength, -len(each.members), each.id))

    def community(self, name: str) -> ToldCommunity:
        """One community with the case of each member, open or not.

        Raises:
            NotFound: there is none of that id.
        """
        found = next((each for each in self.communities(closed=True) if each.id == name), None)
        if found is None:
            raise NotFound(f"there is no community {name}")
        return self.with_cases([found])[0]

    def with_cases(self, communities: Sequence[ToldCommunity]) -> list[ToldCommunity]:
        """The same communities with the newest case of each member; goes into the access log."""
        self.note(", ".join(each.id for each in communities))
        cases = self.cases_of(member.entity for each in communities for member in each.members)
        return [_with_cases(each, cases) for each in communities]

    def cases_of(self, entities: Iterable[str]) -> dict[str, str]:
        """The newest case of each entity that is in one."""
        columns = [t.MEMBER.c.entity, t.MEMBER.c.case_id, t.CASE.c.opened_at]
        with self._database.read() as connection:
            joined = [*by_names(connection, columns, t.MEMBER.c.entity, entities, where=_IN_CASE)]
        return {row.entity: row.case_id for row in sorted(joined, key=lambda row: row.opened_at)}

    def note(self, subject: str) -> None:
        """Write down that the viewer looked at accounts of communities."""
        if subject:
            note_access(self._database, self._viewer, "community", subject[:_SUBJECT])

    def _signals(self) -> list[Signal]:
        query = sa.select(t.SIGNAL.c.body).where(t.SIGNAL.c.detector == COMMUNITY)
        with self._database.read() as connection:
            return decode_all(connection.scalars(query.order_by(t.SIGNAL.c.seq.desc()).limit(_MOST)), Signal)

    def _labels(self, entities: Iterable[str]) -> dict[str, str]:
        with self._database.read() as connection:
            rows = by_names(connection, [t.LABEL.c.entity, t.LABEL.c.label], t.LABEL.c.entity, entities)
            return {row.entity: row.label for row in rows}


_IN_CASE = (t.CASE.c.id == t.MEMBER.c.case_id) & (t.CASE.c.case_class == CaseClass.CHILD_SAFETY.value)


def _community(name: str, newest_first: Sequence[Signal], labels: dict[str, str]) -> ToldCommunity:
    members = [
        ToldMember(
            entity=signal.entity,
            own_signal=signal.evidence["own_signal"] == "yes",
            label=labels.get(signal.entity, ""),
        )
        for signal in newest_first
    ]
    return ToldCommunity(
        id=name,
        at=newest_first[0].at,
        strength=max(signal.strength for signal in newest_first),
        sentence=newest_first[0].evidence["why"],
        members=tuple(sorted(members, key=lambda member: (not member.own_signal, member.entity))),
    )


def _with_cases(community: ToldCommunity, cases: dict[str, str]) -> ToldCommunity:
    members = [
        msgspec.structs.replace(member, case_id=cases.get(member.entity, "")) for member in community.members
    ]
    return msgspec.structs.replace(community, members=tuple(members))
