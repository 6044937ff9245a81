from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from havenwall.errors import BadGraph
from havenwall.model import EntityKind
from havenwall.network.things.use import who_uses

DAY = 86_400


def members(graph, uses):
    return {name: graph.names.many(uses.users.row(row).astype(int)) for row, name in enumerate(uses.names)}


def test_every_kind_has_its_own_uses_and_posts_have_none(make_graph):
    graph = make_graph(
        [(1, "tag:a"), (2, "group:g"), (3, "domain:d"), (4, "media:m"), (5, "live:l")],
        links=[("account:00001", "post:p", "like"), ("account:00001", "media:m", "like")],
    )
    found = {uses.kind: members(graph, uses) for uses in who_uses(graph)}
    assert found == {
        EntityKind.GROUP: {"group:g": ["account:00002"]},
        EntityKind.TAG: {"tag:a": ["account:00001"]},
        EntityKind.LIVE: {"live:l": ["account:00005"]},
        EntityKind.DOMAIN: {"domain:d": ["account:00003"]},
        EntityKind.MEDIA: {"media:m": ["account:00004"]},
    }


def test_an_account_counts_once_however_often_and_in_whatever_way(make_graph):
    again = [("account:00001", "live:l", "comment"), ("account:00002", "live:k", "comment")]
    graph = make_graph([(1, "live:l"), (1, "live:l")], links=again)
    (uses,) = who_uses(graph)
    assert members(graph, uses) == {"live:k": ["account:00002"], "live:l": ["account:00001"]}


def test_who_started_a_stream_is_one_of_its_users(make_graph):
    graph = make_graph([(1, "live:l"), (2, "tag:t")])
    started = pl.DataFrame(
        {
            "entity": ["account:00002", "account:00001", "account:nobody"],
            "target": ["live:l", "live:new", "live:l"],
            "since": [datetime(2026, 1, 2, tzinfo=UTC)] * 3,
        }
    )
    live = {uses.kind: uses for uses in who_uses(graph, started=started)}[EntityKind.LIVE]
    assert members(graph, live) == {
        "live:l": ["account:00001", "account:00002"],
        "live:new": ["account:00001"],
    }
    assert live.users.since.tolist() == [0, 1_767_312_000, 1_767_312_000]
    with pytest.raises(BadGraph, match="target"):
        who_uses(graph, started=started.drop("target"))


def test_recency_halves_per_half_life_and_unknown_dates_count_in_full(make_graph):
    graph = make_graph(
        [(1, "tag:t", 0), (2, "tag:t", 30), (3, "tag:t", 60)],
        dated=True,
        links=[("account:00004", "tag:t", "tag_use")],
    )
    (uses,) = who_uses(graph)
    assert np.allclose(uses.recency(30), [0.25, 0.5, 1, 1])
    assert np.allclose(uses.recency(30, datetime(2026, 1, 31, tzinfo=UTC)), [0.5, 1, 1, 1])
    assert uses.recency(None).tolist() == [1, 1, 1, 1]
    (undated,) = who_uses(make_graph([(1, "tag:t"), (2, "tag:t")]))
    assert undated.recency(30).tolist() == [1, 1]
