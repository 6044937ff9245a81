"""The typed, dated, directed graph: names, compressed sparse rows, building, files."""

from havenwall.network.graph.build import build_graph, from_edges
from havenwall.network.graph.csr import Csr, beside, flip, from_pairs, union
from havenwall.network.graph.edgelist import read_graph, read_label_lines, read_labels
from havenwall.network.graph.files import open_graph, save_graph
from havenwall.network.graph.names import Names
from havenwall.network.graph.numbers import NumberNames
from havenwall.network.graph.parquet import read_parquet
from havenwall.network.graph.typed import Graph

__all__ = [
    "Csr",
    "Graph",
    "Names",
    "NumberNames",
    "beside",
    "build_graph",
    "flip",
    "from_edges",
    "from_pairs",
    "open_graph",
    "read_graph",
    "read_label_lines",
    "read_labels",
    "read_parquet",
    "save_graph",
    "union",
]
