"""The 64 × 64 picture PDQ looks at: blurred and decimated, as two products with narrow cached matrices.

The reference runs two box filters along each axis and then keeps every n-th pixel. All of that is linear and
separable, so one matrix per axis does it; a row of it touches only the few pixels around the one it keeps.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Image = NDArray[np.uint8] | Plane
Band = tuple[slice, slice, Plane]

SIDE = 64
LUMA = (0.299, 0.587, 0.114)
_GROUPS = 16


def window(length: int) -> int:
    """Width in pixels of the box filter along an axis of this length."""
    return (length + 2 * SIDE - 1) // (2 * SIDE)


def centres(length: int) -> NDArray[np.int64]:
    """The pixels decimation keeps along an axis of this length; (64,)."""
    return ((np.arange(SIDE) + 0.5) * length / SIDE).astype(np.int64)


def spans(length: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and past-the-last pixel under the box filter at each pixel; two of (length,)."""
    width, at = window(length), np.arange(length)
    ahead = (width + 2) // 2
    return np.maximum(at + ahead - width, 0), np.minimum(at + ahead, length)


def weights(length: int) -> NDArray[np.float64]:
    """What each pixel along an axis gives to each of the 64 kept ones; (64, length), rows sum to one."""
    first, past = spans(length)
    share = 1.0 / (past - first)
    rows = np.zeros((SIDE, length + 1))
    for row, centre in zip(rows, centres(length), strict=True):
        under = slice(first[centre], past[centre])
        np.add.at(row, first[under], share[under] * share[centre])
        np.subtract.at(row, past[under], share[under] * share[centre])
    return np.cumsum(rows, axis=1)[:, :length]


@lru_cache(maxsize=512)
def bands(length: int) -> tuple[Band, ...]:
    """`weights` cut into groups of rows: (rows, the pixels they touch, their weights) of each group."""
    full = weights(length)
    first, past = spans(length)
    middle = centres(length)
    result = []
    for start in range(0, SIDE, SIDE // _GROUPS):
        rows = slice(start, start + SIDE // _GROUPS)
        left, right = first[first[middle[rows.start]]], past[past[middle[rows.stop - 1]] - 1]
        part = np.ascontiguousarray(full[rows, left:right], dtype=np.float32)
        part.setflags(write=False)
        result.append((rows, slice(int(left), int(right)), part))
    return tuple(result)


def _down(pixels: Image) -> Plane:
    """(H, N) → (64, N). Bytes become floats a group at a time, which stays inside the processor's cache."""
    cut = bands(pixels.shape[0])
    result = np.empty((SIDE, pixels.shape[1]), np.float32)
    room = np.empty((max(part.shape[1] for _, _, part in cut), pixels.shape[1]), np.float32)
    for rows, touched, part in cut:
        floats = room[: part.shape[1]]
        floats[...] = pixels[touched]
        np.matmul(part, floats, out=result[rows])
    return result


def _across(tall: Plane) -> Plane:
    """(n, W) → (n, 64)."""
    result = np.empty((len(tall), SIDE), np.float32)
    for rows, touched, part in bands(tall.shape[1]):
        result[:, rows] = tall[:, touched] @ part.T
    return result


def shrink(image: Image) -> Plane:
    """Luma of `image`, blurred and decimated; (64, 64).

    Args:
        image: (H, W) luma, uint8 or float32, or (H, W, 3) RGB, uint8.
    """
    if image.shape[:2] != (SIDE, SIDE):
        return _across(_tall(image))
    return (image if image.ndim == 2 else image @ np.array(LUMA)).astype(np.float32)


def shrink_flipped(image: Image) -> tuple[Plane, Plane, Plane, Plane]:
    """`shrink` of a picture as it is, mirrored, upside down and both, for two passes over it instead of four.

    Not for pictures of 64 × 64, which are not blurred.
    """
    straight, upturned = _tall(image), _tall(image[::-1])
    four = _across(np.concatenate((straight, straight[:, ::-1], upturned, upturned[:, ::-1])))
    return four[:SIDE], four[SIDE : 2 * SIDE], four[2 * SIDE : 3 * SIDE], four[3 * SIDE :]


def _tall(image: Image) -> Plane:
    """(64, W) luma."""
    if image.ndim == 2:
        return _down(image)
    height, width = image.shape[:2]
    tall = _down(image.reshape(height, 3 * width)).reshape(SIDE, width, 3)
    return np.asarray(tall @ np.array(LUMA, np.float32))
