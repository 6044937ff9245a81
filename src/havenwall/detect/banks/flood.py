"""When an entry matches far too much all of a sudden: most often a plain picture that got onto a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WINDOW: Final = 7 * 24
"""Hours before the present one that say what is usual."""
_TIMES: Final = 10
"""So many times the usual is sudden."""


def is_flood(hours: Mapping[int, int], hour: int, most: int) -> bool:
    """Whether an entry's matches in an hour are more than `most` and ten times its usual.

    Args: `hours`: matches by the number of the hour, hours without any left out. `most` 0: never.
    """
    present = hours.get(hour, 0)
    before = sum(count for at, count in hours.items() if hour - WINDOW <= at < hour)
    return 0 < most < present and present * WINDOW > _TIMES * before
