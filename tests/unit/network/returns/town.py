"""A small town to look for returns in: a crowd, and accounts of which a test decides everything."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from havenwall.network.graph import Csr, from_pairs
from havenwall.network.returns import History, build_history

REMOVED = datetime(2026, 3, 1, tzinfo=UTC)
CROWD = 400
_COLUMNS = ("type", "at", "entity", "target", "link", "text", "attributes")


class Town:
    """Collects accounts and ties. People of the crowd are numbered from 0 and follow each other at random."""

    def __init__(self, seed: int = 1) -> None:
        rng = np.random.default_rng(seed)
        self._links: list[tuple[str, str, str]] = []
        self._accounts: list[tuple[str, list[str], datetime, datetime | None]] = []
        for person in range(CROWD):
            self.account(person_name(person), [f"someone {person}"], REMOVED - timedelta(days=900))
            for other in rng.choice(CROWD, 8, replace=False).tolist():
                self.tie(person_name(person), person_name(other))

    def account(
        self,
        name: str,
        shown: list[str],
        created: datetime,
        *,
        removed: datetime | None = None,
        follows: range = range(0),
        audience: range = range(0),
    ) -> None:
        """An account that follows some people of the crowd and is followed by others."""
        self._accounts.append((name, shown, created, removed))
        for person in follows:
            self.tie(name, person_name(person))
        for person in audience:
            self.tie(person_name(person), name)

    def tie(self, entity: str, target: str, link: str = "follow") -> None:
        self._links.append((entity, target, link))

    def events(self) -> pl.DataFrame:
        """What a journal would have told of all this, as far as `history_of` reads it."""
        rows: list[tuple[object, ...]] = []
        for name, shown, created, removed in self._accounts:
            rows.append(("account", created, name, None, None, None, json.dumps({"handle": shown[0]})))
            if removed:
                rows.append(("removed", removed, name, None, None, None, None))
        for entity, target, link in self._links:
            rows.append(("link", days(-1), entity, target, link, None, None))
        schema = dict.fromkeys(_COLUMNS, pl.String) | {"at": pl.Datetime("us", "UTC")}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def history(self) -> History:
        links = pl.DataFrame(self._links, schema=["entity", "target", "link"], orient="row")
        links = links.with_columns(until=pl.lit(None, pl.Datetime("us", "UTC")))
        moment = pl.Datetime("us", "UTC")
        schema = {"entity": pl.String, "names": pl.List(pl.String), "created": moment, "removed": moment}
        return build_history(links, pl.DataFrame(self._accounts, schema=schema, orient="row"))


def person_name(person: int) -> str:
    return f"account:p{person:03}"


def days(number: float) -> datetime:
    """That many days after the removal; before it if below 0."""
    return REMOVED + timedelta(days=number)


def town_with_former(seed: int = 1) -> Town:
    """One removed account: it followed people 0 to 24 and was followed by people 100 to 179."""
    town = Town(seed)
    town.account(
        "account:gone",
        ["sunny_harbour"],
        days(-300),
        removed=REMOVED,
        follows=range(25),
        audience=range(100, 180),
    )
    town.tie("account:gone", "media:m1", "shared_media")
    town.tie("account:gone", "media:m2", "shared_media")
    town.tie("account:gone", "domain:device-7", "shared_contact")
    return town


def matrix(sets: Sequence[Collection[int]], columns: int = 12) -> Csr:
    """Sets of numbers as rows."""
    rows = np.repeat(np.arange(len(sets)), [len(part) for part in sets])
    flat = np.array([item for part in sets for item in sorted(part)], np.int64)
    return from_pairs(rows, flat, (len(sets), columns))
