"""What two accounts can have in common, kind by kind, as sets."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from havenwall.model import LinkKind
from havenwall.network.graph import Csr, Graph
from havenwall.network.graph.csr import beside


class Kind(StrEnum):
    """A kind of evidence that two accounts are one person's. Kinds are taken to be independent."""

    FOLLOWS = "follows"
    """Whom they follow."""
    AUDIENCE = "audience"
    """Who follows them."""
    NAME = "name"
    """What they call themselves."""
    MEDIA = "media"
    """Which media they share."""
    CONTACT = "contact"
    """Which contacts, devices and outside addresses they share."""
    CIRCLES = "circles"
    """Which groups they are in and which tags they use."""
    TIE = "tie"
    """The removed account followed the newcomer: a backup made ready before the removal."""


COPIED = frozenset({Kind.FOLLOWS, Kind.NAME, Kind.MEDIA, Kind.CIRCLES})
"""Kinds that anybody can imitate, fans and those who want to frame somebody alike. The others take a shared
device, the removed account's own doing, or that of the many who followed it."""

USES: dict[Kind, tuple[LinkKind, ...]] = {
    Kind.MEDIA: (LinkKind.SHARED_MEDIA,),
    Kind.CONTACT: (LinkKind.SHARED_CONTACT,),
    Kind.CIRCLES: (LinkKind.MEMBER, LinkKind.TAG_USE),
}
"""The links to things that make up a kind, side by side in this order."""


def shared_sets(graph: Graph) -> dict[Kind, Csr]:
    """For each kind of set a matrix whose row i is the set of account i; kinds nobody has are left out."""
    sets = {Kind.FOLLOWS: graph.follows, Kind.AUDIENCE: graph.follows.flipped}
    for kind, links in USES.items():
        sets[kind] = beside([graph.uses[link] for link in links if link in graph.uses], graph.n)
    return {kind: part for kind, part in sets.items() if part.links}


def things(graph: Graph, kind: Kind, columns: NDArray[np.int64]) -> tuple[str, ...]:
    """Names of elements of a kind's sets: accounts for FOLLOWS and AUDIENCE, otherwise what is used."""
    if kind not in USES:
        return tuple(graph.names.many(columns))
    used = [link for link in USES[kind] if link in graph.uses]
    starts = np.cumsum([0, *(graph.uses[link].columns for link in used)])
    place = np.searchsorted(starts, columns, side="right") - 1
    return tuple(
        graph.things[used[part]][int(column - starts[part])]
        for part, column in zip(place, columns, strict=True)
    )
