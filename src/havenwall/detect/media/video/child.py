"""The process that reads one video: the file is its standard input, a line of JSON for each frame its output.

The last line says how it ended. The process bounds its memory and processor time, and can open nothing: no
file, no connection, whatever the video tells its decoder to fetch.
"""

from __future__ import annotations

import io
import resource
import sys

import msgspec
import numpy as np

from havenwall.detect.media.confine import confine
from havenwall.detect.media.record import Outcome
from havenwall.detect.media.video.clip import ClipFrame
from havenwall.detect.media.video.frames import Sampling, Shown, TooLarge, sampled
from havenwall.detect.media.video.undo import Part, varied
from havenwall.match.image import LEAST_QUALITY, Pdq, distance, pdq

SAME = 3
"""Bits; a frame that is no further from another shows the same scene."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What to do, and what it may cost: bytes of memory above an idle process, seconds of processor."""

    sampling: Sampling
    memory: int
    processor_seconds: int


class End(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """How reading ended."""

    outcome: Outcome
    reason: str | None = None


class Line(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A frame."""

    at: float
    pdq: str
    quality: int
    parts: tuple[Part, ...] = ()
    """Variants of the frame, when they were made."""


def main() -> None:
    """Read the video on standard input. Argument: the job."""
    job = msgspec.json.decode(sys.argv[1], type=Job)
    _warm_up()
    confine(job.memory)
    seconds = job.processor_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    _say(_read(job.sampling))


def _warm_up() -> None:
    """Load all of the decoder now, which it does bit by bit as it is used: nothing can be opened later."""
    import av

    room = io.BytesIO()
    with av.open(room, "w", format="matroska") as container:
        stream = container.add_stream("mpeg4", rate=1)
        stream.width = stream.height = 160
        picture = av.VideoFrame.from_ndarray(np.zeros((160, 160, 3), np.uint8), format="rgb24")
        for packet in (*stream.encode(picture), *stream.encode()):
            container.mux(packet)
    room.seek(0)
    for shown in sampled(room, Sampling()):
        pdq(shown.luma)
    shades = np.arange(200 * 200, dtype=np.uint32).astype(np.uint8).reshape(200, 200)
    pdq(shades)
    # Framed, so that parts of it are turned and hashed as well.
    varied(0.0, np.pad(shades, 40))


def _read(sampling: Sampling) -> End:
    number, best, vary = 0, 0, _Vary(sampling)
    try:
        for number, shown in enumerate(sampled(sys.stdin.buffer, sampling), 1):
            made = sampling.undo.pdq(shown.luma) if sampling.undo else pdq(shown.luma)
            best = max(best, made.quality)
            parts = vary.parts(shown, made)
            _say(Line(at=round(shown.at, 3), pdq=made.value.hex(), quality=made.quality, parts=parts))
            if number == sampling.most_frames:
                return End(outcome=Outcome.HASHED, reason=f"only the first {shown.at:.0f} s were read")
    except TooLarge as refused:
        return End(outcome=Outcome.TOO_LARGE, reason=str(refused))
    except MemoryError:
        return End(outcome=Outcome.UNREADABLE, reason="decoding needs more memory than it may have")
    except Exception as broken:  # decoders raise anything on hostile input
        if not number:
            return End(outcome=Outcome.UNREADABLE, reason=f"{type(broken).__name__}: {broken}"[:200])
    if not number:
        return End(outcome=Outcome.UNREADABLE, reason="no frame could be decoded")
    plain = best < LEAST_QUALITY
    reason = "too plain for PDQ: use exact hashes" if plain else None
    return End(outcome=Outcome.LOW_QUALITY if plain else Outcome.HASHED, reason=reason)


class _Vary:
    """Chooses the frames whose variants are made: some time apart, and not the same scene again."""

    def __init__(self, sampling: Sampling) -> None:
        self._every, self._left = sampling.vary, sampling.most_varied if sampling.vary else 0
        self._due, self._last = 0.0, b""

    def parts(self, shown: Shown, made: Pdq) -> tuple[Part, ...]:
        # A hair early is not late: times are rounded in the file.
        if not self._left or shown.at < self._due - 1e-3:
            return ()
        self._due = shown.at + self._every
        if self._last and distance(made.value, self._last) <= SAME:
            return ()
        self._last, self._left = made.value, self._left - 1
        return varied(shown.at, shown.luma).parts


def _say(line: Line | End) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


def frame_of(line: Line) -> ClipFrame:
    """The frame that a line tells of."""
    return ClipFrame(at=line.at, pdq=line.pdq, quality=line.quality)


if __name__ == "__main__":
    main()
