"""Histories: from frames of links and accounts, and from the journal's events."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl
import pytest
from tests.unit.network.returns.town import REMOVED, days, town_with_former

from havenwall.engine import EVENT_SCHEMA
from havenwall.errors import BadGraph
from havenwall.network.returns import UNKNOWN, build_history, history_of

GONE = int(REMOVED.timestamp())


def event(kind: str, day: float, entity: str, **more: object) -> dict[str, object]:
    key = {"source": "t", "source_id": f"{kind}-{day}-{entity}"}
    return key | {"type": kind, "at": days(day), "entity": entity} | more


def follow(day: float, entity: str, target: str, kind: str = "link") -> dict[str, object]:
    return event(kind, day, entity, target=target, link="follow")


def events(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=EVENT_SCHEMA)


def test_what_the_journal_tells_of_accounts() -> None:
    told = events(
        event("account", -50, "account:a", attributes='{"handle": "sunny_harbour", "name": "Sunny"}'),
        event("account", -20, "account:a", attributes='{"handle": "sunnyharbour2"}'),
        event("account", -40, "account:b", text="rainy harbour, likes tea"),
        event("removed", 0, "account:a"),
        follow(-30, "account:a", "account:b"),
        follow(-30, "account:c", "account:a"),
    )
    history = history_of(told)
    assert list(history.graph.names) == ["account:a", "account:b", "account:c"]
    assert history.names == (("sunny_harbour", "Sunny", "sunnyharbour2"), ("rainy harbour, likes tea",), ())
    assert history.created.tolist() == [int(days(-50).timestamp()), int(days(-40).timestamp()), UNKNOWN]
    assert history.removed.tolist() == [GONE, UNKNOWN, UNKNOWN]
    assert history.former.tolist() == [0]


def test_ties_that_ended_with_a_removal_are_kept_and_others_that_ended_are_not() -> None:
    told = events(
        event("account", -50, "account:a"),
        event("removed", 0, "account:a"),
        follow(-30, "account:a", "account:b"),
        follow(0, "account:a", "account:b", "unlink"),
        follow(-30, "account:c", "account:a"),
        follow(0.01, "account:c", "account:a", "unlink"),
        follow(-30, "account:a", "account:d"),
        follow(-9, "account:a", "account:d", "unlink"),
        follow(-30, "account:b", "account:c"),
        follow(-3, "account:b", "account:c", "unlink"),
        follow(-30, "account:d", "account:c"),
        follow(-20, "account:d", "account:c", "unlink"),
        follow(-10, "account:d", "account:c"),
    )
    graph = history_of(told).graph
    ends = zip(graph.follows.sources(), graph.follows.indices, strict=True)
    pairs = {(graph.names[int(i)], graph.names[int(j)]) for i, j in ends}
    assert pairs == {("account:a", "account:b"), ("account:c", "account:a"), ("account:d", "account:c")}


def test_a_former_account_is_found_in_what_the_journal_tells() -> None:
    history = town_with_former().history()
    row = history.graph.names.row("account:gone")
    assert history.former.tolist() == [row]
    assert history.graph.follows.degree[row] == 25
    assert history.graph.follows.flipped.degree[row] == 80


def test_wrong_frames_are_named() -> None:
    history = town_with_former().history()
    with pytest.raises(BadGraph, match="created"):
        msgspec.structs.replace(history, created=np.zeros(3, np.int64))
    links = pl.DataFrame({"entity": ["account:a"], "target": ["account:b"], "link": ["follow"]})
    accounts = pl.DataFrame({"entity": ["account:a"]})
    with pytest.raises(BadGraph, match="until"):
        build_history(links, accounts)
    with pytest.raises(BadGraph, match="names"):
        build_history(links.with_columns(until=pl.lit(None, pl.Datetime("us", "UTC"))), accounts)
