"""Hashes to look up for one picture, so that framing, turning, mirroring or inverting it hides nothing.

Lists hold the hash of the plain picture. What a re-poster adds is undone on the side of the query.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from havenwall.match.image.dihedral import Turn, poses
from havenwall.match.image.pdq import LEAST_QUALITY, check
from havenwall.match.image.shrink import Image
from havenwall.match.image.trim import Box, trim, unbar, uncaption

_ROUNDS = 4
_OPPOSITE = bytes(range(255, -1, -1))


class View(StrEnum):
    """Which part of the picture was hashed."""

    WHOLE = "whole"
    TRIMMED = "trimmed"
    WITHOUT_BARS = "without bars"
    UNFRAMED = "unframed"
    BELOW_CAPTION = "below the caption"
    ABOVE_CAPTION = "above the caption"


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """One hash to look up: `value` 32 bytes, of `view` put through `turn`, its colours inverted or not."""

    view: View
    turn: Turn
    inverted: bool
    value: bytes
    quality: int

    @property
    def name(self) -> str:
        """See `undone_name`."""
        return undone_name(self.view, self.turn, inverted=self.inverted)


def undone_name(view: View, turn: Turn, *, inverted: bool) -> str:
    """What was undone, as a person reads it: `trimmed, rotated 90, inverted`."""
    named = (view.value, "" if turn is Turn.AS_IS else turn.value, "inverted" if inverted else "")
    return ", ".join(filter(None, named))


def opposite(value: bytes) -> bytes:
    """The hash of the picture with its colours inverted."""
    # That changes the sign of every frequency, so what was above the median is below.
    return value.translate(_OPPOSITE)


def variants(image: Image, *, least_quality: int = LEAST_QUALITY) -> tuple[Variant, ...]:
    """All variants, the plain one first and no hash twice; at most 96.

    Parts of a quality below `least_quality` are left out, except the plain picture: it always comes, alone
    if it is too plain itself. Arguments and errors as in `pdq`.
    """
    check(image)
    seen: dict[bytes, Variant] = {}
    for view, box in parts(image):
        for variant in _of(view, image if view is View.WHOLE else box.of(image).copy()):
            plain = view is View.WHOLE and variant.turn is Turn.AS_IS and not variant.inverted
            if plain or variant.quality >= least_quality:
                seen.setdefault(variant.value, variant)
    return tuple(seen.values())


def parts(image: Image) -> Iterator[tuple[View, Box]]:
    """The parts of a picture that may be what was framed, the whole one first and none twice."""
    # Green is most of luma, and a plain border is plain in it.
    plane = image if image.ndim == 2 else image[..., 1]
    seen = [Box(top=0, bottom=plane.shape[0], left=0, right=plane.shape[1])]
    yield View.WHOLE, seen[0]
    for view, box in (
        (View.TRIMMED, trim(plane)),
        (View.WITHOUT_BARS, unbar(plane)),
        (View.UNFRAMED, trim(plane, bridged=True, rounds=_ROUNDS)),
        (View.BELOW_CAPTION, uncaption(plane, above=True)),
        (View.ABOVE_CAPTION, uncaption(plane, above=False)),
    ):
        if box not in seen:
            seen.append(box)
            yield view, box


def _of(view: View, part: Image) -> Iterator[Variant]:
    for turn, made in poses(part).items():
        yield Variant(view=view, turn=turn, inverted=False, value=made.value, quality=made.quality)
        value = opposite(made.value)
        yield Variant(view=view, turn=turn, inverted=True, value=value, quality=made.quality)
