"""Hashes of a picture turned and mirrored in all eight ways, from one transform.

Mirroring a picture changes the sign of its odd frequencies along that axis; a quarter turn is a mirroring and
a swap of the axes. So seven more hashes cost seven more medians, not seven more blurs.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from havenwall.match.image.exact import luma
from havenwall.match.image.pdq import Pdq, check, hashes
from havenwall.match.image.shrink import Image, Plane


class Turn(StrEnum):
    """What was done to the picture before it was hashed; rotations are counter-clockwise."""

    AS_IS = "as is"
    ROTATED_90 = "rotated 90"
    ROTATED_180 = "rotated 180"
    ROTATED_270 = "rotated 270"
    UPSIDE_DOWN = "upside down"
    MIRRORED = "mirrored"
    TRANSPOSED = "transposed"
    TRANSVERSED = "transversed"


def turned_image(image: Image, turn: Turn) -> Image:
    """A picture, (H, W, …), turned."""
    swapped = image.swapaxes(0, 1)
    made = {
        Turn.AS_IS: image,
        Turn.ROTATED_90: swapped[::-1],
        Turn.ROTATED_180: image[::-1, ::-1],
        Turn.ROTATED_270: swapped[:, ::-1],
        Turn.UPSIDE_DOWN: image[::-1],
        Turn.MIRRORED: image[:, ::-1],
        Turn.TRANSPOSED: swapped,
        Turn.TRANSVERSED: swapped[::-1, ::-1],
    }
    return made[turn].copy()


def dihedral(image: Image) -> dict[Turn, Pdq]:
    """The eight hashes as the reference gives them, all of one quality. Arguments and errors as in `pdq`.

    They lie a few bits, up to about 20, from the hashes of the turned pictures: the reference keeps pixels
    a little off the middle. Pictures of exactly 64 × 64 pixels, which the reference blurs here and not in its
    plain hash, are left as they are in both.
    """
    return dict(zip(Turn, hashes(image, turned), strict=True))


def poses(image: Image) -> dict[Turn, Pdq]:
    """The eight hashes that the turned pictures themselves have, for four blurs instead of one.

    Equal to `pdq` of the turned picture but for rounding; the one as it is, to the bit. Arguments and errors
    as in `pdq`.
    """
    check(image)
    found: dict[Turn, Pdq] = {}
    plane = luma(image)
    for flipped, (straight, swapped), certain in (
        (image, (Turn.AS_IS, Turn.TRANSPOSED), 1),
        (plane[:, ::-1], (Turn.MIRRORED, Turn.ROTATED_90), 0),
        (plane[::-1], (Turn.UPSIDE_DOWN, Turn.ROTATED_270), 0),
        (plane[::-1, ::-1], (Turn.ROTATED_180, Turn.TRANSVERSED), 0),
    ):
        both = hashes(flipped, lambda frequencies: (frequencies, frequencies.T), certain=certain)
        found[straight], found[swapped] = both
    return found


def turned(frequencies: Plane) -> tuple[Plane, ...]:
    """Frequencies of the picture in its eight positions, in the order of `Turn`; eight of (16, 16)."""
    # Row 0 is frequency 1, which is odd.
    signs = np.where(np.arange(frequencies.shape[0]) % 2 == 0, np.float32(-1), np.float32(1))
    mirrored, upside_down = frequencies * signs, frequencies * signs[:, None]
    rotated_180 = mirrored * signs[:, None]
    return (
        frequencies,
        mirrored.T,
        rotated_180,
        upside_down.T,
        upside_down,
        mirrored,
        frequencies.T,
        rotated_180.T,
    )
