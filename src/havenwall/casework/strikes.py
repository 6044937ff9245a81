"""Strikes: counted anew from the history of decisions each time, so that nothing can be counted twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import MappingProxyType

import msgspec
import yaml

from havenwall.errors import BadConfig
from havenwall.model import Decision, Verb

_STRIKE = (Verb.CONFIRM, Verb.RESTRICT, Verb.REMOVE)
_AWAY = (Verb.CLEAR, Verb.LIFT, Verb.CARE)
"""Verbs that take strikes away: a successful appeal is one of the first two."""


class Threshold(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From how many points on a step is recommended. Nobody takes it but a person."""

    points: float
    step: Verb


class StrikePolicy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How strikes are weighed."""

    weights: dict[str, float] = {}
    """By the platform's policy that was broken."""
    otherwise: float = 1.0
    """Where no policy was named, or one without a weight."""
    days: int = 180
    """A strike counts for so long."""
    thresholds: tuple[Threshold, ...] = (
        Threshold(points=2, step=Verb.RESTRICT),
        Threshold(points=4, step=Verb.REMOVE),
    )


class Strike(msgspec.Struct, frozen=True, kw_only=True):
    """One strike."""

    decision_id: str
    at: datetime
    policy: str | None
    weight: float
    expires_at: datetime
    counts: bool
    """Whether it counts now: neither expired nor taken away."""
    why_not: str = ""


class StrikeTally(msgspec.Struct, frozen=True, kw_only=True):
    """The strikes of one entity, oldest first, and what they recommend."""

    strikes: tuple[Strike, ...]
    points: float
    recommends: Verb | None


def count_strikes(
    decisions: Iterable[Decision],
    entity: str,
    policy: StrikePolicy,
    at: datetime,
    families: Mapping[str, str] = MappingProxyType({}),
) -> StrikeTally:
    """The strikes that decisions of persons on an entity amount to at a moment.

    A pure function of the history: the same decisions, in any order and any number of times, give the same.
    Each decision that the entity breaks a rule is one strike for its policy; deciding further on the same
    case and policy (confirm, then restrict, then remove) is the same one. A later decision to clear, lift or
    offer care takes away all strikes of that case; the lift of an expired restriction does not.

    Args: `families`: for cases that were merged or split, the one that stands for them; they count as one.
    """
    mine = {d.id: d for d in decisions if entity in d.entities and d.at <= at}
    strikes: dict[tuple[str | None, str | None], Strike] = {}
    gone: dict[str, Strike] = {}
    for decision in sorted(mine.values(), key=lambda d: (d.at, d.id)):
        case = families.get(decision.case_id or "", decision.case_id)
        place = (case, decision.policy)
        if decision.verb in _STRIKE and decision.by_person and place not in strikes:
            strikes[place] = _strike(decision, policy, at)
        elif decision.verb in _AWAY and decision.by_person:
            for other in [key for key in strikes if key[0] == case]:
                taken = strikes.pop(other)
                gone[taken.decision_id] = _taken(taken, decision)
    found = tuple(sorted((*strikes.values(), *gone.values()), key=lambda s: (s.at, s.decision_id)))
    points = sum(strike.weight for strike in found if strike.counts)
    return StrikeTally(strikes=found, points=points, recommends=_recommended(policy, points))


def load_strikes(path: Path | None) -> StrikePolicy:
    """The operator's weights and thresholds (YAML), or those that come with Havenwall.

    Raises:
        BadConfig: the file cannot be read or is not of that shape.
    """
    if path is None:
        return StrikePolicy()
    try:
        policy = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), StrikePolicy)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, msgspec.ValidationError) as problem:
        raise BadConfig(f"cannot read {path}: {problem}", field="strikes") from problem
    if policy.days < 1 or min((*policy.weights.values(), policy.otherwise)) < 0:
        raise BadConfig("days must be 1 or more, weights 0 or more", field="strikes")
    return policy


def _strike(decision: Decision, policy: StrikePolicy, at: datetime) -> Strike:
    expires = decision.at + timedelta(days=policy.days)
    return Strike(
        decision_id=decision.id,
        at=decision.at,
        policy=decision.policy,
        weight=policy.weights.get(decision.policy or "", policy.otherwise),
        expires_at=expires,
        counts=expires > at,
        why_not="" if expires > at else "expired",
    )


def _taken(strike: Strike, decision: Decision) -> Strike:
    words = {Verb.CLEAR: "cleared", Verb.LIFT: "lifted", Verb.CARE: "gets care"}
    return msgspec.structs.replace(strike, counts=False, why_not=words[decision.verb])


def _recommended(policy: StrikePolicy, points: float) -> Verb | None:
    crossed = [t for t in policy.thresholds if points >= t.points]
    return max(crossed, key=lambda t: t.points).step if crossed else None
