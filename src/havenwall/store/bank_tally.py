"""How often entries of banks match, by the hour."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from havenwall.store.bank_schema import BANK_TALLY as T
from havenwall.store.database import Database
from havenwall.store.rows import chunks


class BankTally:
    """Counts matches. `hour` is the number of an hour since 1970."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, matches: Mapping[int, int], hour: int) -> None:
        """Add to the matches of entries in an hour."""
        with self._database.write() as connection:
            for entry, count in matches.items():
                here = (T.c.entry == entry) & (T.c.hour == hour)
                more = sa.update(T).where(here).values(matches=T.c.matches + count)
                if not connection.execute(more).rowcount:
                    connection.execute(sa.insert(T).values(entry=entry, hour=hour, matches=count))

    def hours(self, entries: Iterable[int], since: int) -> dict[int, dict[int, int]]:
        """Matches of entries by the hour, from one hour on; hours without any are left out."""
        found: dict[int, dict[int, int]] = {}
        with self._database.read() as connection:
            for part in chunks(sorted(set(entries))):
                rows = connection.execute(sa.select(T).where(T.c.entry.in_(part), T.c.hour >= since))
                for row in rows:
                    found.setdefault(row.entry, {})[row.hour] = row.matches
        return found
