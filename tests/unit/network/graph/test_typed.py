import polars as pl
import pytest

from havenwall.model import LinkKind
from havenwall.network.graph import build_graph


def pairs(matrix):
    return list(zip(matrix.sources().tolist(), matrix.indices.tolist(), strict=True))


def test_other_is_all_between_accounts_but_follows(links, day):
    graph = build_graph(links)
    assert pairs(graph.other) == [(0, 1)]
    assert graph.other.since.tolist() == [day(2)[1]]
    assert graph.other is graph.other


def test_shared_is_all_things_side_by_side(links, day):
    graph = build_graph(links)
    assert graph.spans == {
        LinkKind.LIKE: range(1),
        LinkKind.MEMBER: range(1, 2),
        LinkKind.TAG_USE: range(2, 4),
    }
    assert (graph.shared.rows, graph.shared.columns) == (3, 4)
    shared = [(graph.names[row], graph.thing(column)) for row, column in pairs(graph.shared)]
    assert shared == [
        ("account:a", "tag:s"),
        ("account:a", "tag:t"),
        ("account:b", "group:g"),
        ("account:ä", "post:p"),
    ]
    assert graph.shared.since.tolist() == [0, 0, day(2)[1], day(1)[1]]
    with pytest.raises(IndexError, match="column 4 of 4"):
        graph.thing(4)


def test_kinds_that_are_not_there_are_empty(links):
    graph = build_graph(links.filter(pl.col("link") == "tag_use"))
    assert (graph.follows.rows, graph.follows.columns, graph.follows.links) == (1, 1, 0)
    assert graph.other.links == 0
    assert graph.follows.since is None
    follows = build_graph(links.filter(pl.col("link") == "follow"))
    assert (follows.shared.rows, follows.shared.columns) == (2, 0)
