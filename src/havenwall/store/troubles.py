"""What fails now, written inside a transaction of somebody else."""

from __future__ import annotations

import sqlalchemy as sa

from havenwall.model import now
from havenwall.store.schema import TROUBLE

_LONGEST = 500


def trouble(connection: sa.Connection, what: str, message: str) -> None:
    """Note that something failed (again)."""
    told = message[:_LONGEST]
    again = sa.update(TROUBLE).where(TROUBLE.c.what == what).values(tries=TROUBLE.c.tries + 1, message=told)
    if not connection.execute(again).rowcount:
        row = {"what": what, "since": now(), "tries": 1, "message": told}
        connection.execute(sa.insert(TROUBLE).values(**row))


def well_again(connection: sa.Connection, what: str) -> None:
    """Note that it works again."""
    connection.execute(sa.delete(TROUBLE).where(TROUBLE.c.what == what))
