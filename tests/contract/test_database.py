"""Reading and writing in turn; on both databases."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.model import now
from havenwall.store import Store
from havenwall.store.schema import TROUBLE


def test_one_reading_sees_one_moment(any_store: Store) -> None:
    database, count = any_store._database, sa.select(sa.func.count()).select_from(TROUBLE)
    with database.read() as reading:
        assert reading.scalar(count) == 0
        with database.write() as connection:
            row = {"what": "disk", "since": now(), "tries": 1, "message": "full"}
            connection.execute(sa.insert(TROUBLE).values(**row))
        assert reading.scalar(count) == 0, "what came later is seen by who reads later"
    with database.read() as reading:
        assert reading.scalar(count) == 1
    with database.write() as connection:
        assert connection.scalar(count) == 1
