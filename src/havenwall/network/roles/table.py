"""The roles of many accounts, and of one account with the evidence that a reviewer reads."""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import NotFound
from havenwall.model import Lane, NetworkRole
from havenwall.network.roles.features import Features
from havenwall.network.roles.lane import CROWD, LANES
from havenwall.network.roles.overlap import FloatArray
from havenwall.network.roles.scorecard import CARD, COLUMN, ROLES, Scorecard, role_probability, steps
from havenwall.network.roles.words import sentence, unknown


class RoleEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that speaks for or against a role."""

    name: str
    """The feature."""
    weight: float
    """Nats by which it favours the role over its strongest rival; negative where it speaks for the rival."""
    text: str
    """A sentence with the account's own numbers."""


class Typed(msgspec.Struct, frozen=True, kw_only=True):
    """The role of one account. A guess to help a person, never a finding."""

    role: NetworkRole
    """The likeliest one."""
    rival: NetworkRole
    """The next likeliest one."""
    lane: Lane
    needs_person: bool
    """Whether a person must decide, and no machine."""
    wide_audience: bool
    """Whether far more accounts follow it than follow confirmed accounts."""
    odds: dict[NetworkRole, float]
    """Log-odds of each role against ordinary."""
    probability: dict[NetworkRole, float]
    """0..1, summing to 1. As good as the card: not calibrated unless the card was fitted."""
    evidence: tuple[RoleEvidence, ...]
    """What tells the role from its rival, weightiest first."""
    unknown: tuple[str, ...]
    """Sentences on what was not known."""


class RoleTable(msgspec.Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The roles of some accounts; all arrays are in the order of `rows`."""

    rows: NDArray[np.int64]
    """(rows,) rows in the graph."""
    features: Features
    card: Scorecard
    odds: FloatArray
    """(rows, roles) log-odds against ordinary, columns in the order of `ROLES`."""
    lanes: NDArray[np.int8]
    """(rows,) numbers of `LANES`."""
    needs_person: NDArray[np.bool_]
    """(rows,) whether a person must decide."""
    missing: tuple[str, ...]
    """Names of the hints that were not given."""

    @property
    def roles(self) -> NDArray[np.int8]:
        """(rows,) number of the likeliest role in `ROLES`."""
        return self.odds.argmax(axis=1).astype(np.int8)

    @property
    def probability(self) -> FloatArray:
        """(rows, roles) 0..1; each row sums to 1."""
        return role_probability(self.odds)

    @property
    def wide(self) -> NDArray[np.bool_]:
        """(rows,) whether far more accounts follow it than follow confirmed accounts."""
        return self.features.column("crowd") >= CROWD

    def without_enforcement(self) -> RoleTable:
        """The same table with nobody in the enforcement lane: a person decides on those who were."""
        fit = self.lanes == LANES.index(Lane.ENFORCEMENT)
        lanes = np.where(fit, np.int8(LANES.index(Lane.NONE)), self.lanes)
        return msgspec.structs.replace(self, lanes=lanes, needs_person=self.needs_person | fit)

    def chance_of(self, role: NetworkRole) -> FloatArray:
        """(rows,) probability of one role."""
        return self.probability[:, COLUMN[role]]

    def in_lane(self, lane: Lane) -> NDArray[np.int64]:
        """Rows in the graph of the accounts in a lane."""
        return self.rows[self.lanes == LANES.index(lane)]

    def of(self, row: int) -> Typed:
        """One account, by its row in the graph.

        Raises:
            NotFound: its role was not asked for.
        """
        places = np.flatnonzero(self.rows == row)
        if not len(places):
            raise NotFound(f"no role was given to row {row}", hint="ask for its role with `rows`")
        place = int(places[0])
        first, second = np.argsort(-self.odds[place], kind="stable")[:2].tolist()
        odds, probability = self.odds[place].tolist(), role_probability(self.odds[[place]])[0].tolist()
        return Typed(
            role=ROLES[first],
            rival=ROLES[second],
            lane=LANES[self.lanes[place]],
            needs_person=bool(self.needs_person[place]),
            wide_audience=bool(self.wide[place]),
            odds=dict(zip(ROLES, odds, strict=True)),
            probability=dict(zip(ROLES, probability, strict=True)),
            evidence=self._evidence(place, ROLES[first], ROLES[second]),
            unknown=unknown(self.missing),
        )

    def _evidence(self, place: int, role: NetworkRole, rival: NetworkRole) -> tuple[RoleEvidence, ...]:
        one = Features(self.rows[[place]], self.features.values[[place]])
        entries = steps(one)[0] * self.card.weights
        weight: dict[str, float] = {}
        for line, entry in zip(CARD, entries.tolist(), strict=True):
            side = (line.role is role) - (line.role is rival)
            weight[line.feature] = weight.get(line.feature, 0.0) + side * entry
        values = self.features.of(place)
        told = [
            RoleEvidence(name=name, weight=nats, text=sentence(name, values))
            for name, nats in weight.items()
            if nats
        ]
        return tuple(sorted(told, key=lambda item: -abs(item.weight)))
