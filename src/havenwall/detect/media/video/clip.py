"""Hashes of a video's frames, and files of known clips."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from havenwall.detect.media.record import Outcome
from havenwall.detect.media.video.undo import Varied
from havenwall.errors import BadInput
from havenwall.match import HashKind, normalise_hash


class ClipFrame(msgspec.Struct, frozen=True, kw_only=True):
    """One frame: seconds from the first one, PDQ as 64 digits, quality 0 … 100."""

    at: float
    pdq: str
    quality: int


class Clip(msgspec.Struct, frozen=True, kw_only=True):
    """What reading a video gives: how it ended, why, and its frames in the order they are shown."""

    outcome: Outcome
    reason: str | None = None
    seconds: float = 0.0
    """From the first frame to the last one read."""
    frames: tuple[ClipFrame, ...] = ()
    varied: tuple[Varied, ...] = ()
    """Variants of some of the frames, where they were asked for."""


class KnownClip(msgspec.Struct, frozen=True, kw_only=True):
    """A clip on a list: its id there, and a hash for each second or so."""

    id: str
    frames: tuple[ClipFrame, ...]
    list: str = ""
    """Name of the list: that of the file it came from."""
    note: str = ""


def load_clips(path: Path) -> tuple[KnownClip, ...]:
    """Known clips of a file: JSON lines of `KnownClip`, or one clip as vPDQ writes it.

    vPDQ's lines are `frame,quality,hash,seconds`; the clip is then named after the file.

    Raises:
        BadInput: the file cannot be read, or a line is neither; names file and line.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("cannot be read as UTF-8", field=str(path), hint="check path and rights") from error
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise BadInput("the list has no clip", field=str(path), hint="put one clip on each line")
    if not lines[0][1].lstrip().startswith("{"):
        frames = tuple(_vpdq(f"{path} line {number}", line) for number, line in lines)
        return (KnownClip(id=path.stem, list=path.stem, frames=_ordered(frames)),)
    return tuple(_clip(f"{path} line {number}", line, path.stem) for number, line in lines)


def clip_line(clip_id: str, clip: Clip, note: str = "") -> bytes:
    """A clip as one line of a list."""
    return msgspec.json.encode(KnownClip(id=clip_id, frames=clip.frames, note=note)) + b"\n"


def vpdq_lines(clip: Clip) -> Iterable[str]:
    """A clip in vPDQ's text form: `frame,quality,hash,seconds`."""
    return (f"{at},{f.quality},{f.pdq},{f.at:.3f}" for at, f in enumerate(clip.frames))


def _clip(where: str, line: str, name: str) -> KnownClip:
    try:
        clip = msgspec.json.decode(line, type=KnownClip)
        for frame in clip.frames:
            normalise_hash(HashKind.PDQ, frame.pdq)
    except (msgspec.DecodeError, BadInput) as error:
        raise BadInput(str(error), field=where, hint="`havenwall media hash --clips-to` writes it") from error
    return msgspec.structs.replace(clip, list=name, frames=_ordered(clip.frames))


def _vpdq(where: str, line: str) -> ClipFrame:
    try:
        _, quality, value, at = line.split(",")
        return ClipFrame(at=float(at), quality=int(quality), pdq=normalise_hash(HashKind.PDQ, value))
    except ValueError as error:
        raise BadInput("is no frame", field=where, hint="write frame,quality,hash,seconds") from error
    except BadInput as error:
        raise BadInput(error.message, field=where, hint=error.hint) from error


def _ordered(frames: Iterable[ClipFrame]) -> tuple[ClipFrame, ...]:
    return tuple(sorted(frames, key=lambda frame: frame.at))
