"""Moments that a form sends."""

from __future__ import annotations

from datetime import UTC, datetime

from havenwall.errors import BadInput


def moment_of(sent: str) -> datetime:
    """A moment from a form, in UTC: as it says, or as if it said UTC where it names no offset.

    Raises:
        BadInput: it is none; names the field `until`.
    """
    try:
        at = datetime.fromisoformat(sent)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as problem:
        raise BadInput("must be a date and a time", field="until") from problem
