"""One byte for what is known of an entity, so that policy is a table lookup."""

from __future__ import annotations

from typing import Final

from havenwall.model import Restriction

RESTRICTIONS: Final = (
    Restriction.NONE,
    Restriction.SUPPRESSED,
    Restriction.RESTRICTED,
    Restriction.REMOVED,
)
"""Their codes are written in snapshot files; a change of order needs a new snapshot format."""

UNKNOWN: Final = 0
"""No entry. Not the same as clean: a surface that fails closed drops it when the data is too old."""

RESTRICTING: Final = 1 + 2 * RESTRICTIONS.index(Restriction.SUPPRESSED)
"""The lowest code of an entity under any restriction."""

NO_CANDIDATE: Final = 1 + 2 * len(RESTRICTIONS)
"""Not an entity at all: an index below 0 or beyond the universe."""

CODES: Final = NO_CANDIDATE + 1
"""How many codes there are."""


def code_of(restriction: Restriction, *, confirmed: bool) -> int:
    """The code of an entity with this standing, 1 to 8."""
    return 1 + 2 * RESTRICTIONS.index(restriction) + confirmed
