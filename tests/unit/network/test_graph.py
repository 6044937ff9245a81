import numpy as np
import polars as pl
import pytest

from havenwall.errors import BadGraph
from havenwall.network import build_graph, from_edges


def links(*rows):
    return pl.DataFrame(rows, schema=["entity", "target", "link", "weight"], orient="row")


def test_kinds_of_links_go_to_their_matrices():
    graph = build_graph(
        links(
            ("account:b", "account:a", "follow", 9.0),
            ("account:b", "account:a", "follow", 1.0),
            ("account:a", "account:a", "follow", 1.0),
            ("account:a", "account:b", "like", 2.0),
            ("account:a", "account:b", "comment", 3.0),
            ("account:a", "tag:t", "tag_use", 1.0),
            ("post:p", "tag:t", "tag_use", 1.0),
        )
    )
    assert graph.ids == ["account:a", "account:b"]
    assert graph.follows.toarray().tolist() == [[0, 0], [1, 0]]
    assert graph.ties.toarray().tolist() == [[0, 5], [0, 0]]
    assert graph.shared.toarray().tolist() == [[1], [0]]


def test_index_leaves_out_the_unknown():
    graph = from_edges(np.array([0]), np.array([1]), 2, ids=["account:a", "account:b"])
    assert graph.index(["account:z", "account:b", "account:a", "account:a"]).tolist() == [0, 1]


def test_undirected_edges_count_both_ways():
    graph = from_edges(np.array([0, 1]), np.array([1, 0]), 3, directed=False)
    assert graph.follows.toarray().tolist() == [[0, 1, 0], [1, 0, 0], [0, 0, 0]]


def test_bad_input_is_named():
    with pytest.raises(BadGraph, match="weight"):
        build_graph(pl.DataFrame({"entity": ["account:a"], "target": ["account:b"], "link": ["follow"]}))
    with pytest.raises(BadGraph, match="outside"):
        from_edges(np.array([0]), np.array([5]), 2)
    with pytest.raises(BadGraph, match="1 sources"):
        from_edges(np.array([0]), np.array([0, 1]), 2)
