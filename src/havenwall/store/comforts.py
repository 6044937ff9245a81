"""What people set for themselves, and the cases they passed."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from havenwall.model import Comfort, now
from havenwall.store.case_rows import FREE, ROUTING, C, log
from havenwall.store.comfort_schema import CASE_PASS
from havenwall.store.database import Database
from havenwall.store.leases import check_free
from havenwall.store.preferences import keep_preference, preference
from havenwall.store.schema import CASE

_COMFORT = "comfort"


class Comforts:
    """Preferences by person (`user:NAME`), and passing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, person: str) -> Comfort:
        """How somebody wants to see media; the careful defaults if they have said nothing."""
        return preference(self._database, person, _COMFORT, Comfort())

    def keep(self, person: str, comfort: Comfort) -> None:
        """Keep how somebody wants to see media."""
        keep_preference(self._database, person, _COMFORT, comfort)

    def pass_case(self, case_id: str, person: str, length: timedelta) -> None:
        """Give a case back, and do not hand it to the person again for a while.

        The history says that it was passed, not by whom: nobody is to count it.

        Raises:
            Conflict: somebody else holds it.
        """
        row = {"person": person, "case_id": case_id, "until": now() + length}
        mine = (CASE_PASS.c.person == person) & (CASE_PASS.c.case_id == case_id)
        with self._database.write() as connection:
            check_free(connection, [case_id], person)
            connection.execute(sa.update(CASE).where(C.id == case_id).values(**FREE))
            connection.execute(sa.delete(CASE_PASS).where(mine | (CASE_PASS.c.until <= now())))
            connection.execute(sa.insert(CASE_PASS).values(**row))
            log(connection, case_id, ROUTING, "passed", "it waits in its queue again")
