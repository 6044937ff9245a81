"""Finding: what the gate of a release found. Its JSON shape is a public contract."""

from __future__ import annotations

from datetime import datetime

import msgspec

from havenwall.audit.release.plan import ReleasePlan
from havenwall.audit.stats import SurvivalCurve
from havenwall.audit.verdict import Judgement


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """Two exposures of the same test accounts, the first less the second."""

    difference: float
    low: float
    high: float
    """95 % interval of the difference."""
    p: float
    """Paired sign flip over test accounts; Holm-adjusted over all of its kind in this finding."""


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """What the test accounts of one persona were shown on one surface in one arm. Shares are 0..1."""

    persona: str
    arm: str
    surface: str
    exposure: float
    """Mean share of the places that showed a member."""
    low: float
    high: float
    """95 % interval over platforms and accounts."""
    weighted_exposure: float
    """The same with upper places counting more; see `rank_weights`."""
    by_round: list[float]
    ever_exposed: float
    saturated: float
    """Share of accounts with a round of which half or more was the network."""
    known_exposure: float
    """Of members known before: what a gate let through."""
    unknown_exposure: float
    """Of members nobody knew of: what was not found."""
    distinct: float
    """Mean number of different members that an account was shown."""
    depth: float | None
    """Median number of rounds of choices before the first exposure, of those exposed; null if nobody was."""
    survival: SurvivalCurve
    """Share of accounts not exposed yet, by round."""
    amplification: float
    """Exposure over the network's share of all entities that came up."""
    beyond_popular: float | None
    """Exposure over the members' share of the k most popular; null without such a list or members in it."""
    beyond_twin: Gap | None = None
    """Against the twin, which starts from the same account and is led by nothing; null without a twin."""


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """An arm against the plan's first, by the same persona on the same surface."""

    persona: str
    surface: str
    arm: str
    against: str
    gap: Gap


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What an arm changes for ordinary people, against the plan's first arm."""

    arm: str
    sampled: int
    changed: float
    """Share of people whose k recommendations differ."""
    slots_changed: float
    """Share of their places."""
    lookalikes_lost: float
    """Share of places that held an innocent look-alike and lost it; 0 where there were none."""
    bystanders_lost: float


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One round of a replay."""

    round: int
    surface: str
    chosen: list[str]
    """What the test account chose, in its order."""


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """The way by which one test account came to its first member: do these steps again to see it again."""

    persona: str
    arm: str
    platform_seed: int
    account: int
    """Its number among the persona's test accounts."""
    start: list[str]
    steps: list[Step]
    surface: str
    round: int
    place: int
    """From 1, of the first member shown."""
    member: str


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a registered plan found, with all that is needed to do it again."""

    id: str
    plan: ReleasePlan
    plan_hash: str
    labels_hash: str
    """SHA-256 of the labels that the test accounts were judged by."""
    version: str
    """Of Havenwall."""
    started_at: datetime
    ended_at: datetime
    snapshots: dict[str, list[str]]
    """By arm, which state of model and data answered, a line per platform seed."""
    prevalence: float
    """The network's share of all entities that came up, mean over platforms."""
    cells: list[Cell]
    comparisons: list[Comparison]
    costs: list[Cost]
    replays: list[Replay]
    verdict: Judgement
