"""What the behaviour stage asks of the store."""

from __future__ import annotations

from typing import Protocol

import polars as pl


class BehaviourView(Protocol):
    """The journal as a stream that can be read again from the start."""

    def done(self) -> int:
        """The position up to which the stage's signals are kept; 0 before the first time."""
        ...

    def read(self, after: int, limit: int) -> tuple[pl.DataFrame, int]:
        """Events (`EVENT_SCHEMA`) after a position, about `limit` of them, and the new position.

        No events: there are no more, and the position is the old one.
        """
        ...
