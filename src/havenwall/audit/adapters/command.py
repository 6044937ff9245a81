"""A recommender in any language: a program that answers JSON lines. See `docs/reference/audit-command.md`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from havenwall.audit.adapters.child import Child
from havenwall.audit.adapters.remote import AT_ONCE, RemoteAdapter
from havenwall.audit.adapters.wire import Route, excerpt, read, wrong
from havenwall.errors import BadInput, SourceFailed

MOST_BYTES = 16 << 20
"""Of a line."""


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A line to the program."""

    id: int
    route: Route
    body: msgspec.Raw
    """As over HTTP; an empty object where a route takes nothing."""


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """A line from the program."""

    id: int
    """Of the question."""
    answer: msgspec.Raw = msgspec.Raw(b"{}")
    error: str = ""
    """What went wrong; the audit ends with it."""


class CommandCarrier:
    """Asks a program over its standard input and output. It is started with the first question.

    Args:
        command: the program and its arguments; no shell reads them.
        folder: where it runs; here where there is none.
        timeout: seconds for one answer.
        start: seconds for the first answer, in which a model may have to be loaded.
        most_bytes: of a line.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path | None = None,
        timeout: float = 60.0,
        start: float = 300.0,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        if not command or not command[0]:
            raise BadInput("names no program", field="command", hint="such as [python3, recommender.py]")
        self._command, self._folder, self._most = tuple(command), folder, most_bytes
        self._timeout, self._start = timeout, start
        self._child: Child | None = None
        self._asked, self._over = 0, False

    def close(self) -> None:
        """End the program and all it started."""
        self._over = True
        if self._child:
            self._child.close()

    def carry(self, route: Route, content: bytes) -> tuple[str, bytes]:
        """The program's answer; see `Carrier`. After an error it is not asked again: its state is unknown."""
        if self._over:
            raise SourceFailed(f"{self._command[0]} has ended", hint="start the audit again")
        self._child = self._child or Child(self._command, self._folder, self._most)
        try:
            return self._carried(self._child, route, content)
        except SourceFailed:
            self.close()
            raise

    def _carried(self, child: Child, route: Route, content: bytes) -> tuple[str, bytes]:
        seconds = self._timeout if self._asked else max(self._start, self._timeout)
        self._asked += 1
        question = Question(id=self._asked, route=route, body=msgspec.Raw(content or b"{}"))
        try:
            line = child.ask(msgspec.json.encode(question) + b"\n", seconds)
        except SourceFailed as problem:
            raise SourceFailed(
                f"{route.value}: {self._command[0]}: {problem.message}", hint=problem.hint
            ) from None
        where = f"{route.value}: line {child.lines}"
        reply = read(where, line, Reply)
        if reply.id != self._asked:
            raise wrong(where, "id", f"{reply.id}, the question was {self._asked}: {excerpt(line)}")
        if reply.error:
            raise SourceFailed(f"{where}: the program says: {reply.error[:500]}")
        return where, bytes(reply.answer)


def command_adapter(
    command: Sequence[str],
    *,
    name: str = "",
    folder: Path | None = None,
    timeout: float = 60.0,
    start: float = 300.0,
    at_once: int = AT_ONCE,
) -> RemoteAdapter:
    """An adapter over a program. Close it, or use it in a `with`.

    Args:
        command: the program and its arguments.
        name: what reports call it; the program's name where there is none.
        folder: where it runs.
        timeout: seconds for one answer.
        start: seconds for the first answer.
        at_once: asks, acts or profiles in one line.

    Raises:
        BadInput: no program is named.
    """
    carrier = CommandCarrier(command, folder=folder, timeout=timeout, start=start)
    return RemoteAdapter(name or Path(command[0]).name, carrier, at_once)
