"""A child process that is asked one line at a time, with a deadline on both pipes."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from havenwall.errors import BadInput, SourceFailed

_READ = 1 << 16
_LAST = 64
"""Parts of standard error read after its end: more than a pipe holds."""
_ENDED = "it ended"
_EVENTS = (selectors.EVENT_WRITE, selectors.EVENT_READ, selectors.EVENT_READ)
_NOTHING = memoryview(b"")
_GRACE = 2.0
"""Seconds a child has to end by itself."""
_KEPT = 2_000
"""Bytes of standard error that an error message ends with."""


class Child:
    """A process that answers lines with lines. It is started at once, in a process group of its own.

    Args:
        command: the program and its arguments; no shell reads them.
        folder: where it runs.
        most_bytes: of a line.

    Raises:
        BadInput: the program cannot be started.
    """

    def __init__(self, command: Sequence[str], folder: Path | None, most_bytes: int) -> None:
        self._most = most_bytes
        self._unread, self._said, self._whole = bytearray(), bytearray(), False
        self._unsent = _NOTHING
        self.lines = 0
        """Lines read so far."""
        try:
            self._process = subprocess.Popen(  # noqa: S603  (the operator's own command, not a shell's)
                list(command),
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                start_new_session=True,
            )
        except (OSError, ValueError) as problem:
            hint = "give the program and its arguments as a list"
            raise BadInput(f"cannot start {command[0]}: {problem}", field="command", hint=hint) from problem
        self._pipes = [p for p in (self._process.stdin, self._process.stdout, self._process.stderr) if p]
        for pipe in self._pipes:
            os.set_blocking(pipe.fileno(), False)

    def ask(self, line: bytes, seconds: float) -> bytes:
        """The line that answers a line. Reads while it writes: a child may answer before it has read all.

        Raises:
            SourceFailed: the deadline passed, the child ended, or its line is too long.
        """
        deadline = time.monotonic() + seconds
        self._unsent = memoryview(line)
        with selectors.DefaultSelector() as ready:
            for pipe, event, handle in zip(
                self._pipes, _EVENTS, (self._write, self._read, self._hear), strict=True
            ):
                ready.register(pipe, event, handle)
            while self._unsent or not self._whole:
                left = deadline - time.monotonic()
                if left <= 0:
                    raise self.failed(f"no answer within {seconds:g} seconds")
                for key, _ in ready.select(left):
                    if not key.data():
                        ready.unregister(key.fileobj)
        return self._line()

    def _write(self) -> bool:
        """Send a part; whether there is more to send."""
        try:
            sent = os.write(self._pipes[0].fileno(), self._unsent[:_READ])
            self._unsent = self._unsent[sent:]
        except BrokenPipeError:
            # What it said before it stopped reading tells more; at the end of that, it has ended.
            self._unsent = _NOTHING
        return bool(self._unsent)

    def _read(self) -> bool:
        """Take in a part of its output; whether there may be more."""
        part = os.read(self._pipes[1].fileno(), _READ)
        if not part and not self._whole:
            raise self.failed(_ENDED)
        if not part:
            self._unsent = _NOTHING
        self._unread += part
        self._whole = self._whole or b"\n" in part
        if len(self._unread) > self._most:
            raise self.failed(f"a line longer than {self._most} bytes")
        return bool(part)

    def _hear(self) -> bool:
        """Take in a part of its standard error; whether there may be more."""
        part = os.read(self._pipes[2].fileno(), _READ)
        self._said = (self._said + part)[-_KEPT:]
        return bool(part)

    def _line(self) -> bytes:
        line, _, rest = bytes(self._unread).partition(b"\n")
        self._unread, self._whole = bytearray(rest), b"\n" in rest
        self.lines += 1
        return line

    def failed(self, what: str) -> SourceFailed:
        """The error for what happened, with the exit status and the end of standard error; ends the child."""
        # A child whose pipe just closed is about to end, and its status tells why.
        status = self._status(1.0 if what == _ENDED else 0.0)
        self._kill()
        with contextlib.suppress(BlockingIOError):
            # Not for ever: what it started outside its group may live on, and talk.
            any(not self._hear() for _ in range(_LAST))
        self._end()
        ended = f", exit status {status}" if status is not None else ""
        said = self._said.decode("utf-8", "replace").strip()
        return SourceFailed(f"{what}{ended}", hint=f"its standard error ends: {said}" if said else None)

    def close(self) -> None:
        """Let the child end, by itself at the end of its input or else by force. May be called twice."""
        if not self._pipes[0].closed:
            self._pipes[0].close()
            self._status(_GRACE)
            self._end()

    def _kill(self) -> None:
        # Its group, for what it started itself. As long as nobody has waited for it, the number is its own.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def _end(self) -> None:
        self._kill()
        for pipe in self._pipes:
            pipe.close()
        self._process.wait()

    def _status(self, seconds: float) -> int | None:
        """The exit status, negative for a signal, as soon as there is one; None after so many seconds."""
        deadline = time.monotonic() + seconds
        how = os.WEXITED | os.WNOWAIT | os.WNOHANG
        while (found := os.waitid(os.P_PID, self._process.pid, how)) is None and time.monotonic() < deadline:
            time.sleep(0.01)
        if found is None:
            return None
        return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status
