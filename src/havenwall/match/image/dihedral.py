"""Hashes of a picture turned and mirrored in all eight ways, from one transform.

Mirroring a picture changes the sign of its odd frequencies along that axis; a quarter turn is a mirroring and
a swap of the axes. So seven more hashes cost seven more medians, not seven more blurs.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from havenwall.match.image.pdq import Pdq, check, hashes, is_small
from havenwall.match.image.shrink import Image, Plane, shrink_flipped


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


_ALL, _BACK = slice(None), slice(None, None, -1)
_POSES = (
    ((_ALL, _ALL), (Turn.AS_IS, Turn.TRANSPOSED), 1),
    ((_ALL, _BACK), (Turn.MIRRORED, Turn.ROTATED_90), 0),
    ((_BACK, _ALL), (Turn.UPSIDE_DOWN, Turn.ROTATED_270), 0),
    ((_BACK, _BACK), (Turn.ROTATED_180, Turn.TRANSVERSED), 0),
)
"""The ways to flip a picture, in the order of `shrink_flipped`; what each and its transpose is; and how many
of the two must be those of the reference to the bit."""


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
    """The eight hashes that the turned pictures themselves have, for two blurs instead of eight.

    Equal to `pdq` of the turned picture but for rounding; the one as it is, to the bit. Arguments and errors
    as in `pdq`.
    """
    check(image)
    smalls = (None,) * len(_POSES) if is_small(image) else shrink_flipped(image)
    found: dict[Turn, Pdq] = {}
    for (flip, (straight, swapped), certain), small in zip(_POSES, smalls, strict=True):
        both = hashes(
            image[flip], lambda frequencies: (frequencies, frequencies.T), certain=certain, small=small
        )
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
