"""Reads links from Parquet files part by part, so that memory does not grow with the length of the ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from havenwall.errors import BadGraph
from havenwall.model import LinkKind
from havenwall.network.graph.collect import Collector
from havenwall.network.graph.columns import demand, demand_moments, demand_text, is_text
from havenwall.network.graph.dictionary import Dictionary, NumberDictionary, RowDictionary, TextDictionary
from havenwall.network.graph.typed import Graph

_PART = 2**20
"""Links that are read at a time."""


def read_parquet(
    paths: Path | Iterable[Path],
    *,
    source: str = "entity",
    target: str = "target",
    link: str | None = None,
    kind: LinkKind = LinkKind.FOLLOW,
    since: str | None = None,
    dense: bool = False,
) -> Graph:
    """The graph of the links in Parquet files. Rows with a null end are counted in `Graph.set_aside`.

    Args:
        paths: files, or folders of which every `*.parquet` is read, also further down.
        source: column of the accounts that links start at: text or integers.
        target: column of what they end at: the same.
        link: column with the LinkKind of every link; ids are text "kind:id" then, as for `build_graph`. If
            left out, ids are taken as they are and all links are of `kind`.
        kind: the kind of all links. Targets are accounts for follow, like and comment, things for others.
        since: column of Datetime in UTC; undated if left out.
        dense: whether ids are row numbers: no mapping, and a row for every number up to the highest.

    Raises:
        BadGraph: there is no file or one cannot be read, a column is missing or has a wrong type, the types
            of ids differ, a link is of no known kind, or dense ids are negative or mostly unused.
    """
    files = _files([paths] if isinstance(paths, Path) else paths)
    columns = {"entity": source, "target": target, "link": link, "since": since}
    wanted = {name: column for name, column in columns.items() if column is not None}
    dictionary = _dictionary(read_schema(files[0]), wanted, dense=dense)
    collector = Collector(dictionary, kind=kind if link is None else None)
    for path in files:
        for part in _parts(path, _expressions(read_schema(path), wanted, dictionary)):
            collector.add(part)
    return collector.finish()


def read_schema(path: Path) -> pl.Schema:
    """Names and types of the columns of a Parquet file.

    Raises:
        BadGraph: it cannot be read.
    """
    try:
        return pl.scan_parquet(path, glob=False).collect_schema()
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise BadGraph(f"cannot be read: {problem}", field=path.name) from problem


def _files(paths: Iterable[Path]) -> list[Path]:
    files = []
    for path in paths:
        found = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
        if not found:
            raise BadGraph("no *.parquet in it", field=path.name)
        files += found
    if not files:
        raise BadGraph("no file to read", field="paths")
    return files


def _dictionary(schema: pl.Schema, columns: dict[str, str], *, dense: bool) -> Callable[[], Dictionary]:
    """What maps ids of the type that the first file has."""
    kinds = [demand(schema, columns[end]) for end in ("entity", "target")]
    if any(is_text(kind) for kind in kinds) or "link" in columns:
        return TextDictionary
    if dense:
        return RowDictionary
    return _unsigned if pl.UInt64 in kinds else NumberDictionary


def _unsigned() -> NumberDictionary:
    return NumberDictionary(np.uint64)


def _expressions(
    schema: pl.Schema, columns: dict[str, str], dictionary: Callable[[], Dictionary]
) -> list[pl.Expr]:
    """The columns as the collector wants them."""
    chosen = []
    for name, column in columns.items():
        if name == "since":
            chosen.append(demand_moments(schema, column).alias(name))
        elif name == "link" or dictionary is TextDictionary:
            chosen.append(demand_text(schema, column).alias(name))
        else:
            kind = demand(schema, column)
            if not kind.is_integer():
                raise BadGraph(f"must be an integer as other ids are, not {kind}", field=column)
            chosen.append(pl.col(column).cast(_STORED[dictionary]).alias(name))
    return chosen


_STORED: dict[Callable[[], Dictionary], type[pl.DataType]] = {
    RowDictionary: pl.UInt32,
    NumberDictionary: pl.Int64,
    _unsigned: pl.UInt64,
}


def _parts(path: Path, expressions: list[pl.Expr]) -> Iterator[pl.DataFrame]:
    try:
        links = pl.scan_parquet(path, glob=False)
        size = links.select(pl.len()).collect().item()
        for start in range(0, size, _PART):
            yield links.slice(start, _PART).select(expressions).collect()
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise BadGraph(f"cannot be read: {problem}", field=path.name) from problem
