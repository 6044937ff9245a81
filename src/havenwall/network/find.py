"""The whole of discovery in one call: evidence, then roles, then how sure to be, then who goes where."""

from __future__ import annotations

import math

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.model import Lane, NetworkRole
from havenwall.network.config import ScoreConfig
from havenwall.network.doubt import RING, STRANGE, ring_like, strange
from havenwall.network.evidence import Calibration, FloatArray, IntArray, Matrix, Scored, calibrate, score
from havenwall.network.graph import Graph
from havenwall.network.roles import (
    LANES,
    ROLES,
    Features,
    Hints,
    RoleTable,
    facts_of,
    type_roles,
    with_threshold,
)

_NETWORK = (NetworkRole.TRADER, NetworkRole.HUB, NetworkRole.BUYER)
_OF_NETWORK = np.array([role in _NETWORK for role in ROLES])
_UNSURE = 0.5
_DOUBT = 1e-3
"""Roles are told by judgement: they never move a score by more than the logarithm of this."""


class Found(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The accounts near the network, each with a score, a chance, a role and a lane."""

    scored: Scored
    """The evidence: every account's score by its ties alone."""
    rows: IntArray
    """(c,) the candidates, ascending; no seed and no cleared account among them."""
    score: Matrix
    """(c,) log-odds by ties and role together."""
    probability: Matrix
    """(c,) of belonging to the network, 0..1."""
    over_threshold: NDArray[np.bool_]
    """(c,)"""
    roles: RoleTable
    """Role and lane of every candidate, in the order of `rows`."""
    role_weight: dict[str, float]
    """0..1 how much each of the network's roles counts: how often confirmed accounts have it, against the
    role they have most often."""
    threshold: float
    """On `score`; above all scores if no account is certain enough."""
    held_out_recall: float
    """Share of the seeds at or over the threshold when their own fold is hidden."""
    doubt: str
    """Why no machine should act on this; empty without such a reason."""
    members: float
    """Estimated number of members not yet known, on the low side; 0 if it could not be estimated."""

    @property
    def order(self) -> IntArray:
        """(c,) places of the candidates, highest score first."""
        return np.argsort(-self.score, kind="stable")

    def lane(self, lane: Lane) -> IntArray:
        """Rows of the candidates in a lane."""
        return self.roles.in_lane(lane)


def find_network(
    graph: Graph,
    seeds: IntArray,
    cleared: IntArray | None = None,
    *,
    hints: Hints | None = None,
    config: ScoreConfig | None = None,
) -> Found:
    """Find the network around confirmed accounts.

    Ties say how near an account is, not what it does there: victims, press and lawful creators are near too.
    So the accounts nearest by ties are given roles, and the log-odds of having a role of the network are
    added to the score. Which roles those are the confirmed accounts say: where only traders were confirmed, a
    buyer counts for little.

    Args:
        graph: n accounts.
        seeds: rows of confirmed accounts.
        cleared: rows of accounts that a reviewer found innocent.
        hints: what the platform knows of its accounts beyond their links.
        config: which models to try, and how sure to be.

    Raises:
        NotReady: there are no seeds.
    """
    config = config or ScoreConfig()
    cleared = np.empty(0, np.int64) if cleared is None else np.setdiff1d(cleared, seeds)
    scored = score(graph, seeds, cleared, config=config)
    rows = _nearest(scored, np.union1d(seeds, cleared), _room(scored, config))
    seeds = np.unique(seeds)
    both = np.union1d(rows, seeds)
    own = np.isin(both, seeds)
    near = type_roles(graph, seeds, cleared, hints=hints, rows=both)
    weight = _role_weights(near.probability[own])
    odds = _role_odds(near.probability, weight) + _lane_odds(near.lanes == LANES.index(Lane.ENFORCEMENT), own)
    value, held_out = scored.score[rows] + odds[~own], scored.held_out + odds[own]
    sure = _certainty(scored, held_out, value, config)
    over = value >= sure.threshold
    doubt = _doubt(graph, seeds, rows[over], near, own) if scored.learned else ""
    if doubt == RING:
        sure = _nobody(value, held_out, np.minimum(sure.probability, _UNSURE))
        over = np.zeros(len(rows), bool)
    roles = with_threshold(near, np.flatnonzero(~own), over, cleared)
    return Found(
        scored=scored,
        rows=rows,
        score=value,
        probability=sure.probability,
        over_threshold=over,
        roles=roles.without_enforcement() if doubt else roles,
        role_weight={role.value: float(weight[at]) for at, role in enumerate(ROLES) if role in _NETWORK},
        threshold=sure.threshold,
        held_out_recall=float((held_out >= sure.threshold).mean()) if scored.learned else 0.0,
        doubt=doubt,
        members=sure.members,
    )


def _certainty(scored: Scored, held_out: Matrix, value: Matrix, config: ScoreConfig) -> Calibration:
    """Nobody is certain enough where nothing was learned, or where there is nobody else."""
    if not scored.learned or not len(value):
        return _nobody(value, held_out, np.zeros(len(value)))
    return calibrate(held_out, value, config)


def _doubt(graph: Graph, seeds: IntArray, over: IntArray, near: RoleTable, own: NDArray[np.bool_]) -> str:
    if ring_like(graph, seeds, over, _conduct(near, own)):
        return RING
    return STRANGE if strange(near.probability[own], _OF_NETWORK) else ""


def _nobody(value: Matrix, held_out: Matrix, probability: Matrix) -> Calibration:
    return Calibration(probability, float(np.append(value, held_out).max()) + 1, 0.0)


def _conduct(near: RoleTable, own: NDArray[np.bool_]) -> float:
    """Share of the confirmed accounts with conduct in common."""
    seeds = Features(near.rows[own], near.features.values[own])
    return float(facts_of(seeds, np.empty(0, np.int64)).conduct.mean())


def _room(scored: Scored, config: ScoreConfig) -> int:
    # Of the accounts with roles at most `largest_share` are taken to be members: a network that has more
    # hidden members than that share of `typed` would drown, with nobody over the threshold.
    return max(config.typed, math.ceil(scored.members / config.largest_share))


def _nearest(scored: Scored, labelled: IntArray, size: int) -> IntArray:
    free = np.setdiff1d(np.arange(len(scored.score)), labelled)
    if len(free) <= size:
        return free
    return np.sort(free[np.argpartition(-scored.score[free], size)[:size]])


def _role_weights(own: FloatArray) -> Matrix:
    """(roles,) how much each role counts, from the (seeds, roles) chances of the confirmed accounts.

    One confirmed account is added for each of the network's roles, for doubt.
    """
    often = np.where(_OF_NETWORK, own.sum(axis=0) + 1, 0)
    return np.asarray(often / often.max(), np.float64)


def _role_odds(probability: FloatArray, weight: Matrix) -> Matrix:
    """(rows,) log-odds of having a role of the network."""
    chance = probability.astype(np.float64) @ weight
    return np.log((chance + _DOUBT) / (1 - chance + _DOUBT))


def _lane_odds(fit: NDArray[np.bool_], own: NDArray[np.bool_]) -> Matrix:
    """(rows,) log-lift of being fit for the enforcement lane or not, confirmed accounts against others."""
    one, other = (fit[own].sum() + 1) / (own.sum() + 2), (fit[~own].sum() + 1) / ((~own).sum() + 2)
    return np.where(fit, np.log(one / other), np.log((1 - one) / (1 - other)))
