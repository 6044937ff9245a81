"""What network scoring needs to see of the store."""

from __future__ import annotations

from typing import Protocol

import polars as pl


class NetworkView(Protocol):
    """The links as they stand now, and what people have concluded about accounts."""

    def links(self) -> pl.DataFrame:
        """Columns `entity`, `target`, `link`, `weight`; links taken back by an `unlink` left out."""
        ...

    def seeds(self) -> list[str]:
        """Names of the accounts that are confirmed members."""
        ...

    def cleared(self) -> list[str]:
        """Names of the accounts that are cleared."""
        ...

    def profiles(self) -> pl.DataFrame:
        """What the platform said of accounts: `entity`, `created` (Datetime us UTC), `minor` and `verified`
        (Boolean, null where it said nothing), `reports` (how many people reported it), `signal` (0..1, the
        strongest content signal of its own)."""
        ...
