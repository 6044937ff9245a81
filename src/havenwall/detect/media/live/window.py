"""What is known of one live stream: its last frames, what they matched, and the risk that adds up. Pure."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from itertools import combinations

import msgspec

from havenwall.detect.banks import BankMatch, Looked
from havenwall.detect.media.video.clip import ClipFrame
from havenwall.detect.media.video.known import ClipMatch, KnownClips
from havenwall.match.image import LEAST_QUALITY, distance

WINDOW = 60.0
"""Seconds of a stream in which frames of a known clip are put together."""
HALF_LIFE = 300.0
"""Seconds after which a match counts half."""
SAME = 3
"""Bits; a frame that is no further from the one before is the same scene and is not looked up again."""
LEVELS = (0.0, 0.5, 0.8, 0.95)
"""Urgency at which a stream is told of again; the first match always is."""
_MOST_FRAMES = 128
_MOST_MATCHES = 64
_MOST_OF_ONE = 3
"""Matches of one entry that add up: more frames of the same scene prove no more."""
_RADIUS = 31
_NEAREST, _FARTHEST = 0.9, 0.4
"""What a match says by itself: equal hashes, and hashes at the edge of the radius."""
_CLIP_FRAME = 0.35
"""What one frame of a known clip says, in a chain of frames in the right order."""
APART = 1.0
"""Seconds between two matching frames that count as two."""
FIRM = 0.6
"""Risk from which two such frames are enough: two at the edge of the radius within minutes make 0.64."""


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A match that counts: when, of which entry, and what it says by itself."""

    at: float
    entry: tuple[str, str]
    says: float
    pdq: str
    """Of the frame."""
    near: bool
    """Whether it is a copy of an entry of a verified list."""


class WindowState(msgspec.Struct, frozen=True, kw_only=True):
    """All that a window remembers."""

    frames: tuple[ClipFrame, ...] = ()
    counted: tuple[Counted, ...] = ()
    last: str = ""
    """PDQ of the frame that was last looked up."""
    clips: tuple[ClipMatch, ...] = ()
    level: int = 0
    firm: bool = False
    now: float = 0.0
    audience: int = 0


class Stand(msgspec.Struct, frozen=True, kw_only=True):
    """How a stream stands after a frame."""

    risk: float
    """0 … 1: that known media were shown, all matches taken together."""
    urgency: float
    """The risk, raised by how many people watch."""
    level: int
    """How many of `LEVELS` are reached; 0 before the first match."""
    new_level: bool
    """Whether this frame reached it."""
    firm: bool
    """Whether the matches are enough for a machine to act: a copy of an entry of a verified list, or two
    different frames that match, a second or more apart, or a known clip in its order. One frame that is only
    near may be a picture that looks alike."""
    tell: bool
    """Whether this frame is to be told of: a level was reached, or the matches became firm."""
    next_in: float
    """Seconds until the next frame is wanted."""
    clips: tuple[ClipMatch, ...] = ()
    """Known clips being shown, as far as the window goes."""


class StreamWindow:
    """One stream. Bounded in memory whatever it is sent; not for two threads at once."""

    def __init__(self, state: WindowState | None = None) -> None:
        """`state`: what another window of this stream remembered."""
        was = state or WindowState()
        self._frames: deque[ClipFrame] = deque(was.frames, maxlen=_MOST_FRAMES)
        self._counted: deque[Counted] = deque(was.counted, maxlen=_MOST_MATCHES)
        self._last = was.last
        self._clips = was.clips
        self._level, self._firm = was.level, was.firm
        self._now = was.now
        self._audience = was.audience

    @property
    def state(self) -> WindowState:
        """All that it remembers."""
        return WindowState(
            frames=tuple(self._frames),
            counted=tuple(self._counted),
            last=self._last,
            clips=self._clips,
            level=self._level,
            firm=self._firm,
            now=self._now,
            audience=self._audience,
        )

    def same_scene(self, frame: ClipFrame) -> bool:
        """Whether a frame shows what the one before showed, or is too plain to tell; then it need not be
        looked up."""
        if frame.quality < LEAST_QUALITY:
            return True
        return bool(self._last) and _apart(frame.pdq, self._last) <= SAME

    def take(
        self, frame: ClipFrame, looked: Looked | None, known: KnownClips, audience: int | None = None
    ) -> Stand:
        """Take a frame and what it is known as; `looked` is None where it was not looked up.

        A frame from before the last one counts, but time does not go back.
        """
        self._now = max(self._now, frame.at)
        self._audience = self._audience if audience is None else max(0, audience)
        if frame.quality >= LEAST_QUALITY:
            self._frames.append(frame)
        if looked is not None:
            self._last = frame.pdq
            self._count(frame, looked)
            self._clips = self._showing(known)
        return self._stand()

    def _count(self, frame: ClipFrame, looked: Looked) -> None:
        if not looked.acts:
            return
        standing = [match for match in looked.matches if not match.set_aside]
        best = min(standing, key=lambda match: match.distance)
        entry, near = (best.bank, best.source_id), any(match.is_copy for match in standing)
        same = [each for each in self._counted if each.entry == entry]
        if len(same) >= _MOST_OF_ONE:
            self._counted.remove(same[0])
        self._counted.append(Counted(at=frame.at, entry=entry, says=_says(best), pdq=frame.pdq, near=near))

    def _showing(self, known: KnownClips) -> tuple[ClipMatch, ...]:
        if not len(known):
            return ()
        recent = [frame for frame in self._frames if frame.at > self._now - WINDOW]
        return known.find(recent, least=0.0)

    def _stand(self) -> Stand:
        risk = self._risk()
        urgency = 1 - (1 - risk) ** (1 + math.log10(1 + self._audience) / 2)
        level = sum(urgency > least for least in LEVELS)
        rose, self._level = level > self._level, max(level, self._level)
        firm = self._firm or self._is_firm(risk)
        firmed, self._firm = firm and not self._firm, firm
        # Doubtful and much watched streams are looked at more often, quiet ones every few seconds.
        return Stand(
            risk=round(risk, 4),
            urgency=round(urgency, 4),
            level=self._level,
            new_level=rose,
            firm=firm,
            tell=rose or firmed,
            next_in=0.5 if risk else (1.0 if self._audience > 100 else 2.0),
            clips=self._clips,
        )

    def _is_firm(self, risk: float) -> bool:
        if self._clips or any(each.near for each in self._counted):
            return True
        return risk >= FIRM and any(_are_two(one, other) for one, other in combinations(self._counted, 2))

    def _risk(self) -> float:
        innocent = 1.0
        for each in self._counted:
            innocent *= 1 - each.says * 0.5 ** (max(0.0, self._now - each.at) / HALF_LIFE)
        for clip in self._clips:
            innocent *= (1 - _CLIP_FRAME) ** min(clip.frames, 12)
        return 1 - innocent


def _are_two(one: Counted, other: Counted) -> bool:
    """Whether two matches are two pieces of evidence: the same wrong picture shown again is one."""
    return abs(one.at - other.at) >= APART and _apart(one.pdq, other.pdq) > SAME


def _apart(one: str, other: str) -> int:
    return distance(bytes.fromhex(one), bytes.fromhex(other))


def _says(match: BankMatch) -> float:
    if match.kind != "pdq":
        return _NEAREST
    return _NEAREST - (_NEAREST - _FARTHEST) * min(match.distance, _RADIUS) / _RADIUS


def best_of(matches: Sequence[BankMatch]) -> BankMatch | None:
    """The nearest match, if there is one."""
    return min(matches, key=lambda match: match.distance, default=None)
