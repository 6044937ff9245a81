"""The graph that scoring works on: who follows whom, who else is tied to whom, and what they share."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from havenwall.errors import BadGraph
from havenwall.model import EntityKind, LinkKind

IntArray = NDArray[np.int64]
_ACCOUNT = f"{EntityKind.ACCOUNT}:"
_COLUMNS = ("entity", "target", "link", "weight")


class Graph(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts and their ties as sparse matrices; row i belongs to `ids[i]`."""

    ids: list[str]
    """Account names, sorted, n of them."""
    follows: csr_array
    """(n, n) float32, 1 where the row's account follows the column's. No loops."""
    ties: csr_array
    """(n, n) float32, summed weight of all other account-to-account links."""
    shared: csr_array
    """(n, t) float32, 1 where the account uses a tag, is in a group, posted or liked a thing."""

    @property
    def n(self) -> int:
        """How many accounts there are."""
        return len(self.ids)

    @property
    def links(self) -> int:
        """How many links of all kinds there are."""
        return int(self.follows.nnz + self.ties.nnz + self.shared.nnz)

    def index(self, names: Iterable[str]) -> IntArray:
        """Sorted row numbers of the accounts in `names`; accounts without any link are left out."""
        wanted = pl.DataFrame({"id": list(names)}, schema={"id": pl.String}).unique()
        return _rows(wanted, "id", _lookup(self.ids)).sort("row")["row"].to_numpy().astype(np.int64)


def build_graph(links: pl.DataFrame) -> Graph:
    """Make the graph from links as they stand now, links that were taken back already left out.

    Args:
        links: columns `entity`, `target`, `link` (a LinkKind) as text and `weight` as a number.
            Links that do not start at an account are left out.

    Raises:
        BadGraph: a column is missing.
    """
    missing = [name for name in _COLUMNS if name not in links.columns]
    if missing:
        raise BadGraph(f"missing column {missing[0]}", field=missing[0])
    links = links.filter(pl.col("entity").str.starts_with(_ACCOUNT))
    between = pl.col("target").str.starts_with(_ACCOUNT)
    people, things = links.filter(between), links.filter(~between)
    ids = _names(links["entity"], people["target"])
    rows = _lookup(ids)
    follow = pl.col("link") == LinkKind.FOLLOW
    n = len(ids)
    items = _names(things["target"])
    return Graph(
        ids=ids,
        follows=_binary(_matrix(people.filter(follow), rows, rows, (n, n))),
        ties=_no_loops(_matrix(people.filter(~follow), rows, rows, (n, n))),
        shared=_binary(_matrix(things, rows, _lookup(items), (n, len(items))), loops=True),
    )


def from_edges(
    src: IntArray, dst: IntArray, n: int, *, directed: bool = True, ids: list[str] | None = None
) -> Graph:
    """A graph of follows from numbered edges; doubles and loops are dropped.

    Args:
        src: (m,) row of the following account, 0..n-1.
        dst: (m,) row of the followed account.
        n: how many accounts.
        directed: whether an edge counts one way only.
        ids: names of the rows; the row numbers as text when left out.

    Raises:
        BadGraph: the arrays differ in length or name a row outside 0..n-1.
    """
    if len(src) != len(dst):
        raise BadGraph(f"{len(src)} sources and {len(dst)} targets", field="edges")
    if len(src) and (min(src.min(), dst.min()) < 0 or max(src.max(), dst.max()) >= n):
        raise BadGraph(f"a row outside 0..{n - 1}", field="edges")
    matrix = csr_array((np.ones(len(src), np.float32), (src, dst)), shape=(n, n))
    names = ids if ids is not None else [str(row) for row in range(n)]
    return Graph(
        ids=names,
        follows=_binary(matrix if directed else (matrix + matrix.T).tocsr()),
        ties=_empty(n, n),
        shared=_empty(n, 0),
    )


def _empty(rows: int, columns: int) -> csr_array:
    none = np.empty(0, np.int64)
    return csr_array((np.empty(0, np.float32), (none, none)), shape=(rows, columns))


def _names(*columns: pl.Series) -> list[str]:
    return pl.concat(list(columns)).unique().sort().to_list()


def _lookup(ids: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"id": ids}, schema={"id": pl.String}).with_row_index("row")


def _rows(frame: pl.DataFrame, column: str, lookup: pl.DataFrame) -> pl.DataFrame:
    return frame.join(lookup, left_on=column, right_on="id", how="inner")


def _matrix(
    links: pl.DataFrame, rows: pl.DataFrame, columns: pl.DataFrame, shape: tuple[int, int]
) -> csr_array:
    placed = _rows(_rows(links, "entity", rows), "target", columns.rename({"row": "column"}))
    weight = placed["weight"].cast(pl.Float32).to_numpy()
    return csr_array((weight, (placed["row"].to_numpy(), placed["column"].to_numpy())), shape=shape)


def _no_loops(matrix: csr_array) -> csr_array:
    matrix.sum_duplicates()
    matrix.setdiag(0)
    matrix.eliminate_zeros()
    return matrix


def _binary(matrix: csr_array, *, loops: bool = False) -> csr_array:
    # A tie counts once: weights are the platform's to choose, and one loud account must not outvote many.
    matrix.sum_duplicates()
    matrix.data = np.ones_like(matrix.data)
    return matrix if loops else _no_loops(matrix)
