"""The parent's end: starts the child over a file, hands its frames on as they come, and waits so long."""

from __future__ import annotations

import importlib.util
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any, BinaryIO

import msgspec

from havenwall.detect.media.record import Outcome
from havenwall.detect.media.video.child import End, Job, Line, frame_of
from havenwall.detect.media.video.clip import Clip, ClipFrame
from havenwall.detect.media.video.frames import Sampling
from havenwall.detect.media.video.undo import Varied
from havenwall.errors import NotReady

Tell = Callable[[ClipFrame, Varied | None], None]
"""Hears of a frame as it is read, and of its variants where they were made."""
_MOST_LINE = 1 << 16
_decode = msgspec.json.Decoder(Line | End).decode


class VideoBudget(msgspec.Struct, frozen=True, kw_only=True):
    """What one video may cost: bytes of memory, seconds of processor, seconds by the clock."""

    memory: int = 2 << 30
    processor_seconds: int = 600
    clock_seconds: float = 900.0


def check_video() -> None:
    """Do nothing if videos can be read.

    Raises:
        NotReady: the package that decodes them is not installed; names the extra.
    """
    if importlib.util.find_spec("av") is None:
        raise NotReady("reading videos needs the package av", hint="pip install 'havenwall[video]'")


def read_clip(
    source: BinaryIO | Iterable[bytes],
    sampling: Sampling | None = None,
    budget: VideoBudget | None = None,
    *,
    tell: Tell | None = None,
) -> Clip:
    """The frames of a video and how reading it ended; whatever the file does, an outcome and no exception.

    Args:
        source: an open file, with a file descriptor, or parts of a stream as they come.
        tell: hears of each frame at once.

    Raises:
        NotReady: as `check_video`.
    """
    frames: list[ClipFrame] = []
    various: list[Varied] = []
    end = End(outcome=Outcome.UNREADABLE, reason="the decoder stopped")
    for line in _lines(source, sampling or Sampling(), budget or VideoBudget()):
        if isinstance(line, End):
            end = line
            break
        frames.append(frame_of(line))
        made = Varied(at=line.at, parts=line.parts) if line.parts else None
        if made:
            various.append(made)
        if tell:
            tell(frames[-1], made)
    seconds = frames[-1].at if frames else 0.0
    return Clip(
        outcome=end.outcome,
        reason=end.reason,
        seconds=seconds,
        frames=tuple(frames),
        varied=tuple(various),
    )


def _lines(
    source: BinaryIO | Iterable[bytes], sampling: Sampling, budget: VideoBudget
) -> Iterator[Line | End]:
    check_video()
    job = Job(sampling=sampling, memory=budget.memory, processor_seconds=budget.processor_seconds)
    whole = hasattr(source, "fileno")
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "havenwall.detect.media.video.child", msgspec.json.encode(job).decode()],
        stdin=source if whole else subprocess.PIPE,  # type: ignore[arg-type]
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OPENBLAS_NUM_THREADS": "1"},
        start_new_session=True,
        bufsize=0,
    )
    feeder = None if whole else _feeding(source, process)
    try:
        yield from _answers(process, budget)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stdin):
            if pipe is not None and not (feeder and pipe is process.stdin):
                pipe.close()
        if feeder:
            feeder.join()


def _feeding(parts: Iterable[bytes], process: subprocess.Popen[bytes]) -> threading.Thread:
    """A thread that writes the parts until they or the process end."""

    def feed() -> None:
        pipe: IO[bytes] = process.stdin  # type: ignore[assignment]
        try:
            for part in parts:
                rest = memoryview(part)
                while rest:
                    rest = rest[pipe.write(rest) :]
        except OSError:  # the process has had enough, or a file vanished: it says so itself
            pass
        finally:
            pipe.close()

    thread = threading.Thread(target=feed, daemon=True, name="havenwall-video-feed")
    thread.start()
    return thread


def _answers(process: subprocess.Popen[Any], budget: VideoBudget) -> Iterator[Line | End]:
    deadline, room = time.monotonic() + budget.clock_seconds, b""
    pipe: int = process.stdout.fileno()  # type: ignore[union-attr]
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while len(room) < _MOST_LINE:
            left = deadline - time.monotonic()
            if left <= 0 or not selector.select(left):
                yield _ended(f"reading took longer than {budget.clock_seconds:g} s")
                return
            part = os.read(pipe, 1 << 16)
            if not part:
                yield _died(process, budget)
                return
            *lines, room = (room + part).split(b"\n")
            try:
                yield from map(_decode, lines)
            except msgspec.MsgspecError:
                break
    yield _ended("the decoding process answered nonsense")


def _died(process: subprocess.Popen[Any], budget: VideoBudget) -> End:
    code = process.wait(timeout=10)
    if -code in (signal.SIGXCPU, signal.SIGKILL):
        return _ended(f"reading took more than {budget.processor_seconds} s of processor time")
    name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
    return _ended(f"the decoder crashed ({name})")


def _ended(reason: str) -> End:
    return End(outcome=Outcome.UNREADABLE, reason=reason)
