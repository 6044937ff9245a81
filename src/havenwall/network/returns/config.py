"""Settings of the search for returns."""

from __future__ import annotations

import msgspec

from havenwall.errors import BadConfig
from havenwall.network.returns.sets import Kind

HUBS = {
    Kind.FOLLOWS: 400,
    Kind.AUDIENCE: 400,
    Kind.MEDIA: 50,
    Kind.CONTACT: 20,
    Kind.CIRCLES: 400,
}
"""As many accounts share something, and it says nothing. A contact of 20 accounts is a shop, a school or a
link service; an account followed by 400 is one that many follow anyway."""


class ReturnConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How returns are looked for."""

    threshold: float = 0.5
    """Least probability of a return that is told."""
    least: float = 0.001
    """Pairs less likely than this by themselves are forgotten at once."""
    kinds: int = 2
    """Least number of independent kinds of evidence; a name alone, or a contact alone, is a family's too."""
    present: float = 0.5
    """A kind counts as present when it adds this much to the log-odds."""
    successors: int = 1
    """At most this many returns of one former account. A newcomer is the return of one former at most."""
    shortlist: int = 10
    """Former accounts compared with a newcomer for each kind they are found by, audience and contacts."""
    sketch: int = 64
    """Elements kept of each set to find them by."""
    hubs: dict[Kind, int] = msgspec.field(default_factory=HUBS.copy)
    """Accounts that may share an element before it counts for nothing, by kind."""
    return_days: float = 10.0
    """Median days from a removal to the new account."""
    return_spread: float = 1.2
    """Sigma of that log-normal delay."""
    backup_days: float = 45.0
    """Median days by which a backup is older than the removal."""
    backup_spread: float = 0.8
    """Sigma of that log-normal lead."""
    window_days: float = 365.0
    """An account that has nothing to do with a removal is created on any of this many days around it."""

    def __post_init__(self) -> None:
        for name in ("threshold", "least"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadConfig("must be between 0 and 1", field=name)
        for name in ("kinds", "successors", "shortlist", "sketch"):
            if getattr(self, name) < 1:
                raise BadConfig("must be 1 or more", field=name)
        for name in ("return_days", "return_spread", "backup_days", "backup_spread", "window_days"):
            if getattr(self, name) <= 0:
                raise BadConfig("must be above 0", field=name)
        if missing := set(HUBS) - set(self.hubs):
            raise BadConfig(f"no bound for {sorted(missing)[0]}", field="hubs", hint="name every kind of set")
