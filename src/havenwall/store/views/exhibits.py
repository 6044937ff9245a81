"""What the vault holds for a case, as far as a viewer may see it."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from msgspec.structs import replace

from havenwall.errors import Forbidden, NotFound
from havenwall.model import Exhibit, MediaFacts, Right, Viewer
from havenwall.store import schema as t
from havenwall.store.comfort_schema import MEDIA_EXHIBIT
from havenwall.store.kin import sources
from havenwall.store.rows import by_names, chunks, decode_all
from havenwall.store.views.members import MemberView

E = t.EXHIBIT.c

KNOWN = "a list of known media"
"""What those who may not see child-safety cases are told in place of the names of lists."""


def is_barred(viewer: Viewer, media: MediaFacts) -> bool:
    """Whether a picture is kept from a viewer: known media are child safety's, whatever case they lie in."""
    return bool(media.matches) and not viewer.may(Right.SEE_CHILD_SAFETY)


def told_to(viewer: Viewer, exhibit: Exhibit) -> Exhibit:
    """The exhibit as a viewer may know it."""
    if exhibit.media is None or not is_barred(viewer, exhibit.media):
        return exhibit
    return replace(exhibit, media=replace(exhibit.media, matches=(KNOWN,)))


class ExhibitView(MemberView):
    """Exhibits are kept under the case for which they were preserved. A case that was split off also shows
    those on its members that are kept under the cases from which it came."""

    def exhibits(self, case_id: str) -> list[Exhibit]:
        """What the vault holds for a case, oldest first."""
        query = sa.select(E.seq, E.body).where(self._in_case(t.EXHIBIT, case_id))
        with self._database.read() as connection:
            rows = [*connection.execute(query), *self._brought(connection, case_id)]
        found = decode_all((row.body for row in sorted(rows, key=lambda row: row.seq)), Exhibit)
        return [told_to(self._viewer, one) for one in found]

    def exhibit_count(self, case_id: str) -> int:
        """How many exhibits the vault holds for a case."""
        query = sa.select(sa.func.count()).select_from(t.EXHIBIT).where(self._in_case(t.EXHIBIT, case_id))
        with self._database.read() as connection:
            return int(connection.scalar(query) or 0) + len(self._brought(connection, case_id))

    def pictures(self, case_id: str, *, limit: int = 50, offset: int = 0) -> list[Exhibit]:
        """Exhibits of a case that are pictures, oldest first: what is told of them, not what they show."""
        pictures = sa.select(E.seq, E.id).join(MEDIA_EXHIBIT, MEDIA_EXHIBIT.c.exhibit_id == E.id)
        query = pictures.where(self._in_case(t.EXHIBIT, case_id))
        with self._database.read() as connection:
            rows = [*connection.execute(query)]
            for part in chunks([row.id for row in self._brought(connection, case_id)]):
                rows += connection.execute(pictures.where(E.id.in_(part)))
            wanted = [row.id for row in sorted(rows, key=lambda row: row.seq)][offset : offset + limit]
            found = sorted(by_names(connection, [E.seq, E.body], E.id, wanted), key=lambda row: row.seq)
        return [told_to(self._viewer, one) for one in decode_all((row.body for row in found), Exhibit)]

    def picture(self, case_id: str, exhibit_id: str) -> Exhibit:
        """One exhibit of a case that is a picture.

        Raises:
            NotFound: there is none in a case the viewer may see.
            Forbidden: it is known media, and the viewer may not see child-safety cases.
        """
        query = sa.select(E.body).where(self._in_case(t.EXHIBIT, case_id), E.id == exhibit_id)
        with self._database.read() as connection:
            body = connection.scalar(query)
            if body is None:
                brought = self._brought(connection, case_id)
                body = next((row.body for row in brought if row.id == exhibit_id), None)
        exhibit = msgspec.json.decode(body, type=Exhibit) if body is not None else None
        if exhibit is None or exhibit.media is None:
            raise NotFound(f"case {case_id} has no picture {exhibit_id}")
        if is_barred(self._viewer, exhibit.media):
            hint = "ask a specialist of child safety to look at it"
            raise Forbidden("the picture is on a list of known media", hint=hint)
        return exhibit

    def _brought(self, connection: sa.Connection, case_id: str) -> list[sa.Row[tuple[int, str, bytes]]]:
        seen = t.CASE.c.case_class.in_(self._classes)
        here = (t.CASE.c.id == case_id) | (t.CASE.c.merged_into == case_id)
        own = set(connection.scalars(sa.select(t.CASE.c.id).where(here, seen)))
        kin = sources(connection, own).values() if own else ()
        others = [one.id for one in kin if one.id not in own and one.case_class.value in self._classes]
        rows = [*by_names(connection, [E.seq, E.id, E.body], E.case_id, others)]
        if not rows:
            return []
        mine = sa.select(t.MEMBER.c.entity).where(t.MEMBER.c.case_id.in_(own))
        members = set(connection.scalars(mine))
        return [row for row in rows if msgspec.json.decode(row.body, type=Exhibit).entity in members]
