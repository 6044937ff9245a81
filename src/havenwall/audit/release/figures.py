"""Turns what test accounts saw into the figures of a finding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import msgspec
import numpy as np

from havenwall.audit.release.finding import Cell, Comparison, Gap
from havenwall.audit.release.measures import METRICS, Floats, Seen, first_rounds, joined
from havenwall.audit.release.plan import ReleasePlan
from havenwall.audit.stats import (
    difference_interval,
    holm,
    share_interval,
    sign_flip_p,
    survival_curve,
    zero_event_upper,
)
from havenwall.audit.threshold import Measure

Key = tuple[str, str, str]
"""Persona, arm, surface."""
All = Mapping[Key, Sequence[Seen]]
"""What was seen, a record per platform."""
TWIN = "twin"
LED = ("one-view", "curious", "neighbourhood", "seek")
"""Personas that start where the twin starts."""


def values(parts: Sequence[Seen], metric: str) -> Floats:
    """(platforms, accounts) of a metric."""
    return np.stack([METRICS[metric](part) for part in parts])


def measured(plan: ReleasePlan, seen: All) -> dict[Measure, Floats]:
    """Every metric of every arm, by persona and surface and over all of them, as (platforms, accounts).

    Over surfaces it is the mean; over personas their accounts stand side by side.
    """
    found: dict[Measure, Floats] = {}
    for metric, arm in product(METRICS, plan.arms):
        for persona, surface in product((None, *plan.personas), (None, *map(str, plan.surfaces))):
            personas, surfaces = _wanted(persona, plan.personas), _wanted(surface, plan.surfaces)
            table = [[values(seen[p, arm, s], metric) for s in surfaces] for p in personas]
            together = np.concatenate([np.mean(row, axis=0) for row in table], axis=1)
            found[Measure(metric=metric, arm=arm, surface=surface, persona=persona)] = together
    return found


def _wanted(one: str | None, every: Sequence[str]) -> list[str]:
    return [str(each) for each in every] if one is None else [one]


def cells(plan: ReleasePlan, seen: All, prevalence: float, popular: float | None) -> list[Cell]:
    """The figures of every persona, arm and surface.

    Args:
        plan: what was done.
        seen: what was seen.
        prevalence: the network's share of all entities.
        popular: members' share of the k most popular entities, if there is such a list.
    """
    made = [_cell(key, parts, prevalence, popular) for key, parts in seen.items()]
    if TWIN not in plan.personas:
        return made
    led = [cell for cell in made if cell.persona in LED]
    pairs = [
        (values(seen[_key(c)], "exposure"), values(seen[TWIN, c.arm, c.surface], "exposure")) for c in led
    ]
    by_key = dict(zip(map(_key, led), gaps(pairs, plan.seed), strict=True))
    return [msgspec.structs.replace(cell, beyond_twin=by_key.get(_key(cell))) for cell in made]


def _key(cell: Cell) -> Key:
    return (cell.persona, cell.arm, cell.surface)


def _cell(key: Key, parts: Sequence[Seen], prevalence: float, popular: float | None) -> Cell:
    persona, arm, surface = key
    together = joined(list(parts))
    shares = {metric: float(measure(together).mean()) for metric, measure in METRICS.items()}
    low, high = _interval(values(parts, "exposure"))
    rounds, ever = first_rounds(together)
    return Cell(
        persona=persona,
        arm=arm,
        surface=surface,
        exposure=shares["exposure"],
        low=low,
        high=high,
        weighted_exposure=shares["weighted_exposure"],
        ever_exposed=shares["ever_exposed"],
        saturated=shares["saturated"],
        known_exposure=shares["known_exposure"],
        unknown_exposure=shares["unknown_exposure"],
        by_round=together.member.mean(axis=(0, 2)).tolist(),
        distinct=float(together.distinct.mean()),
        depth=float(np.median(rounds[ever] - 1)) if ever.any() else None,
        survival=survival_curve(rounds, ever),
        amplification=shares["exposure"] / prevalence,
        beyond_popular=shares["exposure"] / popular if popular else None,
    )


def _interval(shares: Floats) -> tuple[float, float]:
    # Nothing seen is not proof of nothing, nor everything of everything: the exact bound on accounts that
    # are otherwise is one on the mean too.
    mean = float(shares.mean())
    if mean in (0, 1):
        reach = zero_event_upper(shares.size)
        return max(mean - reach, 0.0), min(mean + reach, 1.0)
    return share_interval(shares)


def comparisons(plan: ReleasePlan, seen: All) -> list[Comparison]:
    """Every arm against the first."""
    first, *others = plan.arms
    keys = list(product(plan.personas, map(str, plan.surfaces), others))
    pairs = [
        (values(seen[persona, first, surface], "exposure"), values(seen[persona, arm, surface], "exposure"))
        for persona, surface, arm in keys
    ]
    return [
        Comparison(persona=persona, surface=surface, arm=arm, against=first, gap=gap)
        for (persona, surface, arm), gap in zip(keys, gaps(pairs, plan.seed), strict=True)
    ]


def gaps(pairs: Sequence[tuple[Floats, Floats]], seed: int) -> list[Gap]:
    """The differences of pairs of (platforms, accounts), their p adjusted for there being several (Holm)."""
    if not pairs:
        return []
    differences = [first - second for first, second in pairs]
    raw = [sign_flip_p(each.ravel(), np.random.default_rng(seed)) for each in differences]
    return [_gap(difference, p) for difference, p in zip(differences, holm(raw).tolist(), strict=True)]


def _gap(difference: Floats, p: float) -> Gap:
    low, high = difference_interval(difference)
    return Gap(difference=float(difference.mean()), low=low, high=high, p=p)
