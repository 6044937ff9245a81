"""Reads edge lists and label files of any common shape."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

import msgspec
import polars as pl

from havenwall.errors import BadGraph
from havenwall.model import LinkKind
from havenwall.network.graph.collect import Collector
from havenwall.network.graph.csr import union
from havenwall.network.graph.dictionary import TextDictionary
from havenwall.network.graph.parquet import read_parquet, read_schema
from havenwall.network.graph.typed import Graph

_SOURCES = ("source", "src", "from", "entity", "follower", "u")
_TARGETS = ("target", "dst", "to", "followed", "followee", "v")
_COMMENT = r"^\s*(#|%|//|$)"
_FIELD = r"[^\s,;]+"


class Lines(msgspec.Struct, frozen=True):
    """A text file cut into fields."""

    path: Path
    """Where it came from, for messages."""
    frame: pl.DataFrame
    """`number` (from 1) and `fields` (list of text) of each line that is not empty or a comment."""


def read_graph(path: Path, *, directed: bool = True) -> Graph:
    """Read an edge list: whitespace, comma or semicolon separated text, or Parquet; text may be gzipped.

    The first two fields of a line are the ends, or those that a header line names (`source`, `target` and
    the like); other fields are not used. Lines starting with `#`, `%` or `//` are comments. Ids are text
    and become the names of the accounts as they are.

    Args:
        path: the file; `.parquet` decides for Parquet, `.gz` for gzip.
        directed: whether an edge counts one way only. Say no where an undirected edge is listed once.

    Raises:
        BadGraph: the file cannot be read, a line has fewer than two fields, or there is no edge.
    """
    graph = _from_parquet(path) if path.suffix == ".parquet" else _from_text(_read_lines(path))
    if graph.set_aside:
        raise BadGraph("an edge without source or target", field=path.name)
    if not graph.n:
        raise BadGraph("no edges in it", field=path.name, hint="one edge per line: source target")
    return graph if directed else _both_ways(graph)


def read_labels(path: Path, label: str | None = None) -> list[str]:
    """The ids in a label file.

    Args:
        path: one id per line, or many on a line; `.gz` for gzip.
        label: when given, each line is an id and its label, and the ids with this label are wanted.

    Raises:
        BadGraph: the file cannot be read, names no id, or a line has no label.
    """
    lines = _read_lines(path)
    if label is not None:
        _demand_two(lines, "an id and its label")
        chosen = lines.frame.filter(pl.col("fields").list.get(1) == label)["fields"].list.get(0)
    else:
        chosen = lines.frame["fields"].explode()
    if not len(chosen):
        raise BadGraph("names no id" if label is None else f"no id has the label {label}", field=path.name)
    return chosen.unique(maintain_order=True).to_list()


def read_label_lines(path: Path) -> list[list[str]]:
    """The ids of each line: the files of the Sybil detection literature have a class per line.

    Raises:
        BadGraph: the file cannot be read.
    """
    return _read_lines(path).frame["fields"].to_list()


def _read_lines(path: Path) -> Lines:
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        raise BadGraph(f"cannot be read: {reason}", field=path.name) from problem
    lines = pl.DataFrame({"line": text.splitlines()}, schema={"line": pl.String}).with_row_index("number", 1)
    kept = lines.filter(~pl.col("line").str.contains(_COMMENT))
    fields = pl.col("line").str.replace_all('"', "").str.extract_all(_FIELD).alias("fields")
    return Lines(path, kept.select("number", fields))


def _from_text(lines: Lines) -> Graph:
    _demand_two(lines, "a source and a target")
    first = lines.frame["fields"].head(1).to_list()
    source, target, header = _ends(first[0] if first else [])
    body = lines.frame.slice(1) if header else lines.frame
    collector = Collector(TextDictionary, kind=LinkKind.FOLLOW)
    collector.add(
        body.select(
            pl.col("fields").list.get(source, null_on_oob=True).alias("entity"),
            pl.col("fields").list.get(target, null_on_oob=True).alias("target"),
        )
    )
    return collector.finish()


def _demand_two(lines: Lines, what: str) -> None:
    short = lines.frame.filter(pl.col("fields").list.len() < 2)
    if short.height:
        number = short["number"][0]
        raise BadGraph(f"line {number} needs {what}", field=lines.path.name)


def _ends(names: list[str]) -> tuple[int, int, bool]:
    """Positions of source and target, and whether `names` is a header that gave them."""
    lower = [name.lower() for name in names]
    source = next((i for i, name in enumerate(lower) if name in _SOURCES), None)
    target = next((i for i, name in enumerate(lower) if name in _TARGETS), None)
    if source is None or target is None:
        return 0, 1, False
    return source, target, True


def _from_parquet(path: Path) -> Graph:
    names = list(read_schema(path))
    if len(names) < 2:
        raise BadGraph("needs a source and a target column", field=path.name)
    source, target, _ = _ends(names)
    return read_parquet(path, source=names[source], target=names[target])


def _both_ways(graph: Graph) -> Graph:
    ways = union([graph.follows, graph.follows.flipped], (graph.n, graph.n))
    return Graph(graph.names, {LinkKind.FOLLOW: ways}, {}, {})
