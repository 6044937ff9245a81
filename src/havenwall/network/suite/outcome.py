"""What discovery made of one graph whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score

from havenwall.model import Lane
from havenwall.network.evidence import FEATURES, FloatArray, IntArray, Links, Seen
from havenwall.network.find import Found
from havenwall.network.graph import Graph

Flags = NDArray[np.bool_]
PEERS = ("followers_of_two_seeds", "walk")
"""Rankings that discovery is measured against: a count, and undirected PageRank."""
_BUDGET = 200


def ranking(found: Found, n: int) -> FloatArray:
    """(n,) scores of all accounts; those that were no candidates lie below all that were."""
    score = np.full(n, found.score.min(initial=0.0) - 1)
    score[found.rows] = found.score
    return score


def peer_ranking(graph: Graph, seeds: IntArray, name: str, hub: int = 400) -> FloatArray:
    """(n,) one of `PEERS` from the same seeds."""
    column = np.zeros((graph.n, 1), np.float32)
    column[seeds] = 1
    compute = {feature.name: feature.compute for feature in FEATURES}
    return compute[name](Seen(Links(graph, hub), column))[:, 0]


def ranking_outcome(
    score: FloatArray, member: Flags, seeds: IntArray, others: Mapping[str, Flags]
) -> dict[str, float]:
    """Average precision, precision at 200 and at R (the members not yet known), and who else is in the top R.

    Args:
        score: (n,)
        member: (n,) whether each account is what is looked for.
        seeds: rows that were given and do not count.
        others: (n,) flags of groups that should not be found, by name.
    """
    free = np.setdiff1d(np.arange(len(score)), seeds)
    order = free[np.argsort(-score[free], kind="stable")]
    top = order[: int(member[free].sum())]
    return {
        "average precision": float(average_precision_score(member[free], score[free])),
        "P@200": float(member[order[:_BUDGET]].mean()),
        "P@R": float(member[top].mean()),
        **{f"{name} in R": float(flags[top].sum()) for name, flags in others.items()},
    }


def lane_outcome(
    found: Found, member: Flags, seeds: IntArray, others: Mapping[str, Flags]
) -> dict[str, float]:
    """What is over the threshold and in the enforcement lane; nan for the precision of nobody."""
    over, lane = found.rows[found.over_threshold], found.lane(Lane.ENFORCEMENT)
    hidden = member.sum() - member[seeds].sum()
    return {
        "over threshold": float(len(over)),
        "precision": float(member[over].mean()) if len(over) else float("nan"),
        "recall": float(member[over].sum() / max(hidden, 1)),
        "enforcement": float(len(lane)),
        **{f"{name} in lane": float(flags[lane].sum()) for name, flags in others.items()},
        "held-out recall": found.held_out_recall,
        "members": found.members,
    }
