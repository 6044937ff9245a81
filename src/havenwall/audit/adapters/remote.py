"""RemoteAdapter: a recommender outside this process, whatever carries the questions there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, Self, TypeVar

import msgspec

from havenwall.audit.adapter import Act, ActKind, Ask, AuditSurface, Profile
from havenwall.audit.adapters.history import new_ones
from havenwall.audit.adapters.wire import (
    ANSWERS,
    AccountsAnswer,
    AccountsRequest,
    ActsRequest,
    RecommendAnswer,
    RecommendRequest,
    ResetRequest,
    Route,
    SnapshotAnswer,
    SurfacesAnswer,
    read,
    wrong,
)
from havenwall.errors import BadInput

T = TypeVar("T")
AT_ONCE = 250
"""Asks, acts or profiles in one question: bounds its size, and what one time-out may lose."""


class Carrier(Protocol):
    """Takes a question to the recommender and brings the answer."""

    def carry(self, route: Route, content: bytes) -> tuple[str, bytes]:
        """Where the answer came from, for errors, and the answer as JSON.

        Raises:
            SourceFailed: there was no answer, too large a one, or one that says what failed.
        """
        ...

    def close(self) -> None:
        """End the connection, or the process."""
        ...


class RemoteAdapter:
    """Test accounts of a recommender outside this process. Close it, or use it in a `with`.

    Each answer is checked against what is documented: anything else ends the audit rather than blur its
    figures. What a test account follows already is taken out of its answers: platforms may be slow to notice
    a follow.

    Args:
        name: what reports call it.
        carrier: takes questions there.
        at_once: asks, acts or profiles in one question.
    """

    def __init__(self, name: str, carrier: Carrier, at_once: int = AT_ONCE) -> None:
        self.name = name
        self._carrier, self._at_once = carrier, at_once
        self._followed: dict[str, set[str]] = {}
        self._surfaces: frozenset[AuditSurface] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection, or the process."""
        self._carrier.close()

    @property
    def surfaces(self) -> frozenset[AuditSurface]:
        """The surfaces it says it has; asked once.

        Raises:
            SourceFailed: it did not answer, or not as documented.
        """
        if self._surfaces is None:
            self._surfaces = frozenset(self._ask(Route.SURFACES, None, SurfacesAnswer)[1].surfaces)
        return self._surfaces

    def snapshot_id(self) -> str:
        """As the recommender says.

        Raises:
            SourceFailed: it did not answer, or not as documented.
        """
        return self._ask(Route.SNAPSHOT, None, SnapshotAnswer)[1].snapshot

    def reset(self, seed: int) -> None:
        """Let the recommender forget all test accounts.

        Raises:
            SourceFailed: it did not answer, or not as documented.
        """
        self._followed.clear()
        self._ask(Route.RESET, ResetRequest(seed=seed), ANSWERS[Route.RESET])

    def create_accounts(self, profiles: Sequence[Profile]) -> list[str]:
        """New test accounts; the ids by which the recommender calls them.

        Raises:
            SourceFailed: it did not answer, not as documented, or with an id that it gave before.
        """
        made: list[str] = []
        for some in self._parts(profiles):
            where, answer = self._ask(Route.ACCOUNTS, AccountsRequest(profiles=some), AccountsAnswer)
            _same_number(where, "accounts", answer.accounts, some)
            for place, account in enumerate(answer.accounts):
                if account in self._followed:
                    raise wrong(where, f"accounts[{place}]", f"{account!r} was given before")
                self._followed[account] = set()
            made += answer.accounts
        return made

    def recommend(self, asks: Sequence[Ask]) -> list[list[str]]:
        """What the recommender shows, without what the test accounts follow already.

        Raises:
            BadInput: an unknown test account, or a surface that the recommender does not have.
            SourceFailed: it did not answer, or not as documented.
        """
        for ask in asks:
            self._known(ask.account)
            if ask.surface not in self.surfaces:
                hint = "it has " + ", ".join(sorted(self.surfaces))
                raise BadInput(f"{ask.surface.value} is not served", field="surface", hint=hint)
        return [row for some in self._parts(asks) for row in self._ranked(some)]

    def _ranked(self, asks: list[Ask]) -> Iterator[list[str]]:
        where, answer = self._ask(Route.RECOMMEND, RecommendRequest(asks=asks), RecommendAnswer)
        _same_number(where, "answers", answer.answers, asks)
        for place, (ask, row) in enumerate(zip(asks, answer.answers, strict=True)):
            if len(row) > ask.k:
                raise wrong(where, f"answers[{place}]", f"{len(row)} ids, {ask.k} were asked for")
            if len(set(row)) != len(row):
                raise wrong(where, f"answers[{place}]", "an id comes twice")
            yield new_ones(row, list(self._followed[ask.account]), ask.k)

    def act(self, acts: Sequence[Act]) -> None:
        """Let test accounts do things.

        Raises:
            BadInput: an unknown test account.
            SourceFailed: the recommender did not answer, or not as documented; some acts may have counted.
        """
        for act in acts:
            self._known(act.account)
        for some in self._parts(acts):
            self._ask(Route.ACTS, ActsRequest(acts=some), ANSWERS[Route.ACTS])
            for act in some:
                if act.kind is ActKind.FOLLOW:
                    self._known(act.account).add(act.target)

    def _known(self, account: str) -> set[str]:
        if account not in self._followed:
            raise BadInput(f"there is no test account {account}", field="account", hint="create it first")
        return self._followed[account]

    def _parts(self, things: Sequence[T]) -> Iterator[list[T]]:
        for at in range(0, len(things), self._at_once):
            yield list(things[at : at + self._at_once])

    def _ask(self, route: Route, request: msgspec.Struct | None, kind: type[T]) -> tuple[str, T]:
        content = msgspec.json.encode(request) if request is not None else b""
        where, answer = self._carrier.carry(route, content)
        return where, read(where, answer or b"{}", kind)


def _same_number(where: str, field: str, found: Sequence[object], wanted: Sequence[object]) -> None:
    if len(found) != len(wanted):
        raise wrong(where, field, f"{len(found)} of them, {len(wanted)} were asked for")
