"""What audits say of the accounts that rules suppress."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec

from havenwall.errors import BadConfig
from havenwall.model.draw import Part


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """An estimated share of accounts, 0..1, with its interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.1%} ({self.low:.1%} to {self.high:.1%})"


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What audits say about a set of flagged accounts."""

    precision: Share
    """Members among the flagged."""
    recall: Share
    """Flagged members among all members. Wide unless far accounts were audited by the thousand: members are
    so rare there that some hundred audits cannot rule out that many are missed."""
    recall_reported: Share
    """Flagged members among the members in the flagged and near buckets."""
    members: float
    """Estimated members everywhere."""
    buckets: tuple[Share, ...]
    """Share of members in each bucket, top first."""
    flagged: int
    """Flagged accounts."""
    audits: int
    """Audits of flagged accounts."""
    correlation: float
    """Estimated correlation of outcomes within clusters; 0 without clusters."""
    level: float
    """Level of all intervals."""


class BucketRow(msgspec.Struct, frozen=True, kw_only=True):
    """One bucket of a draw behind the estimate."""

    drawn_at: datetime
    part: Part
    low: float
    """Lowest score in it at the draw."""
    high: float
    size: int
    audits: int
    members: int
    """Members among the audited."""
    share: Share
    """Share of members in the bucket."""


class Kind(StrEnum):
    """What is watched."""

    PRECISION = "reviewed precision"
    RECALL = "recall of held-out seeds"


class Band(msgspec.Struct, frozen=True, kw_only=True):
    """Where a share should be, both ends included."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= 1:
            raise BadConfig("needs 0 <= low <= high <= 1", field="low")

    def __str__(self) -> str:
        return f"{self.low:.0%} to {self.high:.0%}"


class Alarm(msgspec.Struct, frozen=True, kw_only=True):
    """A share has left its band."""

    kind: Kind
    since: datetime
    """Reading from which on the evidence speaks of a change."""
    value: float
    """Share found since then."""
    band: Band
    message: str
    """One sentence for a person."""


class Gate(msgspec.Struct, frozen=True, kw_only=True):
    """Whether rules may suppress further accounts."""

    may_widen: bool
    approved: int
    """How many flagged accounts audits have last found good enough; 0 before they spoke."""
    why: str
    """One sentence for a person."""


class PrecisionReport(msgspec.Struct, frozen=True, kw_only=True):
    """What audits say. No account is named."""

    draws: int
    """Draws looked at."""
    drawn: int
    """Accounts in them."""
    answered: int
    """Of these: decided by a person since."""
    counted: int
    """Of these: without a gap before them in their draw."""
    open: int
    """Accounts of the newest draw that wait for a person."""
    missing: int
    """Answers still needed before audits stop rules."""
    missing_to_fit: int
    """Answers still needed before audits set probabilities."""
    estimate: Estimate | None
    """Of the accounts flagged at the newest draws with enough answers; None before any draw counts."""
    buckets: tuple[BucketRow, ...]
    """Of the draws behind the estimate."""
    target: float
    gate: Gate
    calibrated: bool
    """Whether the newest scoring's probabilities rest on audits."""
    alarms: tuple[Alarm, ...]
