"""Small films of drawn pictures, made by the tests."""

from pathlib import Path

import av
import numpy as np
from tests.unit.match.image.conftest import scene

HEIGHT, WIDTH, FPS = 144, 192, 8


def film(path: Path, parts, *, codec="mpeg4", fmt=None, fps=FPS, change=None):
    """`parts`: (number of the scene, seconds) one after the other; each scene is panned. 0 is black.
    `change` is made to each picture, (H, W, 3) of even sides."""
    change = change or (lambda pixels: pixels)
    height, width = change(np.zeros((HEIGHT, WIDTH, 3), np.uint8)).shape[:2]
    with av.open(str(path), "w", format=fmt) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.height, stream.width = height, width
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.bit_rate = 3_000_000
        for pixels in _pictures(parts, fps):
            for packet in stream.encode(_frame(change(pixels))):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


def _frame(pixels):
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")


def mirrored(pixels):
    return pixels[:, ::-1]


def padded(pixels):
    return np.pad(pixels, ((60, 40), (48, 48), (0, 0)), constant_values=20)


def barred(pixels):
    return np.pad(pixels, ((90, 90), (0, 0), (0, 0)))


def inverted(pixels):
    return 255 - pixels


def _pictures(parts, fps):
    for number, seconds in parts:
        whole = scene(HEIGHT + 30, WIDTH + 60, number) if number else None
        count = int(seconds * fps)
        for at in range(count):
            x = at * 60 // count
            if whole is None:
                yield np.zeros((HEIGHT, WIDTH, 3), np.uint8)
            else:
                yield np.ascontiguousarray(whole[x // 2 : x // 2 + HEIGHT, x : x + WIDTH])
