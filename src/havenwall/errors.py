"""Every error Havenwall raises, on one page.

    HavenwallError
    ├── BadInput            what came from outside is wrong; names the field and the remedy
    │   ├── BadConfig       a setting
    │   ├── BadRulePack     a policy file
    │   └── BadGraph        an edge list or seed file
    ├── NotFound            no such record
    ├── Conflict            the record changed under the caller, or the step is not allowed in its state
    ├── Unauthenticated     we do not know who asks
    ├── Forbidden           we know who asks, and they may not
    ├── NotReady            something needed first is missing (no seeds, no snapshot)
    ├── SnapshotRefused     the guard will not load this snapshot
    ├── StoreError          the database did not do what it was told
    │   └── RecordRefused   because of what it was to keep: trying again will not help
    └── SourceFailed        an outside source of lists does not answer as documented

A class's docstring is its default message, `status` the HTTP status of its problem document
(RFC 9457) and `exit_code` the exit code of the command line.
"""

from __future__ import annotations

from typing import ClassVar


class HavenwallError(Exception):
    """Something went wrong."""

    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 1

    def __init__(self, message: str | None = None, *, hint: str | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip().splitlines()[0]
        self.hint = hint
        super().__init__(self.message)

    @property
    def plain(self) -> str:
        """The message without the name of its field: a form shows itself which one it is about."""
        field = getattr(self, "field", None)
        return self.message.removeprefix(f"{field}: ") if field else self.message

    @property
    def slug(self) -> str:
        """Name of the error type in problem documents: `bad-input`."""
        name = type(self).__name__
        return "".join("-" + c.lower() if c.isupper() and i else c.lower() for i, c in enumerate(name))


class BadInput(HavenwallError):
    """The input is not valid."""

    status = 422
    exit_code = 2

    def __init__(
        self, message: str | None = None, *, field: str | None = None, hint: str | None = None
    ) -> None:
        super().__init__(f"{field}: {message}" if field and message else message, hint=hint)
        self.field = field


class BadConfig(BadInput):
    """A setting is not valid."""


class BadRulePack(BadInput):
    """The rule pack is not valid."""


class BadGraph(BadInput):
    """The graph file is not valid."""


class NotFound(HavenwallError):
    """There is no such record."""

    status = 404
    exit_code = 3


class Conflict(HavenwallError):
    """The record changed in the meantime."""

    status = 409
    exit_code = 4


class Unauthenticated(HavenwallError):
    """Sign in first."""

    status = 401
    exit_code = 5


class Forbidden(HavenwallError):
    """You do not have the right to do this."""

    status = 403
    exit_code = 5


class NotReady(HavenwallError):
    """Something that must come first is missing."""

    status = 409
    exit_code = 6


class SnapshotRefused(HavenwallError):
    """The guard refuses this snapshot."""

    status = 503
    exit_code = 7


class StoreError(HavenwallError):
    """The database did not complete the operation."""

    status = 503
    exit_code = 8


class RecordRefused(StoreError):
    """The database refuses a record."""


class SourceFailed(HavenwallError):
    """The source did not answer as documented."""

    status = 502
    exit_code = 9
