"""Pictures in the form a model wants."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.detect.classifiers.base import Picture


class Pixels(msgspec.Struct, frozen=True, kw_only=True):
    """Side in pixels, order of the axes, and what is taken off and divided by, of values from 0 to 1."""

    side: int = 224
    channels_first: bool = True
    mean: tuple[float, float, float] = (0.0, 0.0, 0.0)
    deviation: tuple[float, float, float] = (1.0, 1.0, 1.0)


def as_tensor(picture: Picture, pixels: Pixels) -> NDArray[np.float32]:
    """(3, side, side), or (side, side, 3) with channels last; resized bilinearly, its shape not kept."""
    tall, wide = picture.shape[:2]
    rows, columns = _weights(tall, pixels.side), _weights(wide, pixels.side)
    small = np.einsum("ih,hwc,jw->ijc", rows, picture.astype(np.float32) / 255.0, columns, optimize=True)
    normal = (small - np.array(pixels.mean)) / np.array(pixels.deviation)
    return np.ascontiguousarray(normal.transpose(2, 0, 1) if pixels.channels_first else normal, np.float32)


def _weights(size: int, side: int) -> NDArray[Any]:
    """(side, size) what each old pixel adds to each new one: a triangle as wide as the scale, or 1."""
    scale = max(size / side, 1.0)
    centre = (np.arange(side)[:, None] + 0.5) * size / side
    near = np.maximum(0.0, 1.0 - np.abs(np.arange(size)[None, :] + 0.5 - centre) / scale)
    return np.asarray(near / near.sum(axis=1, keepdims=True), np.float32)
