import datetime as dt

import numpy as np
import polars as pl
import pytest

from havenwall.errors import BadGraph
from havenwall.model import LinkKind
from havenwall.network.graph import Names, build_graph, from_edges


def pairs(matrix):
    return list(zip(matrix.sources().tolist(), matrix.indices.tolist(), strict=True))


def since(matrix):
    return None if matrix.since is None else matrix.since.tolist()


def test_kinds_of_links_go_to_their_matrices(links, day):
    graph = build_graph(links)
    assert list(graph.names) == ["account:a", "account:b", "account:ä"]
    assert {kind: pairs(matrix) for kind, matrix in graph.between.items()} == {
        LinkKind.FOLLOW: [(1, 0)],
        LinkKind.LIKE: [(0, 1)],
        LinkKind.COMMENT: [(0, 1)],
    }
    assert {kind: pairs(matrix) for kind, matrix in graph.uses.items()} == {
        LinkKind.LIKE: [(2, 0)],
        LinkKind.MEMBER: [(1, 0)],
        LinkKind.TAG_USE: [(0, 0), (0, 1)],
    }
    assert {kind: list(names) for kind, names in graph.things.items()} == {
        LinkKind.LIKE: ["post:p"],
        LinkKind.MEMBER: ["group:g"],
        LinkKind.TAG_USE: ["tag:s", "tag:t"],
    }
    assert graph.links == 7
    assert graph.set_aside == 2


def test_of_doubles_the_first_known_date_stays(links, day):
    graph = build_graph(links)
    assert graph.follows.since.tolist() == [day(1)[1]]
    assert graph.between[LinkKind.LIKE].since is None
    assert graph.uses[LinkKind.MEMBER].since.tolist() == [day(2)[1]]
    assert build_graph(links.drop("since")).follows.since is None


def test_dates_out_of_range_are_the_nearest():
    old, late = dt.datetime(1960, 1, 1, tzinfo=dt.UTC), dt.datetime(2200, 1, 1, tzinfo=dt.UTC)
    rows = [("account:a", "account:b", "follow", old), ("account:b", "account:a", "follow", late)]
    frame = pl.DataFrame(rows, schema=["entity", "target", "link", "since"], orient="row")
    assert build_graph(frame).follows.since.tolist() == [1, 2**32 - 1]


def test_other_types_of_text_and_zones_of_time(links):
    plain = build_graph(links)
    kinds = pl.Enum([kind.value for kind in LinkKind])
    zoned = pl.col("since").dt.convert_time_zone("Asia/Tokyo")
    graph = build_graph(
        links.with_columns(pl.col("link").cast(kinds), pl.col("entity").cast(pl.Categorical), zoned)
    )
    assert list(graph.names) == list(plain.names)
    assert graph.follows.since.tolist() == plain.follows.since.tolist()


def test_the_order_of_links_does_not_matter(links):
    one, two = build_graph(links), build_graph(links.reverse())
    assert list(one.names) == list(two.names)
    assert list(one.between) == list(two.between)
    assert [pairs(matrix) for matrix in one.uses.values()] == [pairs(matrix) for matrix in two.uses.values()]


def test_links_taken_in_by_parts_make_the_same_graph(links, monkeypatch):
    # Alone in their parts, some links have no date while others of their kind do.
    whole = build_graph(links)
    for size in (1, 2, 5):
        monkeypatch.setattr("havenwall.network.graph.build._SLICE", size)
        graph = build_graph(links)
        assert graph.set_aside == whole.set_aside
        assert list(graph.names) == list(whole.names)
        for ours, theirs in ((graph.between, whole.between), (graph.uses, whole.uses)):
            assert [pairs(matrix) for matrix in ours.values()] == [
                pairs(matrix) for matrix in theirs.values()
            ]
            assert [since(matrix) for matrix in ours.values()] == [
                since(matrix) for matrix in theirs.values()
            ]


def test_no_links_no_accounts(links):
    graph = build_graph(links.head(0))
    assert (graph.n, graph.links, graph.follows.rows, graph.shared.columns) == (0, 0, 0, 0)
    typeless = pl.DataFrame({"entity": [], "target": [], "link": []})
    assert build_graph(typeless).n == 0


def test_bad_columns_are_named(links):
    for name in ("entity", "target", "link"):
        with pytest.raises(BadGraph, match=f"{name}: missing column"):
            build_graph(links.drop(name))
        with pytest.raises(BadGraph, match=f"{name}: must be text, not Int64"):
            build_graph(links.with_columns(pl.lit(1, pl.Int64).alias(name)))
    for since in (pl.lit(5), pl.col("since").dt.replace_time_zone(None)):
        with pytest.raises(BadGraph, match="since: must be a date with time in UTC"):
            build_graph(links.with_columns(since.alias("since")))


@pytest.mark.parametrize(("link", "message"), [("stare", "is called stare"), (None, "is called None")])
def test_unknown_kinds_are_named(links, link, message):
    with pytest.raises(BadGraph, match=message) as caught:
        build_graph(links.with_columns(pl.lit(link, pl.String).alias("link")))
    assert "follow" in caught.value.hint


def test_index_leaves_out_the_unknown():
    graph = from_edges(np.array([0]), np.array([1]), 2, names=["account:a", "account:b"])
    assert graph.index(["account:z", "account:b", "account:a", "account:a"]).tolist() == [0, 1]


def test_undirected_edges_count_both_ways():
    graph = from_edges(np.array([0, 1]), np.array([1, 0]), 3, directed=False)
    assert pairs(graph.follows) == [(0, 1), (1, 0)]
    assert graph.n == 3


def test_rows_are_named_by_number_or_as_told():
    edge = np.array([0]), np.array([11])
    assert from_edges(*edge, 12).index(["11", "2", "012"]).tolist() == [2, 11]
    names = Names.from_list([f"account:{row:02}" for row in range(12)])
    assert from_edges(*edge, 12, names=names).names is names


def test_bad_edges_are_named():
    none = np.empty(0, np.int64)
    for src, dst, names, message in (
        ([0], [5], None, "outside"),
        ([0], [0, 1], None, "1 sources"),
        (none, none, ["b", "a"], "ascending"),
        (none, none, ["a", "a"], "ascending"),
        (none, none, ["a"], "1 names for 2 rows"),
    ):
        with pytest.raises(BadGraph, match=message):
            from_edges(np.array(src), np.array(dst), 2, names=names)
