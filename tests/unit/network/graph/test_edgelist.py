import gzip

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.errors import BadGraph
from havenwall.network.graph import read_graph, read_label_lines, read_labels

SAME = {
    "plain.txt": "# a comment\na b\nb\tc\n\n",
    "bare.csv": "a,b\nb,c\n",
    "head.csv": 'weight,target,source\n1,"b","a"\n2,c,b\n',
    "semicolon.csv": "a;b;5\nb;c;6\n",
}


def pairs(graph):
    sources, targets = graph.follows.sources(), graph.follows.indices
    return set(zip(graph.names.many(sources), graph.names.many(targets), strict=True))


@pytest.mark.parametrize("name", SAME)
@pytest.mark.parametrize("packed", [False, True])
def test_every_shape_reads_alike(tmp_path, name, packed):
    path = tmp_path / (name + ".gz" * packed)
    raw = SAME[name].encode()
    path.write_bytes(gzip.compress(raw) if packed else raw)
    assert pairs(read_graph(path)) == {("a", "b"), ("b", "c")}


def test_parquet(tmp_path):
    path = tmp_path / "e.parquet"
    pl.DataFrame({"dst": [2, 3], "src": [1, 2]}).write_parquet(path)
    assert pairs(read_graph(path)) == {("1", "2"), ("2", "3")}


def test_edges_listed_once_count_both_ways(tmp_path):
    path = tmp_path / "e.txt"
    path.write_text("a b\nb a\nb c\nc c\n")
    assert pairs(read_graph(path, directed=False)) == {("a", "b"), ("b", "a"), ("b", "c"), ("c", "b")}


def test_bad_parquet_files_are_named(tmp_path):
    path = tmp_path / "e.parquet"
    for columns, message in (
        ({"u": [1]}, "needs a source and a target"),
        ({"u": [1, None], "v": [2, 3]}, "without source or target"),
        ({"u": [], "v": []}, "no edges"),
    ):
        pl.DataFrame(columns).write_parquet(path)
        with pytest.raises(BadGraph, match=message):
            read_graph(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a b\nc\n", "line 2"),
        ("", "no edges"),
        ("# only\n", "no edges"),
        ("weight,target,source\n1,2\n", "without"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, message):
    path = tmp_path / "e.txt"
    path.write_text(text)
    with pytest.raises(BadGraph, match=message):
        read_graph(path)


def test_unreadable_files(tmp_path):
    broken = tmp_path / "e.txt.gz"
    broken.write_bytes(b"not gzip")
    for path in (broken, tmp_path / "absent.txt", tmp_path / "absent.parquet"):
        with pytest.raises(BadGraph, match="cannot be read"):
            read_graph(path)


def test_labels(tmp_path):
    path = tmp_path / "l.txt"
    path.write_text("1 2 3\n4 5\n")
    assert read_labels(path) == ["1", "2", "3", "4", "5"]
    assert read_label_lines(path) == [["1", "2", "3"], ["4", "5"]]
    path.write_text("1 x\n2 y\n3 x\n")
    assert read_labels(path, "x") == ["1", "3"]
    with pytest.raises(BadGraph, match="label z"):
        read_labels(path, "z")


ID = st.text("abcdefgh0123456789-_.", min_size=1, max_size=5)


@settings(max_examples=40)
@given(
    edges=st.lists(st.tuples(ID, ID), min_size=1, max_size=20), mark=st.sampled_from([" ", "\t", ",", ";"])
)
def test_what_is_written_is_read(tmp_path_factory, edges, mark):
    path = tmp_path_factory.mktemp("edges") / "e.txt"
    path.write_text("source target\n" + "".join(f"{a}{mark}{b}\n" for a, b in edges))
    graph = read_graph(path)
    assert pairs(graph) == {(a, b) for a, b in edges if a != b}
    assert list(graph.names) == sorted({end for edge in edges for end in edge})
