"""Checks of the numbers in a plan."""

from __future__ import annotations

from havenwall.errors import BadInput

Whole = tuple[tuple[str, int, int], ...]
"""Field, least and greatest allowed value."""


def check_whole(plan: object, fields: Whole) -> None:
    """Do nothing if each of these whole numbers is within its range.

    Raises:
        BadInput: one is not; names the field and what to do.
    """
    for field, low, high in fields:
        if not low <= getattr(plan, field) <= high:
            hint = f"set {field} to a whole number from {low} to {high:,}"
            raise BadInput(f"{getattr(plan, field)} is out of range", field=field, hint=hint)


def check_known_share(share: float) -> None:
    """Do nothing if some of the network is known beforehand, and not all.

    Raises:
        BadInput: none or all of it is.
    """
    if not 0 < share < 1:
        hint = "set known_share between 0 and 1, such as 0.3"
        raise BadInput(f"{share} is out of range", field="known_share", hint=hint)
