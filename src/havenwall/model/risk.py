"""Risk: how likely an account belongs to a network, and why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class NetworkRole(StrEnum):
    """What part an account seems to play near a network. A guess to help a person, never a finding."""

    TRADER = "trader"
    """Offers, and is followed for it."""
    BUYER = "buyer"
    """Follows traders; most of what it follows is ordinary."""
    HUB = "hub"
    """Ties many members together: promotes them, or is followed by all of them."""
    VICTIM = "victim"
    """Possibly a minor or a victim: sought out by buyers, hardly answers."""
    PRESS = "press"
    """Watches many members and is not watched back: press, researchers, police, NGOs."""
    LOOKALIKE = "lookalike"
    """A lawful creator who shares part of the audience."""
    ORDINARY = "ordinary"
    """Nothing of the kind."""


class Lane(StrEnum):
    """Where an account goes from here."""

    ENFORCEMENT = "enforcement"
    """To suppression and to reviewers of the network."""
    PROTECTIVE = "protective"
    """To care and review; never restricted by a machine."""
    NONE = "none"
    """Nowhere: no action and no queue."""


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
    without: float | None = None
    """What the score would be if this account had not been confirmed; None where it was not worked out."""


class SharedThing(msgspec.Struct, frozen=True, kw_only=True):
    """A tag, group, media or contact that an account uses and confirmed accounts use too."""

    entity: str
    confirmed: int
    """Confirmed accounts that use it."""
    users: int
    """All accounts that use it."""
    weight: float
    """Logarithm of how much oftener confirmed accounts use it than everybody does."""


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
    """By how much the score would fall if a feature were that of an average account."""
    things: tuple[SharedThing, ...] = ()
    """The shared things that say most, weightiest first."""
    role: NetworkRole = NetworkRole.ORDINARY
    """The part it seems to play. A guess to help a person."""
    role_chance: float = 0.0
    """Probability of that role, 0..1."""
    lane: Lane = Lane.NONE
    """Where it goes from here."""
    needs_person: bool = False
    """Whether a person must decide and no machine may."""
    role_evidence: tuple[str, ...] = ()
    """Sentences on what tells its role from the next likeliest one."""
    rests_on: int = 0
    """How many confirmed accounts would have to be taken back, strongest first, before it falls under the
    threshold; 0 if it is under it."""
    reasons: tuple[str, ...] = ()
    """Sentences on why it has its score, the weightiest first."""


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
    """What each feature adds to the mean score of held-out seeds."""
    members: float = 0.0
    """Estimated number of members not yet known, on the low side."""
    lanes: dict[str, int] = {}
    """How many candidates are in each lane."""
    seconds: float = 0.0
