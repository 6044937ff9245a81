"""The reason that a person gives for a step, for the history and for appeals."""

from __future__ import annotations

from havenwall.errors import BadInput

LONGEST_REASON = 2000
"""Characters."""


def reason_of(why: str) -> str:
    """The reason without the space around it.

    Raises:
        BadInput: it is empty or too long.
    """
    if not why.strip() or len(why) > LONGEST_REASON:
        raise BadInput(f"give a reason, up to {LONGEST_REASON} characters", field="why")
    return why.strip()
