"""Makes the typed graph from a frame of links or from numbered edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from havenwall.errors import BadGraph
from havenwall.model import LinkKind
from havenwall.network.graph.collect import Collector
from havenwall.network.graph.columns import demand_moments, demand_text
from havenwall.network.graph.csr import from_pairs
from havenwall.network.graph.dictionary import TextDictionary
from havenwall.network.graph.names import Names
from havenwall.network.graph.numbers import NumberNames
from havenwall.network.graph.typed import Graph

_SLICE = 2**20


def build_graph(links: pl.DataFrame) -> Graph:
    """Make the graph from links as they stand now, links that were taken back already left out.

    Args:
        links: columns `entity`, `target` and `link` (a LinkKind) as text, and `since` as Datetime in UTC,
            null where unknown, or no such column. Links that do not start at an account are left out, links
            with a null end too, but counted in `set_aside`. Other columns are not used: weights are the
            platform's to choose, and one loud account must not outvote many.

    Raises:
        BadGraph: a column is missing or has a wrong type, or a link is of no known kind.
    """
    columns = [demand_text(links.schema, name) for name in ("entity", "target", "link")]
    if "since" in links.columns:
        columns.append(demand_moments(links.schema, "since"))
    collector = Collector(TextDictionary)
    for part in links.select(columns).iter_slices(_SLICE):
        collector.add(part)
    return collector.finish()


def from_edges(
    src: NDArray[np.integer],
    dst: NDArray[np.integer],
    n: int,
    *,
    directed: bool = True,
    names: Names | Sequence[str] | None = None,
) -> Graph:
    """A graph of follows from numbered edges; doubles and loops are dropped.

    Args:
        src: (m,) row of the following account, 0..n-1.
        dst: (m,) row of the followed account.
        n: how many accounts.
        directed: whether an edge counts one way only.
        names: names of the rows, n of them in ascending order; the row numbers as text when left out.

    Raises:
        BadGraph: the arrays differ in length or name a row outside 0..n-1; the names are not n, or not
            ascending.
    """
    held = _held(names, n)
    left = src if directed else np.concatenate([src, dst])
    right = dst if directed else np.concatenate([dst, src])
    return Graph(held, {LinkKind.FOLLOW: from_pairs(left, right, (n, n), loops=False)}, {}, {})


def _held(names: Names | Sequence[str] | None, n: int) -> Names:
    if names is None:
        return NumberNames(range(n))
    held = names if isinstance(names, Names) else Names.from_list(names)
    if not isinstance(names, Names) and list(names) != list(held):
        raise BadGraph("must be distinct and ascending", field="names", hint="sort them and number rows anew")
    if len(held) != n:
        raise BadGraph(f"{len(held)} names for {n} rows", field="names")
    return held
