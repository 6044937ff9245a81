"""What was found, as records that the other stages and the reviewers read."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from havenwall.model import Lane, Risk, SeedShare, SharedThing
from havenwall.network.evidence import IntArray, Links
from havenwall.network.find import Found
from havenwall.network.reasons.shares import seed_shares
from havenwall.network.reasons.things import shared_things
from havenwall.network.reasons.without import with_what_if
from havenwall.network.reasons.words import rests_on, sentences
from havenwall.network.roles import LANES

_SENTENCES = 4


def reported(found: Found, margin: int) -> IntArray:
    """Places of the candidates that are worth telling of, highest score first.

    Those over the threshold, the next `margin` below it, and of the rest the first `margin` in the protective
    lane: care takes less than restriction.
    """
    order = found.order
    size = int(found.over_threshold.sum()) + margin
    rest = order[size:]
    care = rest[found.roles.lanes[rest] == LANES.index(Lane.PROTECTIVE)]
    return np.concatenate([order[:size], care[:margin]])


def make_risks(
    links: Links, found: Found, seeds: IntArray, run_id: str, at: datetime, margin: int
) -> tuple[Risk, ...]:
    """Risks of the candidates worth telling of, highest score first, each with its reasons."""
    places = reported(found, margin)
    rows, score = found.rows[places], found.score[places]
    shares = with_what_if(links, found.scored, rows, score, seeds, seed_shares(links, rows, seeds))
    things, lost = shared_things(links, rows, seeds), found.scored.factors(rows)
    names = links.graph.names.many(rows)
    told = zip(places.tolist(), names, shares, things, lost.tolist(), strict=True)
    return tuple(_risk(found, run_id, at, *one) for one in told)


def _risk(
    found: Found,
    run_id: str,
    at: datetime,
    place: int,
    name: str,
    seeds: tuple[SeedShare, ...],
    things: tuple[SharedThing, ...],
    lost: list[float],
) -> Risk:
    score, typed = float(found.score[place]), found.roles.of(int(found.rows[place]))
    factors = zip(found.scored.features, lost, strict=False)
    return Risk(
        id=f"{run_id}:{name}",
        run_id=run_id,
        entity=name,
        probability=float(found.probability[place]),
        score=score,
        over_threshold=bool(found.over_threshold[place]),
        at=at,
        seeds=seeds,
        factors={feature: round(value, 4) for feature, value in factors if value},
        things=things,
        role=typed.role,
        role_chance=round(typed.probability[typed.role], 4),
        lane=typed.lane,
        needs_person=typed.needs_person,
        role_evidence=tuple(entry.text for entry in typed.evidence[:_SENTENCES]),
        rests_on=rests_on(score, found.threshold, seeds),
        reasons=sentences(score, found.threshold, seeds, things),
    )
