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


def reported(found: Found, margin: int, drawn: IntArray | None = None) -> IntArray:
    """Places of the candidates that are worth telling of, highest score first.

    Those over the threshold, the next `margin` below it, and of the rest the first `margin` in the protective
    lane: care takes less than restriction. Who was drawn for an audit is told of wherever it stands.
    """
    order = found.order
    size = int(found.over_threshold.sum()) + margin
    rest = order[size:]
    care = rest[found.roles.lanes[rest] == LANES.index(Lane.PROTECTIVE)]
    told = np.concatenate([order[:size], care[:margin]])
    return told if drawn is None else order[np.isin(order, np.concatenate([told, drawn]))]


def make_risks(
    links: Links,
    found: Found,
    seeds: IntArray,
    run_id: str,
    at: datetime,
    margin: int,
    drawn: IntArray | None = None,
    note: str = "",
) -> tuple[Risk, ...]:
    """Risks of the candidates worth telling of, highest score first, each with its reasons.

    `drawn` are places of candidates that are told of although they may not be worth it. A `note` marks those
    told of between two scorings: it is appended to their ids, and the score without each confirmed account,
    which costs more than all else, is left to the next scoring.
    """
    places = reported(found, margin, drawn)
    rows, score = found.rows[places], found.score[places]
    shares = seed_shares(links, rows, seeds)
    if not note:
        shares = with_what_if(links, found.scored, rows, score, seeds, shares)
    things, lost = shared_things(links, rows, seeds), found.scored.factors(rows)
    names = links.graph.names.many(rows)
    told = zip(places.tolist(), names, shares, things, lost.tolist(), strict=True)
    return tuple(_risk(found, run_id, note, at, *one) for one in told)


def _risk(
    found: Found,
    run_id: str,
    note: str,
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
        id=f"{run_id}:{name}{note and ':'}{note}",
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
        wide_audience=typed.wide_audience,
        role_evidence=tuple(entry.text for entry in typed.evidence[:_SENTENCES]),
        rests_on=rests_on(score, found.threshold, seeds),
        reasons=sentences(score, found.threshold, seeds, things),
    )
