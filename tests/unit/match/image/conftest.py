import numpy as np
import pytest


def _grown(grid, height, width):
    """(n, m) whole numbers, drawn out to (height, width) by straight lines between them."""
    rows, columns = grid.shape[0] - 1, grid.shape[1] - 1
    down, across = np.arange(height) * rows, np.arange(width) * columns
    top, into = down // height, (down % height)[:, None]
    tall = grid[top] * (height - into) + grid[top + 1] * into
    left, into = across // width, across % width
    return tall[:, left] * (width - into) + tall[:, left + 1] * into


def scene(height, width, seed=1):
    """A picture with detail of every size, from whole numbers only: the same on every machine.

    (H, W, 3) uint8.
    """
    rng = np.random.default_rng(seed)
    channels = []
    for _ in range(3):
        total = sum(
            share * _grown(rng.integers(0, 256, (fine, fine)), height, width)
            for fine, share in ((4, 5), (9, 4), (18, 3))
        )
        channels.append((total - total.min()) * 255 // (total.max() - total.min()))
    return np.ascontiguousarray(np.stack(channels, axis=-1), np.uint8)


@pytest.fixture(scope="session", name="scene")
def scene_maker():
    return scene
