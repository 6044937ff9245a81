"""Every colour mode a decoder knows → 8-bit luma or RGB, over two backgrounds where it is transparent."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from havenwall.match import image as kernel

_GREY = ("L", "1")
_DEEP = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_HEIGHT_OF_16_BIT = 65535.0
_BACKGROUNDS = (("over white", 255), ("over black", 0))


def plain(image: Image.Image) -> Iterator[tuple[str, kernel.Image]]:
    """Pictures in `image` as (suffix of the name, (H, W) luma or (H, W, 3) RGB, uint8).

    One, or two when some of it is transparent: a picture that is plain on one background may be told on the
    other.
    """
    if image.mode in _DEEP:
        yield "", _eight_bits(np.asarray(image, np.float64))
    elif image.mode == "LAB":
        yield "", np.asarray(image.getchannel(0))
    elif image.has_transparency_data:
        yield from _flattened(image.convert("RGBA"))
    else:
        yield "", np.asarray(image.convert("L" if image.mode in _GREY else "RGB"))


def _flattened(image: Image.Image) -> Iterator[tuple[str, kernel.Image]]:
    if np.asarray(image.getchannel(3)).min() == 255:
        yield "", np.asarray(image.convert("RGB"))
        return
    for name, level in _BACKGROUNDS:
        ground = Image.new("RGBA", image.size, (level, level, level, 255))
        yield f" {name}", np.asarray(Image.alpha_composite(ground, image).convert("RGB"))


def _eight_bits(levels: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Deep grey levels as bytes; the scale is told by the highest: 1, 255, 16 bits, or itself."""
    levels = np.nan_to_num(levels, posinf=0, neginf=0)
    low, high = min(float(levels.min()), 0.0), float(levels.max())
    scale = next((top for top in (1.0, 255.0, _HEIGHT_OF_16_BIT) if high - low <= top), high - low)
    return ((levels - low) * (255 / scale)).astype(np.uint8)
