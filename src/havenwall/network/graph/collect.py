"""Collects links part by part, ids as 4-byte codes, and makes the graph when all are in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
import polars as pl

from havenwall.errors import BadGraph
from havenwall.model import EntityKind, LinkKind
from havenwall.network.graph.csr import Csr, from_pairs
from havenwall.network.graph.dictionary import Codes, Dictionary
from havenwall.network.graph.names import Names
from havenwall.network.graph.pairs import Moments
from havenwall.network.graph.typed import Graph

_ACCOUNT = f"{EntityKind.ACCOUNT}:"
_OF_THINGS = (LinkKind.MEMBER, LinkKind.TAG_USE, LinkKind.SHARED_MEDIA, LinkKind.SHARED_CONTACT)
_LAST_MOMENT = 2**32 - 1


class Collector:
    """Links on their way into a graph. Memory: 8 bytes a link, 12 with a date, and the different ids once."""

    def __init__(self, dictionary: Callable[[], Dictionary], *, kind: LinkKind | None = None) -> None:
        """Begin without links.

        Args:
            dictionary: makes the dictionary of accounts, and one for the things of each kind.
            kind: the kind of all links. If left out, each link has its own and ids are named "kind:id".
        """
        self._kind = kind
        self._dictionary = dictionary
        self._accounts = dictionary()
        self._things: dict[LinkKind, Dictionary] = {}
        self._between: defaultdict[LinkKind, _Pile] = defaultdict(_Pile)
        self._uses: defaultdict[LinkKind, _Pile] = defaultdict(_Pile)
        self._set_aside = 0

    def add(self, links: pl.DataFrame) -> None:
        """Take in links: columns `entity`, `target`, `link` if each has its own kind, and `since` if dated.

        Raises:
            BadGraph: a link is of no known kind.
        """
        whole = links.drop_nulls(["entity", "target"])
        self._set_aside += links.height - whole.height
        if self._kind is not None:
            self._put(self._kind, whole, to_account=self._kind not in _OF_THINGS)
            return
        _check_kinds(whole["link"])
        own = whole.filter(pl.col("entity").str.starts_with(_ACCOUNT))
        parts = own.with_columns(to_account=pl.col("target").str.starts_with(_ACCOUNT))
        for (link, to_account), part in parts.partition_by("link", "to_account", as_dict=True).items():
            self._put(LinkKind(link), part, to_account=bool(to_account))

    def finish(self) -> Graph:
        """The graph of all links taken in; the collector is empty afterwards."""
        names, rows = self._accounts.finish()
        n = len(names)
        between = {
            kind: pile.matrix((n, n), rows, rows, loops=False) for kind, pile in _by_kind(self._between)
        }
        uses: dict[LinkKind, Csr] = {}
        things: dict[LinkKind, Names] = {}
        for kind, pile in _by_kind(self._uses):
            things[kind], columns = self._things[kind].finish()
            uses[kind] = pile.matrix((n, len(things[kind])), rows, columns, loops=True)
        return Graph(names, between, uses, things, self._set_aside)

    def _put(self, kind: LinkKind, links: pl.DataFrame, *, to_account: bool) -> None:
        if to_account:
            targets, pile = self._accounts, self._between[kind]
        else:
            targets, pile = self._things.setdefault(kind, self._dictionary()), self._uses[kind]
        since = _moments(links["since"]) if "since" in links.columns else None
        pile.add(self._accounts.encode(links["entity"]), targets.encode(links["target"]), since)


class _Pile:
    """Links of one kind, in parts."""

    def __init__(self) -> None:
        self._left: list[Codes] = []
        self._right: list[Codes] = []
        self._since: list[Moments | None] = []

    def add(self, left: Codes, right: Codes, since: Moments | None) -> None:
        self._left.append(left)
        self._right.append(right)
        self._since.append(since)

    def matrix(
        self, shape: tuple[int, int], rows: Codes | None, columns: Codes | None, *, loops: bool
    ) -> Csr:
        sizes = [len(part) for part in self._left]
        left, right = _joined(self._left, rows), _joined(self._right, columns)
        since = None
        if any(part is not None for part in self._since):
            pairs = zip(self._since, sizes, strict=True)
            since = _joined(
                [np.zeros(size, np.uint32) if part is None else part for part, size in pairs], None
            )
        return from_pairs(left, right, shape, since=since, loops=loops)


def _joined(parts: list[Codes], rows: Codes | None) -> Codes:
    """The parts as one, each given up as soon as it is copied."""
    whole, end = np.empty(sum(len(part) for part in parts), np.uint32), 0
    parts.reverse()
    while parts:
        part = parts.pop()
        target = whole[end : end + len(part)]
        if rows is None:
            target[:] = part
        else:
            np.take(rows, part, out=target, mode="clip")
        end += len(part)
    return whole


def _by_kind(piles: dict[LinkKind, _Pile]) -> list[tuple[LinkKind, _Pile]]:
    return [(kind, piles[kind]) for kind in LinkKind if kind in piles]


def _check_kinds(links: pl.Series) -> None:
    for link in links.unique(maintain_order=True):
        if link not in set(LinkKind):
            raise BadGraph(f"no kind of link is called {link}", field="link", hint=", ".join(LinkKind))


def _moments(since: pl.Series) -> Moments | None:
    if since.null_count() == len(since):
        return None
    return since.dt.epoch("s").clip(1, _LAST_MOMENT).fill_null(0).cast(pl.UInt32).to_numpy()
