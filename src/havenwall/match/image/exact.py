"""PDQ's numbers with the reference's own float32 rounding, step for step.

The fast way sums in another order, so its numbers differ in the last digits. That only matters where two of
them are so close together that rounding alone decides a bit; there `pdq` comes here instead. The reference's
filter is a running sum along each line: here one step does all lines at once, with the same rounding.
"""

from __future__ import annotations

import numpy as np

from havenwall.match.compiled import njit
from havenwall.match.image.shrink import LUMA, SIDE, Image, Plane, centres, window
from havenwall.match.image.transform import COSINES


def luma(image: Image) -> Plane:
    """Luma as the reference makes it from (H, W, 3) RGB; (H, W) luma as float32."""
    if image.ndim == 2:
        return image.astype(np.float32)
    total = image[..., 0] * LUMA[0]
    for channel in (1, 2):
        total += image[..., channel] * LUMA[channel]
    return total.astype(np.float32)


@njit(cache=True)
def _slide(plane: Plane, result: Plane, width: int) -> None:
    """Box filter down the columns: each step adds the row that enters and takes off the one that leaves."""
    length, ahead = plane.shape[0], (width + 2) // 2
    running, count = np.zeros(plane.shape[1], np.float32), 0
    for entering in range(length + ahead - 1):
        if entering < length:
            running += plane[entering]
            count += 1
        if entering >= width:
            running -= plane[entering - width]
            count -= 1
        if entering >= ahead - 1:
            result[entering - ahead + 1] = running / np.float32(count)


def _box(plane: Plane) -> Plane:
    result = np.empty_like(plane)
    _slide(plane, result, window(plane.shape[0]))
    return result


def _across(plane: Plane) -> Plane:
    return np.ascontiguousarray(_box(np.ascontiguousarray(plane.T)).T)


def shrink(image: Image) -> Plane:
    """As `shrink.shrink`, (64, 64), with the reference's rounding; of (H, W) luma or (H, W, 3) RGB."""
    plane = luma(image)
    if plane.shape == (SIDE, SIDE):
        return plane
    twice = _across(_box(_across(plane)))
    # Columns that decimation drops need no last filter.
    return _box(np.ascontiguousarray(twice[:, centres(plane.shape[1])]))[centres(plane.shape[0])]


def cosines(small: Plane) -> Plane:
    """The 16 × 16 lowest frequencies of (64, 64), summed one term after the other."""
    rows = np.add.accumulate(COSINES[:, :, None] * small[None], axis=1)[:, -1]
    return np.asarray(np.add.accumulate(rows[:, None, :] * COSINES[None], axis=2)[..., -1], np.float32)
