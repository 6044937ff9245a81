"""Settings of audits: how many, when again, and what their answers decide."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from havenwall.errors import BadConfig
from havenwall.network.precision.plan import SamplingPlan

_LEAST = 20
"""A smaller draw would leave buckets without an audit."""


class AuditConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How the precision of what is flagged is kept under watch."""

    size: int = 60
    """Accounts per draw; 0 draws none."""
    enough: int = 100
    """Answers before audits stop rules; with fewer only the quotas do."""
    to_fit: int = 150
    """Answers before audits set probabilities. With fewer, the model's own were nearer the truth: on five
    hard sandboxes their mean error was .010 against .014 with 120 answers, and .007 for both with 180."""
    most: int = 600
    """The newest answers that probabilities are fitted to."""
    target: float = 0.8
    """Precision that suppression must have."""
    factor: float = 1.5
    """Rules may flag so many times the accounts that audits have approved, no more."""
    changed: float = 0.2
    """Share of the flagged accounts that must have changed for a new draw before the last one is answered."""
    patience: timedelta = timedelta(days=1)
    """Such a draw waits at least so long, unless the flagged accounts have grown by `factor`."""
    history: int = 40
    """Newest draws that are looked at."""
    reference: int = 50
    """Audits of flagged accounts, oldest first, that set the band of the drift alarm."""
    plan: SamplingPlan = SamplingPlan()

    def __post_init__(self) -> None:
        if self.size and self.size < _LEAST:
            raise BadConfig(f"must be 0 or at least {_LEAST}", field="size")
        if not 0 < self.target < 1:
            raise BadConfig("must be between 0 and 1", field="target")
        if self.factor < 1 or self.changed <= 0 or self.enough < 1 or self.history < 1:
            raise BadConfig("needs a factor from 1, and others above 0", field="factor, changed, enough")
