"""Checks that the numbers a platform is made from are possible."""

from __future__ import annotations

from havenwall.errors import BadConfig

Ranges = tuple[tuple[str, float, float], ...]
"""Field, least and largest value."""
Misfits = tuple[tuple[str, bool, str], ...]
"""Field, whether it does not fit the others, and the remedy."""


def check_ranges(config: object, ranges: Ranges, misfits: Misfits) -> None:
    """Do nothing if every number is within its range and all fit together.

    Raises:
        BadConfig: one is not; names the field and the remedy.
    """
    for field, low, high in ranges:
        value = getattr(config, field)
        if not low <= value <= high:
            raise BadConfig(f"{value} is out of range", field=field, hint=f"use {low} to {high}")
    for field, wrong, hint in misfits:
        if wrong:
            raise BadConfig(f"{getattr(config, field)} does not fit the rest", field=field, hint=hint)
