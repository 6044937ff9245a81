"""The risks of groups, tags, live streams, domains and media, as records that reviewers read."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import numpy as np
from scipy.special import logit

from havenwall.model import EntityKind, Risk, ThingUse
from havenwall.network.evidence import IntArray
from havenwall.network.find import Found
from havenwall.network.graph import Graph
from havenwall.network.things import ThingRisk, successions, thing_risks, who_uses

MOST = 200
"""Most things that one scoring tells of."""
_SURE = 1e-6


def make_thing_risks(
    graph: Graph, found: Found, seeds: IntArray, run_id: str, at: datetime
) -> tuple[Risk, ...]:
    """Risks of the things that members use more than chance gives, highest lower bound first, at most `MOST`.

    `probability` is the share of a thing's users who are members, with its 95 % interval. Never over the
    threshold and in no lane: who is in a group is not judged by it, and a machine does nothing about it. A
    tag that followed a risky one says so; that takes links with dates.

    Args:
        graph: n accounts and what they use.
        found: chances of the candidates; all other accounts count as no members.
        seeds: rows of confirmed accounts.
        run_id: the scoring.
        at: its moment.
    """
    chance = np.zeros(graph.n)
    chance[found.rows] = found.probability
    every = thing_risks(graph, chance, np.unique(seeds))
    after = _after(graph, [each.entity for each in every if each.over_threshold])
    told = [each for each in every if each.low > each.share / each.lift or each.entity in after]
    return tuple(_risk(each, run_id, at, after.get(each.entity, [])) for each in told[:MOST])


def _after(graph: Graph, risky: list[str]) -> dict[str, list[str]]:
    """Sentences on which risky tag a tag followed, by the new tag."""
    said: dict[str, list[str]] = defaultdict(list)
    for uses in who_uses(graph):
        if uses.kind is EntityKind.TAG and (old := uses.names.rows(risky)).size:
            for each in successions(uses, old):
                said[each.new].append(f"Seems to have replaced {each.old}: {each.why}")
    return dict(said)


def _risk(thing: ThingRisk, run_id: str, at: datetime, after: list[str]) -> Risk:
    return Risk(
        id=f"{run_id}:{thing.entity}",
        run_id=run_id,
        entity=thing.entity,
        probability=thing.share,
        low=thing.low,
        high=thing.high,
        # Ordered by what is sure: one member among two users makes a high share and says little.
        score=float(logit(np.clip(thing.low, _SURE, 1 - _SURE))),
        over_threshold=False,
        at=at,
        reasons=(thing.why, *after),
        use=ThingUse(
            users=thing.users,
            confirmed=thing.confirmed,
            likely=thing.likely,
            hands=thing.independent,
            base=thing.share / thing.lift,
            top=thing.top_users,
        ),
    )
