"""Where the picture is inside what was put around it: padding, letterbox, captions, a screenshot's bars.

A side is cut as long as its lines have one colour, the one of the outermost line. `bridged` also cuts through
narrow bands that are not plain (a line of text, a row of symbols) when plain lines of the same colour follow.
"""

from __future__ import annotations

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.match.image.shrink import Image

_ALIKE = 8
"""Grey levels; what strong JPEG compression does to a plain area stays below."""

_PLAIN = 0.97
_TEXT_BAND = 0.07
_LEAST_SHARE = 0.25
_CHUNK = 64


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a picture in pixels: rows `top` to before `bottom`, columns `left` to before `right`."""

    top: int
    bottom: int
    left: int
    right: int

    def of(self, image: Image) -> Image:
        """This part of (H, W, …)."""
        return image[self.top : self.bottom, self.left : self.right]


def trim(plane: Image, *, bridged: bool = False, rounds: int = 1) -> Box:
    """The part of (H, W) grey levels inside its borders; everything when there are none.

    With more `rounds` a letterbox inside padding of another colour goes too, and sometimes a plain edge of
    the photo itself. What would leave less than a quarter of a side is no border.
    """
    box = Box(top=0, bottom=plane.shape[0], left=0, right=plane.shape[1])
    before = None
    for _ in range(rounds):
        if box == before:
            break
        before, inside = box, box.of(plane)
        top, bottom = _ends(inside, bridged=bridged)
        if top >= bottom:
            return before
        left, right = _ends(inside[top:bottom].T, bridged=False)
        box = Box(top=box.top + top, bottom=box.top + bottom, left=box.left + left, right=box.left + right)
        if left >= right or not _enough(box, plane.shape):
            return before
    return box


def unbar(plane: Image) -> Box:
    """The part of (H, W) grey levels between what is above and below it; its own plain sides stay."""
    height, width = plane.shape
    top, bottom = _ends(plane, bridged=True)
    whole = top >= bottom or bottom - top < height * _LEAST_SHARE
    return Box(top=0 if whole else top, bottom=height if whole else bottom, left=0, right=width)


def uncaption(plane: Image, *, above: bool) -> Box:
    """The part of (H, W) grey levels without the band of text above it, or below; no other side is cut."""
    height, width = plane.shape
    lines = plane if above else plane[::-1]
    cut = _border(lines[: int(height * (1 - _LEAST_SHARE))], int(height * _TEXT_BAND))
    return Box(top=cut if above else 0, bottom=height if above else height - cut, left=0, right=width)


def _enough(box: Box, shape: tuple[int, ...]) -> bool:
    tall, wide = box.bottom - box.top, box.right - box.left
    return tall >= shape[0] * _LEAST_SHARE and wide >= shape[1] * _LEAST_SHARE


def _ends(lines: Image, *, bridged: bool) -> tuple[int, int]:
    """First and past-the-last line that is not border."""
    most = int(len(lines) * (1 - _LEAST_SHARE))
    gap = int(len(lines) * _TEXT_BAND) if bridged else 0
    start = _border(lines[:most], gap)
    return start, len(lines) - _border(lines[start:][::-1][:most], gap)


def _border(lines: Image, gap: int) -> int:
    """How many lines from the first belong to a border, where up to `gap` in a row may not be plain."""
    if not len(lines):
        return 0
    colour = _middle(lines[0])
    # Most pictures have no border, which the first few lines tell.
    start, end, step = 0, 0, gap + 1
    while start < len(lines):
        chunk = lines[start : start + step]
        for at in np.flatnonzero(_alike(chunk, colour) >= _PLAIN):
            if start + at - end > gap:
                return end
            end = start + int(at) + 1
        start, step = start + len(chunk), _CHUNK
        if start - end > gap:
            return end
    return end


def _middle(line: Image) -> int:
    """The median grey level of a line."""
    half = len(line) // 2
    below, above = len(line) - 1 - half, half
    ranked = np.partition(line, (below, above))
    return (int(ranked[below]) + int(ranked[above])) // 2


def _alike(lines: Image, colour: int) -> NDArray[np.float64]:
    """Share of each line's pixels that have about this grey level."""
    low, high = max(colour - _ALIKE, 0), min(colour + _ALIKE, 255)
    # What is darker than `low` wraps around to more than any that is within.
    near = lines.astype(np.uint8, copy=False) - np.uint8(low) <= np.uint8(high - low)
    return np.bitwise_count(np.packbits(near, axis=1)).sum(axis=1) / lines.shape[1]
