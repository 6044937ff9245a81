"""The terms stage: proposes new terms and variants of listed ones to a person, and enters nothing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Protocol

import msgspec
import polars as pl

from havenwall.detect.terms.config import DiscoveryConfig
from havenwall.detect.terms.discover import find_terms
from havenwall.detect.terms.speech import uses_of
from havenwall.engine import Batch, Output, Stream
from havenwall.model import TermProposal, TermState, now

EVERY = timedelta(hours=1)
"""Least time between two searches of a process: each reads all posts."""


class TermView(Protocol):
    """What the search may see of the store."""

    def mark(self) -> object:
        """Changes when something was said, or scored."""
        ...

    def spoken(self, window: timedelta) -> pl.DataFrame:
        """Posts, profiles, descriptions of groups and uses of tags, with the texts of a window at the end."""
        ...

    def network(self) -> frozenset[str]:
        """Accounts that are confirmed or over the threshold."""
        ...

    def proposals(self) -> list[TermProposal]:
        """All proposals there are."""
        ...


class TermStage:
    """From what was said to proposals."""

    name = "terms"
    reads = (Stream.EVENT, Stream.RISK, Stream.REVIEW)
    notice_only = True

    def __init__(
        self,
        view: TermView,
        listed: Callable[[], Mapping[str, datetime]],
        config: DiscoveryConfig | None = None,
    ) -> None:
        """`listed`: gives the terms of the operator's lists as they are now, and since when each is there."""
        self._view, self._listed = view, listed
        self._config = config or DiscoveryConfig()
        self._last: tuple[object, datetime] | None = None

    def run(self, batch: Batch) -> Output:
        """One search, if there is news and the last one was a while ago."""
        mark, at = self._view.mark(), now()
        if not len(batch) or (self._last and (mark == self._last[0] or at - self._last[1] < EVERY)):
            return Output()
        self._last = mark, at
        return Output(proposals=self.search(at))

    def search(self, at: datetime) -> tuple[TermProposal, ...]:
        """New and changed proposals by what is known now; a term that a person decided on stays as it is.

        A rejected one is opened again when several times as many accounts of the network use it.
        """
        network = self._view.network()
        if not network:
            return ()
        spoken = self._view.spoken(self._config.window)
        found = find_terms(
            uses_of(spoken, network), network, self._listed(), _newest(spoken, at), self._config
        )
        return tuple(self._news(found, at))

    def _news(self, found: list[TermProposal], at: datetime) -> Iterator[TermProposal]:
        known = {one.id: one for one in self._view.proposals()}
        for one in found:
            old, one = known.get(one.id), msgspec.structs.replace(one, proposed_at=at, seen_at=at)
            if old is None:
                yield one
            elif old.state is TermState.OPEN and old.evidence != one.evidence:
                yield msgspec.structs.replace(one, version=old.version + 1, proposed_at=old.proposed_at)
            elif old.state is TermState.REJECTED and self._grown(old, one):
                yield msgspec.structs.replace(one, version=old.version + 1, decided_on=old.decided_on)

    def _grown(self, old: TermProposal, new: TermProposal) -> bool:
        before = old.decided_on or old.evidence
        return new.evidence.network >= self._config.regrown * max(before.network, 1)


def _newest(spoken: pl.DataFrame, at: datetime) -> datetime:
    # The window ends with what was said last: a feed that is behind must not look like silence.
    newest = spoken["at"].max()
    return min(newest, at) if isinstance(newest, datetime) else at
