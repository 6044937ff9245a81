"""Who uses what: the accounts of each group, tag, live stream, domain and media cluster, each once."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from havenwall.errors import BadGraph
from havenwall.model import EntityKind, LinkKind
from havenwall.network.graph import Csr, Graph, Names, from_pairs
from havenwall.network.graph.csr import union

MEANS_USE = (
    (EntityKind.GROUP, (LinkKind.MEMBER,)),
    (EntityKind.TAG, (LinkKind.TAG_USE,)),
    (EntityKind.LIVE, (LinkKind.LIKE, LinkKind.COMMENT)),
    (EntityKind.DOMAIN, (LinkKind.SHARED_CONTACT,)),
    (EntityKind.MEDIA, (LinkKind.SHARED_MEDIA,)),
)
"""Which links to a thing of a kind make an account one of its users."""

_DAY = 86_400


class Uses(msgspec.Struct, frozen=True, eq=False):
    """The things of one kind and who uses them; row j belongs to `names[j]`."""

    kind: EntityKind
    names: Names
    """Names of the t things."""
    users: Csr
    """(t, n) the accounts of each thing, each once; dated by the first use."""

    def recency(self, half_life_days: float | None, at: datetime | None = None) -> NDArray[np.float64]:
        """(uses,) weight of each use, halved per half-life of age; 1 if undated or without a half-life.

        Args:
            half_life_days: days after which a use counts half; None: all count alike.
            at: the moment from which age is counted; the newest use when left out. Later uses count 1.
        """
        since = self.users.since
        if half_life_days is None or since is None or not len(since):
            return np.ones(self.users.links)
        end = int(since.max()) if at is None else int(at.timestamp())
        age = np.maximum(end - since.astype(np.int64), 0) / _DAY
        return np.where(since > 0, np.exp2(-age / half_life_days), 1.0)


def who_uses(graph: Graph, *, started: pl.DataFrame | None = None) -> tuple[Uses, ...]:
    """The uses of each kind of `MEANS_USE` that the graph has, in that order.

    Args:
        graph: the typed graph; things of other kinds (posts) are left out.
        started: who started which live stream, as the graph has no such link: columns `entity` (account) and
            `target` (live stream), and `since` as Datetime in UTC if known. Unknown accounts are left out.

    Raises:
        BadGraph: `started` lacks a column.
    """
    uses = []
    for kind, links in MEANS_USE:
        parts = [part for link in links if (part := _slice(graph, link, kind)) is not None]
        if kind is EntityKind.LIVE and started is not None:
            parts.append(_started(graph, started))
        if parts:
            uses.append(parts[0] if len(parts) == 1 else _merged(parts))
    return tuple(uses)


def _slice(graph: Graph, link: LinkKind, kind: EntityKind) -> Uses | None:
    if link not in graph.uses:
        return None
    # Names ascend, so the things of a kind stand together.
    names = graph.things[link]
    start, stop = bisect_left(names, f"{kind}:"), bisect_left(names, f"{kind};")
    if start == stop:
        return None
    users = graph.uses[link].flipped
    inside = slice(int(users.indptr[start]), int(users.indptr[stop]))
    since = None if users.since is None else users.since[inside]
    bounds = users.indptr[start : stop + 1] - users.indptr[start]
    own = Names(names.blob, names.starts[start : stop + 1])
    return Uses(kind, own, Csr(bounds, users.indices[inside], graph.n, since))


def _started(graph: Graph, started: pl.DataFrame) -> Uses:
    for name in ("entity", "target"):
        if name not in started.columns:
            raise BadGraph(f"missing column {name}", field=name)
    account = graph.names.places(started["entity"])
    known = started.filter(pl.Series(account >= 0) & pl.col("target").is_not_null())
    names = Names.from_series(known["target"])
    since = None
    if "since" in known.columns:
        since = known["since"].dt.epoch("s").fill_null(0).to_numpy()
    pairs = names.places(known["target"]), graph.names.places(known["entity"])
    return Uses(EntityKind.LIVE, names, from_pairs(*pairs, (len(names), graph.n), since=since))


def _merged(parts: list[Uses]) -> Uses:
    held = [pl.Series(list(part.names), dtype=pl.String) for part in parts]
    names = Names.from_series(pl.concat(held))
    shape = (len(names), parts[0].users.columns)
    placed = [
        from_pairs(names.places(own)[part.users.sources()], part.users.indices, shape, since=part.users.since)
        for own, part in zip(held, parts, strict=True)
    ]
    return Uses(parts[0].kind, names, union(placed, shape))
