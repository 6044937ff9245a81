"""Which change to a whole video is worth undoing: those by which some of its frames are in a known clip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from havenwall.detect.media.video.clip import Clip
from havenwall.detect.media.video.known import ClipMatch, KnownClips
from havenwall.detect.media.video.undo import Undo, Varied, undos
from havenwall.match.image import Box, Turn, View

MOST = 2
"""Changes that are tried: each has the video read once more."""
_Change = tuple[View, Turn, bool]


def found_undone(known: KnownClips, clip: Clip, again: Callable[[Undo], Clip]) -> tuple[ClipMatch, ...]:
    """Known clips that a video holds, best covered first; changed ones where no plain one is in it.

    Args:
        again: reads the video once more, with a change undone in every frame.
    """
    found = list(known.find(clip.frames))
    for undo in () if found else suspects(known, clip.varied):
        shown = known.find(again(undo).frames)
        found += [msgspec.structs.replace(match, form=undo.name) for match in shown]
    return tuple(sorted(found, key=lambda each: (-each.coverage, each.clip)))


def suspects(known: KnownClips, frames: Sequence[Varied]) -> list[Undo]:
    """The changes by which most frames are near one of a known clip, at most `MOST`.

    The box of each is the one that most of those frames have: a dark scene may hide where its frame ends.
    """
    rows = [(number, each, value) for number, frame in enumerate(frames) for each, value in undos(frame)]
    seen: dict[_Change, set[int]] = {}
    boxes: dict[_Change, Counter[Box]] = {}
    for row in known.near([value for *_, value in rows]):
        number, each, _ = rows[row]
        change = (each.view, each.turn, each.inverted)
        seen.setdefault(change, set()).add(number)
        boxes.setdefault(change, Counter())[each.box] += 1
    order = sorted(seen, key=lambda change: (-len(seen[change]), _ORDER[change[0]], change[1], change[2]))
    return [_undo(change, boxes[change]) for change in order[:MOST]]


def spread(frames: Sequence[Varied], most: int) -> list[Varied]:
    """At most so many of the frames, from all over."""
    if len(frames) <= most:
        return list(frames)
    return [frames[at] for at in np.linspace(0, len(frames) - 1, most).astype(int)]


_ORDER = {view: place for place, view in enumerate(View)}


def _undo(change: _Change, boxes: Counter[Box]) -> Undo:
    view, turn, inverted = change
    return Undo(view=view, turn=turn, inverted=inverted, box=boxes.most_common(1)[0][0])
