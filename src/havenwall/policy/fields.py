"""The fields a rule may ask about, and their values for a record. The rule reference is made from this."""

from __future__ import annotations

from collections.abc import Iterable

from havenwall.model import Risk, SeedShare, Signal
from havenwall.policy.cel import FieldType, Value
from havenwall.policy.view import EntityFacts

BEHAVIOURS = (
    "blocked-searches",
    "burst",
    "likeness",
    "minor-objections",
    "off-platform",
    "only-minors",
    "reposts",
    "shared-contact",
    "unanswered-contacts",
)
"""Detectors that say what an account does over time. None may hide anybody by itself."""

DETECTORS = (
    "bank-match",
    "care",
    "classifier",
    "cleared",
    "confirmed",
    "live-match",
    "media-hash",
    "report",
    "term",
    *BEHAVIOURS,
)
"""Detectors whose signals a rule may count, as `count.media_hash`."""

RISK_FIELDS = {
    "risk.probability": FieldType.NUMBER,
    "risk.score": FieldType.NUMBER,
    "risk.over_threshold": FieldType.BOOL,
    "risk.independent_seeds": FieldType.INT,
    "risk.links_from_seeds": FieldType.INT,
    "risk.shared_followers": FieldType.INT,
    "risk.top_share": FieldType.NUMBER,
    "risk.factors": FieldType.NUMBER_MAP,
    "risk.role": FieldType.TEXT,
    "risk.lane": FieldType.TEXT,
    "risk.needs_person": FieldType.BOOL,
    "risk.wide_audience": FieldType.BOOL,
    "risk.rests_on": FieldType.INT,
    "risk.sampled": FieldType.BOOL,
    "network.may_widen": FieldType.BOOL,
}
"""Only in rules on risk."""

SIGNAL_FIELDS = {
    "signal.detector": FieldType.TEXT,
    "signal.version": FieldType.TEXT,
    "signal.strength": FieldType.NUMBER,
    "signal.evidence": FieldType.TEXT_MAP,
}
"""Only in rules on signal."""

ENTITY_FIELDS = {
    "entity.id": FieldType.TEXT,
    "entity.kind": FieldType.TEXT,
    "entity.confirmed": FieldType.BOOL,
    "entity.cleared": FieldType.BOOL,
    "entity.was_cleared": FieldType.BOOL,
    "entity.suppressed": FieldType.BOOL,
    "entity.restriction": FieldType.TEXT,
    "entity.lane": FieldType.TEXT,
    "entity.in_case": FieldType.BOOL,
}
"""In every rule."""


_TOGETHER = {"count.behaviours": FieldType.INT}
"""How many different behaviours there are signals of."""


def fields_for(on: str) -> dict[str, FieldType]:
    """All fields of a rule on `risk` or on `signal`."""
    own = RISK_FIELDS if on == "risk" else SIGNAL_FIELDS
    return own | ENTITY_FIELDS | {_count_field(name): FieldType.INT for name in DETECTORS} | _TOGETHER


def risk_values(risk: Risk, *, may_widen: bool = True) -> dict[str, Value]:
    """Values of RISK_FIELDS. `may_widen` is what audits say of all of them together."""
    return {
        "risk.probability": risk.probability,
        "risk.score": risk.score,
        "risk.over_threshold": risk.over_threshold,
        "risk.independent_seeds": independent_seeds(risk.seeds),
        "risk.links_from_seeds": sum(seed.links_from for seed in risk.seeds),
        "risk.shared_followers": sum(seed.shared_followers for seed in risk.seeds),
        "risk.top_share": max((seed.share for seed in risk.seeds), default=0.0),
        "risk.factors": risk.factors,
        "risk.role": risk.role.value,
        "risk.lane": risk.lane.value,
        "risk.needs_person": risk.needs_person,
        "risk.wide_audience": risk.wide_audience,
        "risk.rests_on": risk.rests_on,
        "risk.sampled": risk.sampled is not None,
        "network.may_widen": may_widen,
    }


def signal_values(signal: Signal) -> dict[str, Value]:
    """Values of SIGNAL_FIELDS."""
    return {
        "signal.detector": signal.detector,
        "signal.version": signal.version,
        "signal.strength": signal.strength,
        "signal.evidence": signal.evidence,
    }


def entity_values(entity: str, facts: EntityFacts) -> dict[str, Value]:
    """Values of ENTITY_FIELDS and the counts. A detector that never saw the entity counts 0."""
    return {
        "entity.id": entity,
        "entity.kind": entity.partition(":")[0],
        "entity.confirmed": facts.label == "confirmed",
        "entity.cleared": facts.cleared,
        "entity.was_cleared": facts.was_cleared,
        "entity.suppressed": facts.suppressed,
        "entity.restriction": facts.restriction,
        "entity.lane": facts.lane,
        "entity.in_case": facts.in_case,
        **{_count_field(name): facts.counts.get(name, 0) for name in DETECTORS},
        "count.behaviours": sum(name in facts.counts for name in BEHAVIOURS),
    }


def independent_seeds(seeds: Iterable[SeedShare]) -> int:
    """How many confirmed accounts stand behind a score: those with a tenth or more of the largest share.

    Measured against the largest share and not against the whole, so that thirty equal seeds count thirty,
    and one seed with a crumb from another counts one.
    """
    best: dict[str, float] = {}
    for seed in seeds:
        best[seed.seed] = max(seed.share, best.get(seed.seed, 0.0))
    bar = max(best.values(), default=0.0) / 10
    return sum(share > 0 and share >= bar for share in best.values())


def _count_field(detector: str) -> str:
    return "count." + detector.replace("-", "_")
