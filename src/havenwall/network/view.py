"""What network scoring needs to see of the store."""

from __future__ import annotations

from typing import Protocol

import polars as pl

from havenwall.model import Answered, ScoreRun


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


class DiscoverView(Protocol):
    """What discovery without confirmed accounts needs to see: links, labels, and signals in short."""

    def links(self) -> pl.DataFrame:
        """As for `NetworkView`."""
        ...

    def seeds(self) -> list[str]:
        """Names of the accounts that are confirmed members."""
        ...

    def cleared(self) -> list[str]:
        """Names of the accounts that are cleared."""
        ...

    def signals(self) -> pl.DataFrame:
        """Columns `entity`, `detector`, `strength`: the strongest signal of each detector on each account,
        those of detector `community` left out."""
        ...

    def mark(self) -> tuple[int, int]:
        """Position of the newest signal that is not of detector `community`, and about how many link events
        there are. Cheap."""
        ...

    def communities(self) -> dict[str, str]:
        """The community that each account was told to be of, by account."""
        ...


class AuditView(Protocol):
    """The draws for audits so far, and what people answered."""

    def newest_run(self) -> ScoreRun | None:
        """The newest scoring."""
        ...

    def draws(self, limit: int) -> list[Answered]:
        """The newest draws, newest first, each with the answers that stand now."""
        ...

    def flagged(self, run_id: str) -> set[str]:
        """Accounts that a scoring put over its threshold and not into the protective lane, without those that
        have been confirmed or cleared since."""
        ...


class ReturnsView(Protocol):
    """What the search for returns of removed accounts needs to see."""

    def confirmed(self) -> list[str]:
        """Names of the accounts that are confirmed members, removed ones too."""
        ...

    def removed(self) -> pl.DataFrame:
        """Columns `entity`, `at` (Datetime us UTC): the accounts that are gone, and since when."""
        ...

    def mark(self) -> tuple[int, int]:
        """Changes whenever `history` or `removed` could be different. Cheap."""
        ...

    def history(self) -> pl.DataFrame:
        """Columns `type`, `at`, `entity`, `target`, `link`, `text`, `attributes` of all link, unlink, account
        and removed events, oldest first."""
        ...
