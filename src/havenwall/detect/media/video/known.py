"""Known clips, and which of them a video holds, wherever in it they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.detect.media.video.clip import ClipFrame, KnownClip
from havenwall.detect.media.video.score import best_chain
from havenwall.match.image import LEAST_QUALITY
from havenwall.match.index import RADIUS, build, code_of

LEAST_COVERAGE = 0.5
"""Share of the known clip's frames that a video must show. Shared intros and outros stay below."""
LEAST_FRAMES = 3
"""Frames of the known clip that must be found: one shared picture is no clip."""
_APART, _NEAREST, _SHORT, _JITTER = 1.0, 0.25, 12, 0.05
"""Seconds between the frames of a known clip that count; `_SHORT` is how many a short clip keeps."""
_MOST_PAIRS = 2_000_000
"""Pairs of matching frames looked at for a clip; a still scene matches itself at every moment."""


class ClipMatch(msgspec.Struct, frozen=True, kw_only=True):
    """A known clip that a video shows, and where."""

    clip: str
    list: str
    coverage: float
    """Share of the known clip's frames that were found, 0 … 1."""
    frames: int
    """How many that are."""
    start: float
    """Where in the video it begins, in seconds."""
    end: float
    distance: float
    """Mean bits between the frames that match."""
    note: str = ""
    form: str = ""
    """What was undone in every frame to find it, such as `trimmed, mirrored`."""


class KnownClips:
    """Known clips, ready to be searched. Frames too plain to tell apart are left out."""

    def __init__(self, clips: Iterable[KnownClip]) -> None:
        self._clips = tuple(clips)
        rows = [(number, frame) for number, clip in enumerate(self._clips) for frame in _thinned(clip)]
        self._clip = np.array([number for number, _ in rows], np.int64)
        self._at = np.array([frame.at for _, frame in rows])
        self._sizes = np.bincount(self._clip, minlength=len(self._clips))
        self._segment = build(_codes([frame for _, frame in rows]), np.arange(len(rows), dtype=np.int64))

    def __len__(self) -> int:
        return len(self._clips)

    def near(self, codes: Sequence[str], radius: int = RADIUS) -> list[int]:
        """Which of the hashes, 64 hexadecimal digits each, are near a frame of a known clip."""
        if not codes or not len(self._at):
            return []
        wanted = np.array([code_of(code) for code in codes], np.uint64).reshape(-1, 4)
        return [int(row) for row in np.unique(self._segment.search(wanted, radius)[0])]

    def find(
        self, frames: Sequence[ClipFrame], *, least: float = LEAST_COVERAGE, radius: int = RADIUS
    ) -> tuple[ClipMatch, ...]:
        """Clips of which the video shows the share `least` or more, best covered first."""
        told = [frame for frame in frames if frame.quality >= LEAST_QUALITY]
        if not told or not len(self._at):
            return ()
        # Still scenes repeat a hash: each is searched once.
        codes, back = np.unique(_codes(told), axis=0, return_inverse=True)
        found = self._segment.search(codes, radius)
        seen = np.array([frame.at for frame in told])
        matches = [
            self._match(clip, found, back.ravel(), seen) for clip in np.unique(self._clip[found.entry])
        ]
        kept = [each for each in matches if each and each.coverage >= least]
        return tuple(sorted(kept, key=lambda each: (-each.coverage, each.clip)))

    def _match(
        self,
        number: int,
        found: tuple[NDArray[np.int64], ...],
        back: NDArray[np.int64],
        seen: NDArray[np.float64],
    ) -> ClipMatch | None:
        query, entry, distance = found
        here = self._clip[entry] == number
        rows, times, apart = _pairs(query[here], entry[here], distance[here], back)
        chain = best_chain(self._at[rows], seen[times])
        if len(chain) < LEAST_FRAMES:
            return None
        clip, shown = self._clips[number], seen[times[chain]]
        return ClipMatch(
            clip=clip.id,
            list=clip.list,
            coverage=round(len(chain) / int(self._sizes[number]), 3),
            frames=len(chain),
            start=round(float(shown[0]), 2),
            end=round(float(shown[-1]), 2),
            distance=round(float(apart[chain].mean()), 1),
            note=clip.note,
        )


def _thinned(clip: KnownClip) -> list[ClipFrame]:
    """Frames that say something, one a second, or a dozen of a short clip. A list may hold every frame, and a
    video that is looked at four times a second could never show them all."""
    told = [frame for frame in clip.frames if frame.quality >= LEAST_QUALITY]
    span = told[-1].at - told[0].at if told else 0.0
    apart = min(max(span / _SHORT, _NEAREST), _APART)
    kept: list[ClipFrame] = []
    for frame in told:
        if not kept or frame.at - kept[-1].at >= apart - _JITTER:
            kept.append(frame)
    return kept


def _codes(frames: Sequence[ClipFrame]) -> NDArray[np.uint64]:
    return np.array([code_of(frame.pdq) for frame in frames], np.uint64).reshape(-1, 4)


def _pairs(
    query: NDArray[np.int64], entry: NDArray[np.int64], distance: NDArray[np.int64], back: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Known frame, video frame and distance of each pair, from hits of unique hashes."""
    order = np.argsort(back, kind="stable")
    first = np.searchsorted(back[order], query)
    counts = np.searchsorted(back[order], query, side="right") - first
    begins = np.cumsum(counts) - counts
    at = order[np.repeat(first - begins, counts) + np.arange(counts.sum())]
    # Every n-th frame of the video: it was looked at four times as often as the known clip.
    kept = at % (-(-len(at) // _MOST_PAIRS) or 1) == 0
    return np.repeat(entry, counts)[kept], at[kept], np.repeat(distance, counts)[kept]
