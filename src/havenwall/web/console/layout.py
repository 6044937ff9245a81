"""Where the accounts of a case stand in its drawing. The same case always gives the same picture."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

import msgspec
import rustworkx as rx

_SEED = 7
_ROUNDS = 200
_ROW = 30.0
"""Pixels between the rows, and at least between the columns, of accounts without a path to the rest."""


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """The space to fill, in pixels."""

    width: float
    height: float
    margin: float = 24.0


Place = tuple[float, float]


def places(names: Sequence[str], ties: Collection[tuple[str, str]], box: Box) -> dict[str, Place]:
    """A place (x, y in pixels) for each name.

    The largest connected part is laid out by springs (Fruchterman and Reingold 1991). Whatever has no path to
    it stands in rows along the foot, because springs would push it so far away that the rest became a blot.
    What was laid out lately is kept: three hundred accounts take a tenth of a second, and change rarely.
    """
    return dict(_places(tuple(names), frozenset(ties), box))


@lru_cache(maxsize=64)
def _places(names: tuple[str, ...], ties: frozenset[tuple[str, str]], box: Box) -> dict[str, Place]:
    graph = _graph(names, ties)
    parts = sorted(rx.connected_components(graph), key=lambda part: (-len(part), min(part)))
    main = sorted(parts[0]) if parts and len(parts[0]) > 2 else []
    apart = [i for part in parts if set(main) != part for i in sorted(part)]
    rows = _rows(len(apart), box)
    room = msgspec.structs.replace(
        box, height=box.height - (_ROW * (max(rows, default=0) + 1) if main else 0)
    )
    found = _sprung(graph.subgraph(main), room) | _lined_up(apart, rows, box)
    return {names[i]: place for i, place in found.items()}


def _graph(names: Sequence[str], ties: Collection[tuple[str, str]]) -> rx.PyGraph:
    number = {name: i for i, name in enumerate(names)}
    graph = rx.PyGraph(multigraph=False)
    graph.add_nodes_from(list(range(len(names))))
    graph.add_edges_from([(number[a], number[b], 1.0) for a, b in sorted(ties)])
    return graph


def _sprung(graph: rx.PyGraph, box: Box) -> dict[int, Place]:
    raw = rx.spring_layout(graph, seed=_SEED, num_iter=_ROUNDS)
    found: Mapping[int, Sequence[float]] = {graph[i]: raw[i] for i in graph.node_indices()}
    across = _scale([p[0] for p in found.values()], box.margin, box.width - box.margin)
    down = _scale([p[1] for p in found.values()], box.margin, box.height - box.margin)
    return dict(zip(found, zip(across, down, strict=True), strict=True))


def _scale(values: Sequence[float], low: float, high: float) -> list[float]:
    # Half by distance, half by rank: one account far out would squeeze all the others together.
    least, span = min(values, default=0.0), max(values, default=0.0) - min(values, default=0.0)
    rank = {at: i for i, at in enumerate(sorted(range(len(values)), key=values.__getitem__))}
    step = 1 / max(1, len(values) - 1)
    shares = [((v - least) / span + rank[i] * step) / 2 if span else 0.5 for i, v in enumerate(values)]
    return [low + (high - low) * share for share in shares]


def _rows(count: int, box: Box) -> list[int]:
    across = max(1, int((box.width - 2 * box.margin) // _ROW))
    return [i // across for i in range(count)]


def _lined_up(apart: Sequence[int], rows: Sequence[int], box: Box) -> dict[int, Place]:
    across = max(1, int((box.width - 2 * box.margin) // _ROW))
    foot, last = box.height - box.margin, max(rows, default=0)
    return {
        node: (box.margin + _ROW * (at % across + 0.5), foot - _ROW * (last - rows[at]))
        for at, node in enumerate(apart)
    }
