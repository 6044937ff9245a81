"""The links among members of a case, ready to be drawn or listed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import polars as pl

from havenwall.model import Member


class GraphLink(msgspec.Struct, frozen=True, kw_only=True):
    """One tie between two members."""

    entity: str
    target: str
    link: str


class CaseGraph(msgspec.Struct, frozen=True, kw_only=True):
    """Members and the ties among them."""

    members: tuple[Member, ...]
    links: tuple[GraphLink, ...]


def case_graph(members: Sequence[Member], links: pl.DataFrame) -> CaseGraph:
    """The graph among `members`, from the links among them (entity, target, link, weight)."""
    rows = links.select("entity", "target", "link").sort("entity", "target").iter_rows(named=True)
    return CaseGraph(members=tuple(members), links=tuple(GraphLink(**row) for row in rows))
