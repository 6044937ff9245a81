"""Pictures that were attached to a member of a case, and which of them are the same or nearly so."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from havenwall.errors import BadInput
from havenwall.model import Exhibit
from havenwall.store.case_rows import log
from havenwall.store.comfort_schema import MEDIA_EXHIBIT as M
from havenwall.store.database import Database
from havenwall.store.schema import EXHIBIT

Near = tuple[int, str]
"""How many bits apart, and from which cluster."""


class Exhibits:
    """Writes media exhibits. They are read through `store.cases(viewer)`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def attach(self, exhibit: Exhibit, by: str, radius: int) -> Exhibit:
        """Keep a picture's exhibit, with its cluster; one that is there already is answered as it is.

        A cluster is told by the first exhibit of it: the same SHA-256, or a PDQ within `radius` bits of that
        one's. Of several the nearest counts. Later ones are never compared with each other, so that a cluster
        cannot creep from one picture to quite another.

        Raises:
            BadInput: it is no picture's.
        """
        if exhibit.media is None:
            raise BadInput("is no picture's exhibit", field="media")
        # Comparing with all that are there takes a while; nobody waits for it.
        with self._database.read() as connection:
            before = _nearest(connection, exhibit, radius, 0)
            seen = connection.scalar(sa.select(sa.func.max(EXHIBIT.c.seq))) or 0
        with self._database.write() as connection:
            there = connection.scalar(sa.select(EXHIBIT.c.body).where(EXHIBIT.c.id == exhibit.id))
            if there is not None:
                return msgspec.json.decode(there, type=Exhibit)
            cluster = _same(connection, exhibit) or _nearer(
                before, _nearest(connection, exhibit, radius, seen), exhibit.id
            )
            media = msgspec.structs.replace(exhibit.media, cluster=cluster)
            exhibit = msgspec.structs.replace(exhibit, media=media)
            _insert(connection, exhibit, cluster, media.pdq)
            log(connection, exhibit.case_id, by, "exhibit", f"a picture of {exhibit.entity}", new=exhibit.id)
        return exhibit


def _insert(connection: sa.Connection, exhibit: Exhibit, cluster: str, pdq: str) -> None:
    row = {"id": exhibit.id, "case_id": exhibit.case_id, "action_id": exhibit.action_id}
    connection.execute(sa.insert(EXHIBIT).values(**row, body=msgspec.json.encode(exhibit)))
    told = {"exhibit_id": exhibit.id, "sha256": exhibit.sha256, "cluster": cluster, "pdq": pdq}
    connection.execute(sa.insert(M).values(**told))


def _same(connection: sa.Connection, exhibit: Exhibit) -> str | None:
    return connection.scalar(sa.select(M.c.cluster).where(M.c.sha256 == exhibit.sha256).limit(1))


def _nearest(connection: sa.Connection, exhibit: Exhibit, radius: int, after: int) -> Near | None:
    """The nearest cluster by PDQ among exhibits that came after one with the number `after`."""
    pdq = exhibit.media.pdq if exhibit.media else ""
    if not pdq:
        return None
    query = sa.select(M.c.exhibit_id, M.c.pdq).where(M.c.cluster == M.c.exhibit_id, M.c.pdq != "")
    if after:
        query = query.join(EXHIBIT, EXHIBIT.c.id == M.c.exhibit_id).where(EXHIBIT.c.seq > after)
    code = int(pdq, 16)
    found = ((_distance(code, row.pdq), str(row.exhibit_id)) for row in connection.execute(query))
    return min((one for one in found if one[0] <= radius), default=None)


def _nearer(one: Near | None, other: Near | None, otherwise: str) -> str:
    return min((near for near in (one, other) if near), default=(0, otherwise))[1]


def _distance(code: int, pdq: str) -> int:
    return (code ^ int(pdq, 16)).bit_count()
