"""The risk of groups, tags, live streams, domains and media, from who uses them."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
import polars as pl
from numpy.typing import NDArray

from havenwall.model import EntityKind
from havenwall.network.graph import Graph
from havenwall.network.things.config import ThingConfig
from havenwall.network.things.judge import Judged, judge
from havenwall.network.things.shares import shares
from havenwall.network.things.votes import Counts, Floats
from havenwall.network.things.words import explained

Bools = NDArray[np.bool_]


class ThingRisk(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the use of a thing is by members of the network."""

    entity: str
    kind: EntityKind
    share: float
    """Chance that a user of it is a member, of those it has and those to come (posterior mean), 0..1."""
    low: float
    """Lower end of the interval of the share; what things are ranked by."""
    high: float
    lift: float
    """`share` over the share of members among all accounts that use a thing of the kind."""
    users: int
    """Accounts that use it."""
    confirmed: int
    """Confirmed ones of them."""
    likely: int
    """Likely members that are not confirmed."""
    independent: int
    """Hands with a confirmed or likely member: accounts that share a contact count once."""
    over_threshold: bool
    why: str
    """One or two sentences for a reviewer."""
    top_users: tuple[str, ...] = ()
    """Confirmed users, then the most likely ones."""


def thing_risks(
    graph: Graph,
    probability: Floats,
    confirmed: Counts,
    config: ThingConfig | None = None,
    *,
    started: pl.DataFrame | None = None,
) -> tuple[ThingRisk, ...]:
    """Risks of the things that a confirmed or likely member uses, highest lower bound first.

    All over the threshold and `config.margin` others. Over the threshold is a thing whose lower bound reaches
    `config.least` and whose confirmed or likely users are in `config.independent` hands: neither a flood by
    one account nor its many accounts can bring that about, nor one member in a family's group.

    A risk of a thing must not raise the probabilities of its users: those it came from.

    Args:
        graph: the typed graph of n accounts.
        probability: (n,) calibrated chance of each account to be a member; 0 for cleared ones.
        confirmed: rows of confirmed members, whose chance is taken to be 1.
        config: settings.
        started: who started which live stream, see `who_uses`.

    Raises:
        BadInput: see `judge`.
        BadGraph: see `who_uses`.
    """
    config = config or ThingConfig()
    sure = np.zeros(graph.n, np.bool_)
    sure[confirmed] = True
    found = [
        risk
        for judged in judge(graph, probability, confirmed, config, started=started)
        for risk in _risks(graph, judged, sure, config)
    ]
    found.sort(key=lambda risk: (-risk.low, -risk.share, risk.entity))
    below = [risk for risk in found if not risk.over_threshold][config.margin :]
    left_out = {risk.entity for risk in below}
    return tuple(risk for risk in found if risk.entity not in left_out)


def _risks(graph: Graph, judged: Judged, sure: Bools, config: ThingConfig) -> Iterator[ThingRisk]:
    things = judged.suspects
    share = shares(judged.votes, things, judged.prior, config.level, config.most_users)
    independent = judged.votes.independent[things]
    over = (independent >= config.independent) & (share.low >= config.least(judged.prior.base))
    # Only those that can be among the reported ones are put into words.
    order = np.lexsort((-share.mean, -share.low, ~over))[: int(over.sum()) + config.margin]
    for at in order.tolist():
        interval = float(share.mean[at]), float(share.low[at]), float(share.high[at])
        yield _risk(graph, judged, int(things[at]), interval, bool(over[at]), sure, config)


def _risk(
    graph: Graph,
    judged: Judged,
    thing: int,
    interval: tuple[float, float, float],
    over: bool,
    sure: Bools,
    config: ThingConfig,
) -> ThingRisk:
    users = judged.uses.users.row(thing).astype(np.int64)
    known = sure[users]
    likely = (judged.probability[users] >= config.likely) & ~known
    suspects = users[known | likely]
    first = np.lexsort((suspects, -judged.probability[suspects], ~sure[suspects]))[: config.top_users]
    counted = len(users), int(known.sum()), int(likely.sum()), int(judged.votes.independent[thing])
    share, low, high = interval
    return ThingRisk(
        entity=judged.uses.names[thing],
        kind=judged.uses.kind,
        share=share,
        low=low,
        high=high,
        lift=share / judged.prior.base,
        users=counted[0],
        confirmed=counted[1],
        likely=counted[2],
        independent=counted[3],
        over_threshold=over,
        why=explained(judged.uses.kind, counted, (low, high), judged.prior.base, config),
        top_users=tuple(graph.names.many(suspects[first])),
    )
