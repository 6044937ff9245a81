"""All accounts that ever were, removed ones too, with their ties as they were."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from havenwall.errors import BadGraph
from havenwall.model import EventType
from havenwall.network.graph import Graph, build_graph

UNKNOWN = -1
"""Stands for a moment that is not known or has not come."""

Moments = NDArray[np.int64]

_DAY = pl.duration(days=1)
_TIE = ["entity", "target", "link"]
_MOMENT = pl.Datetime("us", "UTC")
_LONGEST_NAME = 80


class History(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Accounts by row of `graph`."""

    graph: Graph
    """Ties as they stand, and those that ended with the removal of one of their ends."""
    names: tuple[tuple[str, ...], ...]
    """(n,) every handle and display name each account has shown, old ones too."""
    created: Moments
    """(n,) when each was created, seconds since 1970 UTC; UNKNOWN if nobody told."""
    removed: Moments
    """(n,) when each was removed, seconds since 1970 UTC; UNKNOWN if it is still there."""

    def __post_init__(self) -> None:
        for field in ("names", "created", "removed"):
            if len(getattr(self, field)) != self.graph.n:
                raise BadGraph(f"not one for each of {self.graph.n} accounts", field=field)

    @property
    def former(self) -> Moments:
        """Rows of the accounts that were removed, ascending."""
        return np.flatnonzero(self.removed != UNKNOWN)


def build_history(links: pl.DataFrame, accounts: pl.DataFrame) -> History:
    """Put ties and profiles together.

    Args:
        links: columns `entity`, `target`, `link` as text, `since` and `until` as Datetime in UTC. A tie that
            ended is kept if it ended when one of its ends was removed (or within the day before).
        accounts: columns `entity`, `names` (lists of text), `created` and `removed` as Datetime in UTC or
            null. Accounts without any tie are left out: there is nothing to know them by but a name.

    Raises:
        BadGraph: a column is missing or has a wrong type.
    """
    _check(links, (*_TIE, "until"))
    _check(accounts, ("entity", "names", "created", "removed"))
    gone = accounts.filter(pl.col("removed").is_not_null()).select("entity", "removed")
    ended = (
        links.join(gone, on="entity", how="left")
        .join(gone.rename({"entity": "target"}), on="target", how="left", suffix="_target")
        .with_columns(first=pl.min_horizontal("removed", "removed_target"))
    )
    graph = build_graph(ended.filter(pl.col("until").is_null() | (pl.col("until") >= pl.col("first") - _DAY)))
    place = graph.names.places(accounts["entity"])
    known = accounts.with_columns(place=place).filter(pl.col("place") >= 0)
    names: list[tuple[str, ...]] = [()] * graph.n
    for row, shown in known.select("place", "names").iter_rows():
        names[row] = tuple(shown or ())
    return History(
        graph=graph,
        names=tuple(names),
        created=_moments(known, "created", graph),
        removed=_moments(known, "removed", graph),
    )


def history_of(events: pl.DataFrame) -> History:
    """The history that a frame of events (`havenwall.engine.EVENT_SCHEMA`) tells.

    An account's names are the attributes `handle` and `name` of its account events, and where those are
    missing the beginning of the profile text.
    """
    return build_history(_links(events), _accounts(events))


def _links(events: pl.DataFrame) -> pl.DataFrame:
    begun = pl.col("type") == EventType.LINK.value
    ties = events.filter(pl.col("type").is_in([EventType.LINK.value, EventType.UNLINK.value]))
    last, ended = pl.col("at").filter(begun).max(), pl.col("at").filter(~begun).max()
    return (
        ties.group_by(_TIE, maintain_order=True)
        .agg(since=pl.col("at").filter(begun).min(), until=pl.when(ended >= last).then(ended))
        .filter(pl.col("since").is_not_null())
    )


def _accounts(events: pl.DataFrame) -> pl.DataFrame:
    told = events.filter(pl.col("type").is_in([EventType.ACCOUNT.value, EventType.REMOVED.value]))
    named = [pl.col("attributes").str.json_path_match(f"$.{key}").alias(key) for key in ("handle", "name")]
    spare = pl.when(pl.col("handle").is_null() & pl.col("name").is_null()).then(
        pl.col("text").str.slice(0, _LONGEST_NAME)
    )
    profile = pl.col("type") == EventType.ACCOUNT.value
    return (
        told.with_columns(named)
        .with_columns(shown=pl.concat_list("handle", "name", spare).list.drop_nulls())
        .group_by("entity", maintain_order=True)
        .agg(
            names=pl.col("shown").explode().drop_nulls().unique(maintain_order=True),
            created=pl.col("at").filter(profile).min(),
            removed=pl.col("at").filter(~profile).max(),
        )
    )


def _check(frame: pl.DataFrame, columns: tuple[str, ...]) -> None:
    for name in columns:
        if name not in frame.columns:
            raise BadGraph(f"missing column {name}", field=name)


def _moments(known: pl.DataFrame, column: str, graph: Graph) -> Moments:
    moments = np.full(graph.n, UNKNOWN, np.int64)
    seconds = known[column].cast(_MOMENT).dt.epoch("s").fill_null(UNKNOWN)
    moments[known["place"].to_numpy()] = seconds.to_numpy()
    return moments
