"""Risk: how likely an account belongs to a network, and why."""

from __future__ import annotations

from datetime import datetime

import msgspec


class SeedShare(msgspec.Struct, frozen=True, kw_only=True):
    """What one confirmed account contributes to a risk."""

    seed: str
    """Entity of the confirmed account."""
    share: float
    """Its share of all seed evidence, 0..1."""
    links_to: int = 0
    """Links from the scored account to this seed."""
    links_from: int = 0
    """Links from this seed to the scored account."""
    shared_followers: int = 0
    """Accounts that follow both."""


class Risk(msgspec.Struct, frozen=True, kw_only=True):
    """How likely `entity` belongs to the network around the confirmed accounts."""

    id: str
    run_id: str
    entity: str
    probability: float
    """Calibrated on held-out seeds, 0..1."""
    score: float
    """The model's raw score (log-odds); orders accounts within a run."""
    over_threshold: bool
    """Whether the score reaches the threshold that held-out seeds set."""
    at: datetime
    seeds: tuple[SeedShare, ...] = ()
    """The confirmed accounts that contribute most, largest first."""
    factors: dict[str, float] = {}
    """Each feature's contribution to the log-odds."""


class ScoreRun(msgspec.Struct, frozen=True, kw_only=True):
    """One scoring of the whole graph: what went in and what came out."""

    id: str
    at: datetime
    model: str
    version: str
    accounts: int
    links: int
    seeds: int
    cleared: int
    threshold: float
    """On the raw score."""
    over_threshold: int
    held_out_recall: float
    """Share of seeds found again when their own fold is hidden."""
    coefficients: dict[str, float] = {}
    seconds: float = 0.0
