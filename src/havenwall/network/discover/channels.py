"""Channels: what accounts can have in common, each as one sparse matrix of accounts by things."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import numpy as np

from havenwall.model import LinkKind
from havenwall.network.discover.anchors import Rows, Weights
from havenwall.network.discover.doubts import popularity
from havenwall.network.graph import Csr, Graph

_NAMES = {
    LinkKind.FOLLOW: "followers",
    LinkKind.LIKE: "likes",
    LinkKind.COMMENT: "comments",
    LinkKind.MEMBER: "groups",
    LinkKind.TAG_USE: "tags",
    LinkKind.SHARED_MEDIA: "media",
    LinkKind.SHARED_CONTACT: "contacts",
}


class Channel(msgspec.Struct, frozen=True, eq=False):
    """One way in which accounts can be alike: the same followers, tags, media, groups or contacts."""

    name: str
    holds: Csr
    """(n, u) which of u followers or things each account has."""
    telling: Weights
    """(u,) 0..1 how much having it says: nothing for an account that follows everybody, little for a tag
    that everybody uses."""


def channels(graph: Graph, hub: int, silent: Mapping[LinkKind, Rows]) -> tuple[Channel, ...]:
    """All channels a graph has, in the order of LinkKind.

    What accounts do to an account (follow, like, comment) is seen from the account it is done to: the
    audience is what is shared, because nobody can choose it for the network as easily as whom they follow.

    Args:
        graph: the typed graph.
        hub: an account that follows more says nothing, a thing with more users is damped.
        silent: things by kind that shall say nothing, because they are what made the anchors.
    """
    ties = [
        Channel(_NAMES[kind], graph.between[kind].flipped, _selective(graph.between[kind], hub))
        for kind in LinkKind
        if kind in graph.between
    ]
    things = [
        Channel(_NAMES[kind], graph.uses[kind], _rare(graph.uses[kind], hub, silent.get(kind)))
        for kind in LinkKind
        if kind in graph.uses
    ]
    return (*ties, *things)


def _selective(ties: Csr, hub: int) -> Weights:
    return (ties.degree <= hub).astype(np.float32)


def _rare(uses: Csr, hub: int, silent: Rows | None) -> Weights:
    telling = popularity(uses.flipped.degree, hub)
    if silent is not None:
        telling[silent] = 0
    return telling
