"""GuardClient: the guard's questions over HTTP, with a time limit and a declared fail mode."""

from __future__ import annotations

import ssl
from collections.abc import Collection, Sequence
from http.client import HTTPException
from typing import Final, Self, TypeVar

import msgspec

from havenwall.client.answer import (
    Answer,
    ContactAnswer,
    Fail,
    QueryAnswer,
    contact_unanswered,
    query_unanswered,
    unanswered,
)
from havenwall.client.wire import Wire
from havenwall.errors import BadConfig, BadInput
from havenwall.guard import Surface, Verdict, ViewerClass
from havenwall.guard.columns import Columns, ColumnsRequest
from havenwall.guard.query import QueryOutcome, QuerySurface, QueryVerdict, as_surface, outcome_on

T = TypeVar("T")
_REFUSED: Final = 422
_OK: Final = 200
_BAD_INPUT: Final = "urn:havenwall:problem:bad-input"


class _Failed(Exception):
    """There was no answer."""


class _Problem(msgspec.Struct):
    type: str
    detail: str
    hint: str | None = None


class GuardClient:
    """Asks a Havenwall server. Thread safe; connections are used again.

    A look-up that fails never passes for a clean one: it comes to nothing, unless the caller chose
    `Fail.OPEN`, and `answered` is false either way. `timeout` (seconds) is for the whole exchange. Mistakes
    of the caller are raised, as the library raises them; a key that is refused counts as failed.

    Raises:
        BadConfig: no address, or a time limit that is none.
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        timeout: float = 0.25,
        fail: Fail = Fail.CLOSED,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._wire = Wire(url, {"Authorization": f"Bearer {key}"}, context)
        self._timeout, self._fail = _seconds(timeout), fail

    def filter(
        self,
        candidates: Sequence[str],
        surface: Surface,
        viewer: str | None = None,
        *,
        viewer_class: ViewerClass | None = None,
        tied: Collection[str] = (),
        fail: Fail | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """As `Guard.filter`; `fail` and `timeout` for this call alone.

        Raises:
            BadInput: the guard does not take the question.
        """
        friends = frozenset(tied)
        asked = ColumnsRequest(
            surface=surface,
            ids=candidates,
            viewer=viewer,
            viewer_class=viewer_class,
            tied=[place for place, name in enumerate(candidates) if name in friends] if friends else (),
        )
        try:
            columns = self._ask("/v1/guard/columns", asked, Columns, timeout)
            if not columns.fits(len(candidates)):
                raise _Failed("the answer does not fit the question")
        except _Failed as problem:
            return unanswered(len(candidates), fail or self._fail, str(problem))
        found = columns.filtered(candidates)
        return Answer(
            keep=found.keep,
            verdicts=found.verdicts,
            answered=True,
            version=found.version,
            stale=found.stale,
        )

    def contact(
        self,
        sender: str,
        receiver: str,
        surface: Surface,
        *,
        sender_class: ViewerClass | None = None,
        receiver_class: ViewerClass | None = None,
        tied: bool = False,
        fail: Fail | None = None,
        timeout: float | None = None,
    ) -> ContactAnswer:
        """As `Guard.contact`; `fail` and `timeout` for this call alone.

        Raises:
            BadInput: the guard does not take the question.
        """
        asked = {
            "surface": surface,
            "sender": sender,
            "receiver": receiver,
            "sender_class": sender_class,
            "receiver_class": receiver_class,
            "tied": tied,
        }
        try:
            verdict = self._ask("/v1/guard/contact", asked, Verdict, timeout)
            if verdict.entity not in (sender, receiver) or not verdict.version:
                raise _Failed("the answer does not fit the question")
        except _Failed as problem:
            return contact_unanswered(sender, fail or self._fail, str(problem))
        allowed = verdict.factor > 0 and verdict.outcome.shows(tied=tied)
        return ContactAnswer(allowed=allowed, verdict=verdict, answered=True)

    def query(
        self,
        text: str,
        surface: QuerySurface,
        *,
        country: str | None = None,
        language: str | None = None,
        fail: Fail | None = None,
        timeout: float | None = None,
    ) -> QueryAnswer:
        """As `QueryGuard.query`; `fail` and `timeout` for this call alone.

        Raises:
            BadInput: no such surface, or a text of more than 2,000 characters.
        """
        surface = as_surface(surface)
        # Half a surrogate pair cannot be sent; the library reads it as a separator too.
        text = text.encode("utf-8", "replace").decode()
        asked = {"text": text, "surface": surface, "country": country, "language": language}
        try:
            verdict = self._ask("/v1/guard/query", asked, QueryVerdict, timeout)
            if verdict.surface is not surface or verdict.outcome not in (
                QueryOutcome.ALLOW,
                outcome_on(surface),
            ):
                raise _Failed("the answer does not fit the question")
        except _Failed as problem:
            return query_unanswered(surface, fail or self._fail, str(problem))
        return QueryAnswer(allowed=verdict.outcome is QueryOutcome.ALLOW, verdict=verdict, answered=True)

    def close(self) -> None:
        """End the connections that are kept; the client still answers."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _ask(self, path: str, asked: object, kind: type[T], timeout: float | None) -> T:
        limit = self._timeout if timeout is None else _seconds(timeout)
        body = msgspec.json.encode(asked)
        try:
            status, content = self._wire.post(path, body, limit)
        except (OSError, HTTPException) as error:
            raise _Failed(f"{type(error).__name__}: {error}".rstrip(": ")) from error
        if status == _REFUSED:
            raise _refusal(content)
        if status != _OK:
            raise _Failed(f"the server answered {status}")
        try:
            return msgspec.json.decode(content, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise _Failed("the answer is not a guard's") from error


def _refusal(content: bytes) -> Exception:
    try:
        problem = msgspec.json.decode(content, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Failed("the server answered 422")
    if problem.type != _BAD_INPUT:
        return _Failed(problem.detail)
    return BadInput(problem.detail, hint=problem.hint)


def _seconds(timeout: float) -> float:
    if not 0 < timeout < 3600:
        raise BadConfig(f"is {timeout}", field="timeout", hint="give seconds above 0")
    return timeout
