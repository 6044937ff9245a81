"""What goes to a recommender outside this process and comes back, over HTTP and over a pipe alike.

Documented in `docs/reference/audit-http.openapi.yaml`; a test keeps the two alike.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, TypeVar

import msgspec

from havenwall.audit.adapter import Act, Ask, AuditSurface, Profile
from havenwall.errors import SourceFailed

T = TypeVar("T")

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]


class Route(StrEnum):
    """What a recommender is asked; the last part of the path over HTTP."""

    RESET = "reset"
    ACCOUNTS = "accounts"
    RECOMMEND = "recommend"
    ACTS = "acts"
    SNAPSHOT = "snapshot"
    SURFACES = "surfaces"


READS = frozenset({Route.SNAPSHOT, Route.SURFACES})
"""Routes without a body: GET over HTTP."""
REPEATABLE = frozenset({Route.RESET, Route.RECOMMEND, *READS})
"""Routes that may be asked twice. Making accounts and acting may not: the first try may have counted."""


class ResetRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Forget all test accounts."""

    seed: int
    """Makes what is random repeatable, where it can be."""


class AccountsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Make test accounts."""

    profiles: list[Profile]


class AccountsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The new test accounts."""

    accounts: list[Text]
    """Their ids, in the order of the profiles."""


class RecommendRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What are these test accounts shown?"""

    asks: list[Ask]


class RecommendAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the test accounts are shown."""

    answers: list[list[Text]]
    """For each ask at most k entity ids, best first."""


class ActsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Test accounts do things, in order."""

    acts: list[Act]


class SnapshotAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Which state of model and data answers."""

    snapshot: Text


class SurfacesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The surfaces that can be asked for."""

    surfaces: Annotated[list[AuditSurface], msgspec.Meta(min_length=1)]


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """It is done; an empty object."""


ANSWERS: dict[Route, type[msgspec.Struct]] = {
    Route.RESET: Done,
    Route.ACCOUNTS: AccountsAnswer,
    Route.RECOMMEND: RecommendAnswer,
    Route.ACTS: Done,
    Route.SNAPSHOT: SnapshotAnswer,
    Route.SURFACES: SurfacesAnswer,
}
REQUESTS: dict[Route, type[msgspec.Struct]] = {
    Route.RESET: ResetRequest,
    Route.ACCOUNTS: AccountsRequest,
    Route.RECOMMEND: RecommendRequest,
    Route.ACTS: ActsRequest,
}


def read(where: str, content: bytes, kind: type[T]) -> T:
    """What the content says.

    Args:
        where: names the route, or the line, in the error.
        content: JSON.
        kind: the shape it must have.

    Raises:
        SourceFailed: it is not JSON, or not of that shape; names the place and the field.
    """
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.ValidationError as problem:
        reason, _, place = str(problem).partition(" - at `$")
        raise wrong(where, place.strip("`.") or "answer", reason) from problem
    except (msgspec.DecodeError, UnicodeError, RecursionError) as problem:
        raise SourceFailed(f"{where}: not JSON ({problem}): {excerpt(content)}", hint=HINT) from problem


HINT = "see docs/reference/audit-http.openapi.yaml for what each route answers"


def wrong(where: str, field: str, reason: str) -> SourceFailed:
    """The error for a field that is not as documented."""
    return SourceFailed(f"{where}: {field}: {reason}", hint=HINT)


def excerpt(content: bytes, most: int = 200) -> str:
    """The beginning of what came, on one line, safe to print."""
    text = content[:most].decode("utf-8", "replace")
    return repr(text) + (" …" if len(content) > most else "")
