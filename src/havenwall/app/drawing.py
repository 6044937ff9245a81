"""The links among members of a case, ready to be drawn or listed."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence

import msgspec
import polars as pl

from havenwall.model import Member, MemberState

Links = Callable[[set[str]], pl.DataFrame]
_KEPT, _LIFE = 64, 30.0


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


def path_to_confirmed(graph: CaseGraph, start: str) -> tuple[GraphLink, ...]:
    """The shortest chain of ties from a member to a confirmed one, in the order of walking (breadth first).

    Ties are walked either way. Empty where none leads there, and from a confirmed member itself.
    """
    goals = {member.entity for member in graph.members if member.state is MemberState.CONFIRMED}
    beside: dict[str, list[tuple[str, GraphLink]]] = defaultdict(list)
    for link in graph.links:
        beside[link.entity].append((link.target, link))
        beside[link.target].append((link.entity, link))
    came: dict[str, tuple[GraphLink, ...]] = {start: ()}
    waiting = deque([start])
    while waiting and waiting[0] not in goals:
        here = waiting.popleft()
        for there, link in beside[here]:
            if there not in came:
                came[there] = (*came[here], link)
                waiting.append(there)
    return came[waiting[0]] if waiting else ()


class Ties:
    """The links among accounts, as they were at most 30 seconds ago.

    To find them all that is known of links is looked through, and who works on a case opens its page often.
    """

    def __init__(self, links: Links) -> None:
        self._links = links
        self._lock = threading.Lock()
        self._found: dict[frozenset[str], tuple[float, pl.DataFrame]] = {}

    def among(self, entities: set[str]) -> pl.DataFrame:
        """Links with both ends in `entities`: entity, target, link, weight."""
        key, at = frozenset(entities), time.monotonic()
        with self._lock:
            kept = self._found.get(key)
        if kept and at - kept[0] < _LIFE:
            return kept[1]
        found = self._links(entities) if len(entities) > 1 else _NO_TIES
        with self._lock:
            self._found.pop(key, None)
            self._found[key] = (at, found)
            while len(self._found) > _KEPT:
                del self._found[next(iter(self._found))]
        return found


_NO_TIES = pl.DataFrame(schema=dict.fromkeys(("entity", "target", "link"), pl.String()))
"""Of one account alone."""
