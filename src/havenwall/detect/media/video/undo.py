"""What may have been done to a whole video, such as mirroring or a frame around it, and how it is undone.

It is the same in every frame. So all variants are made of a few frames only, and where one of them is known,
the video is read again with that one thing undone in every frame.
"""

from __future__ import annotations

import msgspec

from havenwall.match.image import (
    LEAST_QUALITY,
    Box,
    Image,
    Pdq,
    Turn,
    View,
    opposite,
    parts,
    pdq,
    poses,
    turned_image,
    undone_name,
)


class Undo(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to undo: keep only `box`, which is what `view` was, turn it, and invert it or not."""

    view: View
    box: Box
    turn: Turn
    inverted: bool

    @property
    def name(self) -> str:
        """As a person reads it: `trimmed, mirrored`."""
        return undone_name(self.view, self.turn, inverted=self.inverted)

    def pdq(self, luma: Image) -> Pdq:
        """The hash of a frame, (H, W) uint8, with it undone."""
        part = self.box.of(luma)
        made = pdq(turned_image(part if part.size else luma, self.turn))
        value = opposite(made.value) if self.inverted else made.value
        return msgspec.structs.replace(made, value=value)


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a frame, and its hash in each turn as 64 digits."""

    view: View
    box: Box
    turns: dict[Turn, str]


class Varied(msgspec.Struct, frozen=True, kw_only=True):
    """The variants of one frame, seconds from the first one; inverted ones are not written out."""

    at: float
    parts: tuple[Part, ...]


def varied(at: float, luma: Image) -> Varied:
    """The variants of a frame, (H, W) uint8. Parts too plain to tell apart are left out."""
    made = ((view, box, poses(box.of(luma).copy())) for view, box in parts(luma))
    told = tuple(
        Part(view=view, box=box, turns={turn: each.value.hex() for turn, each in turns.items()})
        for view, box, turns in made
        if turns[Turn.AS_IS].quality >= LEAST_QUALITY
    )
    return Varied(at=at, parts=told)


def undos(frame: Varied) -> list[tuple[Undo, str]]:
    """Everything that can be undone in a frame, with the hash it then has; not the plain frame itself."""
    return [
        (Undo(view=part.view, box=part.box, turn=turn, inverted=inverted), _hex(value, inverted=inverted))
        for part in frame.parts
        for turn, value in part.turns.items()
        for inverted in (False, True)
        if (part.view, turn, inverted) != (View.WHOLE, Turn.AS_IS, False)
    ]


def _hex(value: str, *, inverted: bool) -> str:
    return opposite(bytes.fromhex(value)).hex() if inverted else value
