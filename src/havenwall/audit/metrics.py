"""Turns what the walks recorded into the figures of an AuditResult."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from havenwall.audit.benign import Cost
from havenwall.audit.result import ArmResult, Comparison, Suppressed
from havenwall.audit.stats import cluster_interval, median_survival, sign_flip_p, zero_event_upper

SATURATED = 0.5
"""Share of exposed places from which a list counts as taken over by the network."""


def arm_result(
    exposure: NDArray[np.float64], prevalence: float, draws: int, rng: np.random.Generator
) -> ArmResult:
    """Figures of one arm from its exposure (platforms, accounts, rounds)."""
    low, high = cluster_interval(exposure.mean(axis=2), draws, rng)
    seen = exposure > 0
    ever = seen.any(axis=2)
    if not ever.any():
        high = zero_event_upper(ever.size)
    mean = float(exposure.mean())
    return ArmResult(
        exposure=mean,
        low=low,
        high=high,
        by_round=exposure.mean(axis=(0, 1)).tolist(),
        ever_exposed=float(ever.mean()),
        saturated=float((exposure >= SATURATED).any(axis=2).mean()),
        first_exposure=_first_exposure(seen),
        amplification=mean / prevalence,
    )


def _first_exposure(seen: NDArray[np.bool_]) -> int | None:
    ever, last = seen.any(axis=2), seen.shape[2]
    return median_survival(np.where(ever, seen.argmax(axis=2) + 1, last).ravel(), ever.ravel())


def comparison(
    first: NDArray[np.float64], second: NDArray[np.float64], draws: int, rng: np.random.Generator
) -> Comparison:
    """Two arms' exposure (platforms, accounts, rounds), paired by test account."""
    differences = (first - second).mean(axis=2)
    low, high = cluster_interval(differences, draws, rng)
    return Comparison(
        difference=float(differences.mean()),
        low=low,
        high=high,
        p=sign_flip_p(differences.ravel(), rng),
        p_platforms=sign_flip_p(differences.mean(axis=1), rng),
    )


def suppressed(costs: Sequence[Cost]) -> Suppressed:
    """Whom Havenwall suppressed; ratios are of the sums over platforms."""
    total = sum(c.suppressed for c in costs)
    members = sum(c.suppressed_members for c in costs)
    return Suppressed(
        accounts=total / len(costs),
        precision=_ratio(members, total),
        recall_unknown=_ratio(members, sum(c.unknown_members for c in costs)),
        bystander_share=_ratio(sum(c.suppressed_bystanders for c in costs), sum(c.bystanders for c in costs)),
        hard_negatives=sum(c.suppressed_hard_negatives for c in costs) / len(costs),
    )


def benign_shares(costs: Sequence[Cost]) -> tuple[float, float]:
    """Share of sampled ordinary accounts with a change, and share of their places that changed."""
    changed = _ratio(sum(c.changed for c in costs), sum(c.sampled for c in costs))
    slots = _ratio(sum(c.slots_changed for c in costs), sum(c.slots for c in costs))
    return changed or 0.0, slots or 0.0


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
