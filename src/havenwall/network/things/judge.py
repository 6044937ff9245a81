"""Takes votes on all things of a kind and learns what is usual among them."""

from __future__ import annotations

import msgspec
import numpy as np
import polars as pl

from havenwall.errors import BadInput
from havenwall.network.graph import Graph
from havenwall.network.things.config import ThingConfig
from havenwall.network.things.hands import Hands, hands
from havenwall.network.things.prior import Prior, fit_prior
from havenwall.network.things.use import Uses, who_uses
from havenwall.network.things.votes import Counts, Floats, Votes, cast_votes


class Judged(msgspec.Struct, frozen=True, eq=False, kw_only=True):
    """The things of one kind with the votes on them."""

    uses: Uses
    hand: Hands
    """(n,) the hand each account is in."""
    recency: Floats
    """(uses,) weight of each use."""
    votes: Votes
    prior: Prior
    probability: Floats
    """(n,) chance that each account is a member; 1 for the confirmed."""

    @property
    def suspects(self) -> Counts:
        """Rows of the things that a confirmed or likely member uses."""
        return np.flatnonzero(self.votes.independent > 0)


def judge(
    graph: Graph,
    probability: Floats,
    confirmed: Counts,
    config: ThingConfig,
    *,
    started: pl.DataFrame | None = None,
) -> tuple[Judged, ...]:
    """What the users of all things say, kind by kind.

    Args:
        graph: the typed graph of n accounts.
        probability: (n,) calibrated chance of each account to be a member; 0 for cleared ones.
        confirmed: rows of confirmed members, whose chance is taken to be 1.
        config: settings.
        started: who started which live stream, see `who_uses`.

    Raises:
        BadInput: probabilities that are not n numbers in 0..1, or a confirmed row outside the graph.
    """
    chance = _checked(graph, probability, confirmed)
    return tuple(_judged(graph, uses, chance, config) for uses in who_uses(graph, started=started))


def _checked(graph: Graph, probability: Floats, confirmed: Counts) -> Floats:
    if probability.shape != (graph.n,) or not ((probability >= 0) & (probability <= 1)).all():
        raise BadInput(f"needs {graph.n} numbers between 0 and 1", field="probability")
    if len(confirmed) and not 0 <= int(confirmed.min()) <= int(confirmed.max()) < graph.n:
        raise BadInput(f"a row outside 0..{graph.n - 1}", field="confirmed")
    chance = np.array(probability, np.float64)
    chance[confirmed] = 1.0
    return chance


def _judged(graph: Graph, uses: Uses, chance: Floats, config: ThingConfig) -> Judged:
    hand = hands(graph, config.same_hand, without=uses.kind)
    recency = uses.recency(config.half_life_days)
    votes = cast_votes(uses.users, chance, hand, recency, config.likely)
    base = float(np.clip(chance[np.unique(uses.users.indices)].mean(), 1e-6, 0.5))
    prior = fit_prior(votes, base, config.most_users)
    return Judged(uses=uses, hand=hand, recency=recency, votes=votes, prior=prior, probability=chance)
