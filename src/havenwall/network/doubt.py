"""Whether the confirmed accounts themselves give reason not to be sure of anybody near them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from havenwall.network.discover.benign import Benign, benign_looking
from havenwall.network.evidence import FloatArray, IntArray
from havenwall.network.graph import Graph
from havenwall.network.roles import overlap

RING = (
    "Most of the confirmed accounts and of those near them follow each other back, and hardly any shares "
    "media, tags or contacts with another: that is how rings of mutual follows look. Nobody is over the "
    "threshold until more was confirmed."
)
STRANGE = (
    "Less than half of the confirmed accounts look to the roles as if they were in a network: this one works "
    "otherwise than those the roles know, and what they say of its neighbours proves little. Rules hide "
    "nobody by it; who is over the threshold goes to a person."
)
_KNOWN = 0.5
"""On sandboxes it was .8 and more where thirty or more accounts were confirmed, .56 and more with few, .4 to
.7 in networks that meet only through hubs, and .1 to .3 in those that meet only in tags."""
_MOST = 0.5
_CONDUCT = 0.2
"""Share of the confirmed accounts with conduct in common from which on they are more than a ring."""
_ANSWERED = 0.5
"""Where more of the platform's follows than this are answered, following back says nothing."""
_LOOKED_AT = 2_000


def strange(role_chance: FloatArray, network: NDArray[np.bool_]) -> bool:
    """Whether the roles fail to recognise the confirmed accounts themselves.

    Args:
        role_chance: (seeds, roles) 0..1.
        network: (roles,) which roles are those of a network.
    """
    return bool(network[role_chance.argmax(axis=1)].mean() < _KNOWN)


def ring_like(graph: Graph, seeds: IntArray, found: IntArray, conduct: float) -> bool:
    """Whether confirmed accounts and those found around them are a ring of mutual follows.

    Rings that collect followers are denser than networks of traders, and score as high when somebody confirms
    a few of their accounts in error. What they do not have is conduct in common, nor followers from outside.

    Args:
        graph: n accounts.
        seeds: rows of confirmed accounts.
        found: rows of the accounts that would be over the threshold.
        conduct: 0..1 share of the confirmed accounts whose content, tags, media or contacts are others' too.
    """
    if conduct >= _CONDUCT or not len(found) or _answered(graph) > _ANSWERED:
        return False
    rows = np.union1d(seeds, found)
    back = benign_looking(graph, rows, np.empty(0, np.int64), graph.n)[Benign.FOLLOWS_BACK]
    return bool(back[np.isin(rows, seeds)].mean() > _MOST and back.mean() > _MOST)


def _answered(graph: Graph) -> float:
    """Share of follows that are answered, on a sample of accounts."""
    rows = np.unique(np.linspace(0, graph.n - 1, _LOOKED_AT).astype(np.int64))
    own, by = graph.follows.take(rows), graph.follows.flipped.take(rows)
    mutual = overlap.mutual_sums(own, by, np.ones((graph.n, 1), np.float32))
    return float(mutual.sum() / max(own.links, 1))
