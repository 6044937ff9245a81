"""The parent's end of one decoding process: start it, give it a file, wait so long and no longer, kill it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from typing import IO

import msgspec

from havenwall.detect.media.child import LENGTH, Job
from havenwall.detect.media.record import Pictures, Want

_MOST_ANSWER = 4 << 20
_CHUNK = 1 << 20
_START_SECONDS = 60.0


class Misbehaved(Exception):
    """The process was killed, died, or answered nonsense; the text says which."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What one file may cost: bytes of memory, seconds of processor, seconds by the clock."""

    memory: int = 2 << 30
    processor_seconds: int = 10
    clock_seconds: float = 20.0


class Worker:
    """One warm process; not for two threads at once. After `Misbehaved` it is gone."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self.served = 0
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "havenwall.detect.media.child", str(budget.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            bufsize=0,
            start_new_session=True,
        )
        for pipe in (self._process.stdin, self._process.stdout):
            os.set_blocking(_number(pipe), False)
        self._ready = False

    def give(self, data: bytes, want: Want) -> None:
        """Send a file. Raises Misbehaved when the process does not take it."""
        deadline = time.monotonic() + (self._budget.clock_seconds if self._ready else _START_SECONDS)
        if not self._ready:
            self._answer(deadline)
            self._ready = True
        job = Job(size=len(data), seconds=self._budget.processor_seconds, want=want)
        head = msgspec.msgpack.encode(job)
        for part in (LENGTH.pack(len(head)) + head, data):
            self._write(memoryview(part), deadline)

    def take(self) -> Pictures:
        """What it made of the file. Raises Misbehaved when no sound answer comes in time."""
        answer = self._answer(time.monotonic() + self._budget.clock_seconds)
        self.served += 1
        try:
            return msgspec.msgpack.decode(answer, type=Pictures)
        except msgspec.MsgspecError:
            raise self._killed("the decoding process answered nonsense") from None

    def close(self) -> None:
        """Kill the process and wait for its end; any number of times."""
        self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()

    def _write(self, rest: memoryview, deadline: float) -> None:
        pipe = _number(self._process.stdin)
        while rest:
            self._wait(pipe, select.POLLOUT, deadline)
            try:
                rest = rest[os.write(pipe, rest[:_CHUNK]) :]
            except BrokenPipeError:
                raise self._died() from None

    def _answer(self, deadline: float) -> bytes:
        (length,) = LENGTH.unpack(self._read(LENGTH.size, deadline))
        if length > _MOST_ANSWER:
            raise self._killed("the decoding process answered too much")
        return self._read(length, deadline)

    def _read(self, size: int, deadline: float) -> bytes:
        pipe, parts = _number(self._process.stdout), bytearray()
        while len(parts) < size:
            self._wait(pipe, select.POLLIN, deadline)
            part = os.read(pipe, size - len(parts))
            if not part:
                raise self._died()
            parts += part
        return bytes(parts)

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        poll = select.poll()
        poll.register(pipe, event)
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise self._killed(f"decoding took longer than {self._budget.clock_seconds:g} s")

    def _died(self) -> Misbehaved:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return self._killed("the decoding process closed its pipe")
        self.close()
        if -code == signal.SIGXCPU:
            return Misbehaved(f"decoding took more than {self._budget.processor_seconds} s of processor time")
        return Misbehaved(
            f"the decoder crashed ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})"
        )

    def _killed(self, reason: str) -> Misbehaved:
        self.close()
        return Misbehaved(reason)


def _environment() -> dict[str, str]:
    """Nothing of the parent's, whose environment may hold secrets, but where modules are; one thread."""
    return {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"}


def _number(pipe: IO[bytes] | None) -> int:
    if pipe is None:  # pragma: no cover
        raise Misbehaved("no pipe")
    return pipe.fileno()
