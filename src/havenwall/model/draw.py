"""Draw: accounts chosen by lot for an audit, and what people found in them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import msgspec


class Part(StrEnum):
    """Where a bucket lies."""

    FLAGGED = "flagged"
    """Would be suppressed."""
    NEAR = "near"
    """Next below the threshold."""
    FAR = "far"
    """Everything else."""


class Bucket(msgspec.Struct, frozen=True, kw_only=True):
    """Accounts with neighbouring scores; the unit within which the sample is simple and random."""

    number: int
    """Position, 0 is the top."""
    part: Part
    size: int
    """How many accounts it holds, audited or not."""
    low: float
    """Lowest score in it."""
    high: float
    """Highest score in it."""


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """One account of a draw, as it was when it was drawn. What becomes of it later changes none of this."""

    entity: str
    bucket: int
    chance: float
    """Probability with which it was drawn, above 0 and at most 1."""
    score: float
    """The model's raw score at the draw."""
    probability: float
    """The model's own probability at the draw, before any audit spoke."""


class Draw(msgspec.Struct, frozen=True, kw_only=True):
    """A stratified sample of one scoring's candidates."""

    buckets: tuple[Bucket, ...]
    """All buckets of the population that was drawn from."""
    drawn: tuple[Drawn, ...] = ()
    """In an order of which any beginning is a fair sample of each bucket. Empty where names may not go."""
    before: str = ""
    """Id of the scoring with the draw before this one; empty for the first."""


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A draw with what people have decided on its accounts since."""

    run_id: str
    at: datetime
    threshold: float
    """On the raw score of that scoring."""
    held_out_recall: float
    """Of that scoring."""
    seeds: int
    """Of that scoring."""
    draw: Draw
    answers: tuple[bool | None, ...]
    """One for each drawn account: whether it is a member, None while no person has decided."""

    @property
    def open(self) -> int:
        """Drawn accounts that nobody has decided on."""
        return sum(answer is None for answer in self.answers)

    @property
    def flagged(self) -> int:
        """Accounts that would have been suppressed when it was drawn."""
        return sum(bucket.size for bucket in self.draw.buckets if bucket.part is Part.FLAGGED)
