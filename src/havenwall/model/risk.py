"""Risk: how likely an account belongs to a network, and why."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.model.draw import Draw


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
    """To no queue by itself. Over the threshold it is brought to a person (see `needs_person`); what happens
    to it meanwhile is for the rules to say."""


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


class ThingUse(msgspec.Struct, frozen=True, kw_only=True):
    """Who uses a group, tag, live stream, domain or media: what its risk was counted from."""

    users: int
    """Accounts that use it."""
    confirmed: int
    """Confirmed ones of them."""
    likely: int
    """Likely members that are not confirmed."""
    hands: int
    """Hands with a confirmed or likely member: accounts that share a contact count once."""
    base: float
    """Share of members among all accounts that use a thing of the kind, 0..1."""
    top: tuple[str, ...] = ()
    """Confirmed users, then the most likely ones; a few of them."""


class Risk(msgspec.Struct, frozen=True, kw_only=True):
    """How likely `entity` belongs to the network around the confirmed accounts."""

    id: str
    run_id: str
    entity: str
    probability: float
    """Calibrated on held-out seeds, and on audits once there are enough, 0..1."""
    low: float | None = None
    """Lower end of the 95 % interval of `probability`; None before there are audits to tell it from."""
    high: float | None = None
    """Upper end of it."""
    sampled: float | None = None
    """The probability with which it was drawn for an audit; None if it was not drawn."""
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
    wide_audience: bool = False
    """Whether far more accounts follow it than follow confirmed accounts: what the model says of such an
    account is extrapolated, and hiding it in error would be noticed by many."""
    role_evidence: tuple[str, ...] = ()
    """Sentences on what tells its role from the next likeliest one."""
    rests_on: int = 0
    """How many confirmed accounts would have to be taken back, strongest first, before it falls under the
    threshold; 0 if it is under it."""
    reasons: tuple[str, ...] = ()
    """Sentences on why it has its score, the weightiest first."""
    use: ThingUse | None = None
    """Who uses it, if this is the risk of a thing and not of an account; `probability` is then the share of
    its users who are members, and nothing is done about it by a machine."""


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
    doubt: str = ""
    """Why no rule should hide anybody by this scoring; empty if there is no such reason."""
    flagged: int = 0
    """How many rules may suppress: over the threshold, and not in the protective lane."""
    draw: Draw | None = None
    """The accounts drawn for an audit in this scoring; None if none were."""
    drawn_in: str = ""
    """Id of the newest scoring with a draw, this one included; empty before the first."""
    may_widen: bool = True
    """Whether audits let rules suppress further accounts; True too while there are too few to tell."""
    approved: int = 0
    """How many flagged accounts audits have last found good enough to suppress; 0 before they spoke."""
    calibrated: bool = False
    """Whether audits set the probabilities."""
    alarms: tuple[str, ...] = ()
    """What left its band, a sentence each."""
    seconds: float = 0.0
