"""Adapter: the one door between the audit's test accounts and a platform's recommender.

A platform writes one to be audited: six methods, all of them over many test accounts at once, because a
call over a network or into another process costs the same for one account as for a thousand. An adapter
is told what test accounts do and answers what they would be shown. It never learns which accounts belong
to a network: that is kept by the `LabelService`, which no adapter is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

import msgspec


class AuditSurface(StrEnum):
    """A place of the platform that is audited."""

    ACCOUNTS = "accounts"
    """Accounts offered to follow."""
    CONTENT = "content"
    """Posts, media and streams the platform chose."""
    GROUPS = "groups"
    """Groups offered to join."""
    TAGS = "tags"
    """Tags offered to follow."""
    AUTOCOMPLETE = "autocomplete"
    """Completions of what was typed so far."""
    SEARCH = "search"
    """Answers to a query."""


ASKED_WITH_WORDS = frozenset({AuditSurface.AUTOCOMPLETE, AuditSurface.SEARCH})
"""Surfaces that answer what somebody typed."""


class ActKind(StrEnum):
    """What a test account can do."""

    FOLLOW = "follow"
    """Follow an account or a tag, or join a group."""
    LIKE = "like"
    VIEW = "view"
    SEARCH = "search"
    """Type a query; its target is the words."""


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """How a test account introduces itself to the platform."""

    name: str
    """Of the test account, unique within an arm; the same in every arm."""
    viewer: str = "ordinary"
    """`ordinary` or `minor`: what the platform is told, or believes."""


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One look of one test account at one surface."""

    account: str
    """As `Adapter.create_accounts` named it."""
    surface: AuditSurface
    k: int
    """Places wanted."""
    query: str = ""
    """What was typed, on surfaces that answer words."""


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """One thing a test account does."""

    account: str
    kind: ActKind
    target: str
    """The entity's id as the platform gave it; for a search, the words."""


class Adapter(Protocol):
    """A recommender under audit."""

    @property
    def name(self) -> str:
        """What reports call it."""
        ...

    @property
    def surfaces(self) -> frozenset[AuditSurface]:
        """The surfaces it can be asked for."""
        ...

    def snapshot_id(self) -> str:
        """Which state of model and data answers, such as a version or a hash; part of the evidence."""
        ...

    def reset(self, seed: int) -> None:
        """Forget all test accounts. `seed` makes what is random in the platform repeatable, where it can be.

        Raises:
            SourceFailed: the platform did not answer, or not as documented.
        """
        ...

    def create_accounts(self, profiles: Sequence[Profile]) -> list[str]:
        """New test accounts; the ids by which the platform calls them, in order.

        Raises:
            SourceFailed: the platform did not answer, or not as documented.
        """
        ...

    def recommend(self, asks: Sequence[Ask]) -> list[list[str]]:
        """For each ask at most k entity ids, best first, none that the test account follows already.

        Fewer than k means that the platform has no more.

        Raises:
            SourceFailed: the platform did not answer, or not as documented.
        """
        ...

    def act(self, acts: Sequence[Act]) -> None:
        """Let test accounts do things, in order; what they are shown next may depend on it.

        Raises:
            SourceFailed: the platform did not answer, or not as documented.
        """
        ...
