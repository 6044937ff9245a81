import datetime as dt

import numpy as np
import polars as pl
import pytest

from havenwall.errors import BadGraph
from havenwall.model import LinkKind
from havenwall.network.graph import build_graph, read_parquet


def named_pairs(graph, matrix, columns=None):
    columns = graph.names if columns is None else columns
    ends = zip(graph.names.many(matrix.sources()), columns.many(matrix.indices), strict=True)
    return sorted(ends)


@pytest.fixture
def write(tmp_path):
    def put(frame, name="links.parquet", **options):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        frame.write_parquet(path, **options)
        return path

    return put


ENDS = {"entity": [30, 10, 10, 20, None], "target": [10, 30, 30, 20, 10]}


@pytest.mark.parametrize("kind", [pl.String, pl.Int64, pl.UInt64, pl.UInt32, pl.Int8])
def test_ids_of_any_type_are_names(write, kind):
    graph = read_parquet(write(pl.DataFrame(ENDS).cast(kind)))
    assert list(graph.names) == ["10", "20", "30"]
    assert named_pairs(graph, graph.follows) == [("10", "30"), ("30", "10")]
    assert graph.set_aside == 1


def test_dense_ids_are_rows(write):
    path = write(pl.DataFrame(ENDS).cast(pl.Int64))
    graph = read_parquet(path, dense=True)
    assert (graph.n, graph.links) == (31, 2)
    assert graph.follows.row(30).tolist() == [10]
    assert graph.names[30] == "30"


def test_large_ids_and_negative_ones(write):
    ids = [-(2**63), 2**63 - 1, 0]
    graph = read_parquet(write(pl.DataFrame({"entity": ids, "target": ids[::-1]})))
    assert list(graph.names) == [str(number) for number in sorted(ids)]


def test_typed_links_are_those_of_build_graph(write, links):
    graph, same = build_graph(links), read_parquet(write(links), link="link", since="since")
    assert list(graph.names) == list(same.names)
    for ours, peers in ((graph.between, same.between), (graph.uses, same.uses)):
        assert list(ours) == list(peers)
        for kind, matrix in ours.items():
            assert np.array_equal(matrix.indptr, peers[kind].indptr)
            assert np.array_equal(matrix.indices, peers[kind].indices)
            assert np.array_equal(matrix.since, peers[kind].since)
    assert [list(names) for names in graph.things.values()] == [list(names) for names in same.things.values()]
    assert graph.set_aside == same.set_aside


def test_parts_make_one_graph(write, monkeypatch):
    rng = np.random.default_rng(0)
    ends = rng.integers(0, 300, (2, 5000))
    since = pl.Series(rng.integers(10**9, 2 * 10**9, 5000)).cast(pl.Datetime("ms", "UTC"))
    frame = pl.DataFrame({"entity": ends[0], "target": ends[1]}).with_columns(since=since)
    texts = frame.with_columns(pl.col("entity", "target").cast(pl.String))
    whole = read_parquet(write(texts), since="since")
    monkeypatch.setattr("havenwall.network.graph.parquet._PART", 700)
    in_parts = read_parquet(write(texts, "parts.parquet", row_group_size=512), since="since")
    assert list(whole.names) == list(in_parts.names)
    assert np.array_equal(whole.follows.indices, in_parts.follows.indices)
    assert np.array_equal(whole.follows.since, in_parts.follows.since)


def test_folders_and_lists_of_files(write, tmp_path):
    first = write(pl.DataFrame({"entity": ["a"], "target": ["b"]}), "many/1.parquet")
    second = write(pl.DataFrame({"entity": ["b"], "target": ["c"]}), "many/2.parquet")
    for paths in (tmp_path / "many", [first, second], [second, first]):
        graph = read_parquet(paths)
        assert named_pairs(graph, graph.follows) == [("a", "b"), ("b", "c")]


def test_columns_and_kinds_as_told(write):
    path = write(pl.DataFrame({"who": ["a", "b"], "what": ["a", "t"], "other": [1, 2]}))
    graph = read_parquet(path, source="who", target="what", kind=LinkKind.TAG_USE)
    assert list(graph.names) == ["a", "b"]
    used = named_pairs(graph, graph.uses[LinkKind.TAG_USE], graph.things[LinkKind.TAG_USE])
    assert used == [("a", "a"), ("b", "t")]
    likes = read_parquet(path, source="who", target="what", kind=LinkKind.LIKE)
    assert named_pairs(likes, likes.between[LinkKind.LIKE]) == [("b", "t")]


def test_dense_things_have_rows_of_their_own(write):
    path = write(pl.DataFrame({"entity": [1], "target": [4]}))
    graph = read_parquet(path, kind=LinkKind.MEMBER, dense=True)
    assert (graph.n, graph.uses[LinkKind.MEMBER].columns) == (2, 5)


def test_empty_files_make_an_empty_graph(write):
    for kind in (pl.String, pl.Int64):
        graph = read_parquet(write(pl.DataFrame({"entity": [], "target": []}).cast(kind)))
        assert (graph.n, graph.links) == (0, 0)


AT = dt.datetime(2024, 1, 1)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("frame", "options", "message"),
    [
        ({"entity": ["a"], "to": ["b"]}, {}, "target: missing column"),
        ({"entity": [1.5], "target": [1.5]}, {}, "entity: must be an integer"),
        ({"entity": ["a"], "target": [1]}, {}, "target: must be text"),
        ({"entity": [-1], "target": [1]}, {"dense": True}, "cannot be read"),
        ({"entity": [1], "target": [1], "link": ["follow"]}, {"link": "link"}, "entity: must be text"),
        ({"entity": ["account:a"], "target": ["tag:b"], "link": ["stare"]}, {"link": "link"}, "called stare"),
        ({"entity": ["a"], "target": ["b"]}, {"link": "kind"}, "kind: missing column"),
        ({"entity": ["a"], "target": ["b"]}, {"since": "at"}, "at: missing column"),
        ({"entity": ["a"], "target": ["b"], "at": [AT]}, {"since": "at"}, "at: must be a date"),
    ],
)
def test_what_is_wrong_is_named(write, frame, options, message):
    with pytest.raises(BadGraph, match=message):
        read_parquet(write(pl.DataFrame(frame)), **options)


def test_files_of_other_types_are_refused(write, tmp_path):
    write(pl.DataFrame({"entity": [1], "target": [2]}), "many/1.parquet")
    write(pl.DataFrame({"entity": ["a"], "target": ["b"]}), "many/2.parquet")
    with pytest.raises(BadGraph, match="must be an integer as other ids are, not String"):
        read_parquet(tmp_path / "many")


def test_unreadable_files(tmp_path):
    (tmp_path / "no.parquet").write_text("not parquet")
    (tmp_path / "empty").mkdir()
    for paths, message in (
        (tmp_path / "no.parquet", "no.parquet: cannot be read"),
        (tmp_path / "absent.parquet", "absent.parquet: cannot be read"),
        (tmp_path / "empty", r"empty: no \*.parquet"),
        ([], "no file"),
    ):
        with pytest.raises(BadGraph, match=message):
            read_parquet(paths)
