"""PDQ, bit for bit as the reference computes it, several times faster.

Paper: Meta, *The TMK+PDQF Video-Hashing Algorithm and the PDQ Image-Hashing Algorithm* (2019). A picture is
blurred and decimated to 64 × 64; a bit of its hash says whether one of the 16 × 16 lowest frequencies is
above their median.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import zip_longest

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.match.image import exact
from havenwall.match.image.hexes import words_of
from havenwall.match.image.shrink import Image, Plane, shrink
from havenwall.match.image.transform import bits, cosines, quality, slack

LEAST_QUALITY = 50
"""Hashes of lesser quality describe pictures too plain to tell apart; they match by chance."""

_LEAST_SIDE = 5
_SMALL = 128


class Pdq(msgspec.Struct, frozen=True, kw_only=True):
    """A PDQ hash: `value` 32 bytes, `quality` 0 … 100."""

    value: bytes
    quality: int

    @property
    def hex(self) -> str:
        """64 hexadecimal digits, as lists write it."""
        return self.value.hex()

    @property
    def words(self) -> NDArray[np.uint64]:
        """(4,) uint64, the first one made of the first 16 digits."""
        return words_of(self.value)


class Spectrum(msgspec.Struct, frozen=True, kw_only=True):
    """What hashes are made of: `frequencies` (16, 16), and how far rounding may have moved each."""

    frequencies: Plane
    quality: int
    within: Plane | None


def pdq(image: Image) -> Pdq:
    """The PDQ hash of a picture. One with a side under 5 pixels has the zero hash and quality 0.

    Args:
        image: (H, W) luma, float32 or uint8, 0 … 255; or (H, W, 3) RGB, uint8.

    Raises:
        BadInput: another shape or type, or a luma that is no finite number.
    """
    return hashes(image, lambda frequencies: (frequencies,))[0]


def hashes(
    image: Image,
    forms: Callable[[Plane], tuple[Plane, ...]],
    *,
    certain: int | None = None,
    small: Plane | None = None,
) -> tuple[Pdq, ...]:
    """Hashes of what `forms` makes of the picture's frequencies: (16, 16) → any number of (16, 16).

    Where rounding could decide a bit of the first `certain` forms (of any, by default), all are made again
    with the reference's own rounding. `small`: what `shrink` makes of the picture, where it is known.
    """
    check(image)
    if min(image.shape[:2]) < _LEAST_SIDE:
        return tuple(Pdq(value=bytes(32), quality=0) for _ in forms(np.zeros((16, 16), np.float32)))
    fast = _fast(image, small, surely=certain != 0)
    return _made(fast, forms, certain) or _made(_exact(image), forms, certain) or ()


def check(image: Image) -> None:
    """Raises BadInput unless `image` has a shape and type that `pdq` takes."""
    colour = image.ndim == 3 and image.shape[2] == 3 and image.dtype == np.uint8
    grey = image.ndim == 2 and image.dtype in (np.uint8, np.float32)
    if not (colour or grey):
        raise BadInput(
            f"{image.dtype} of shape {image.shape} is no picture",
            field="image",
            hint="give (height, width) luma as float32 or uint8, or (height, width, 3) RGB as uint8",
        )


def is_small(image: Image) -> bool:
    """Whether a picture is hashed with the reference's own rounding in any case.

    Its filters are one pixel wide: errors add up there instead of averaging out.
    """
    return max(image.shape[:2]) <= _SMALL


def _fast(image: Image, small: Plane | None, *, surely: bool) -> Spectrum | None:
    if is_small(image):
        return None
    longest = max(image.shape[:2])
    small = _finite(shrink(image) if small is None else small)
    brightest = 255.0 if image.dtype == np.uint8 else float(np.abs(small).max())
    drift, within = slack(longest, max(brightest, 1.0))
    points = quality(small, drift if surely else 0)
    return None if points is None else Spectrum(frequencies=cosines(small), quality=points, within=within)


def _exact(image: Image) -> Spectrum:
    small = _finite(exact.shrink(image))
    return Spectrum(frequencies=exact.cosines(small), quality=quality(small, 0) or 0, within=None)


def _finite(small: Plane) -> Plane:
    if not np.isfinite(small).all():
        raise BadInput("a luma is no finite number", field="image", hint="give values from 0 to 255")
    return small


def _made(
    spectrum: Spectrum | None, forms: Callable[[Plane], tuple[Plane, ...]], certain: int | None
) -> tuple[Pdq, ...] | None:
    if spectrum is None:
        return None
    wanted = forms(spectrum.frequencies)
    shaken = () if spectrum.within is None else forms(spectrum.within)[:certain]
    made = [bits(form, within) for form, within in zip_longest(wanted, shaken)]
    if any(one is None for one in made):
        return None
    # The reference writes its highest bit first.
    values = (np.packbits(one[::-1]).tobytes() for one in made if one is not None)
    return tuple(Pdq(value=value, quality=spectrum.quality) for value in values)
