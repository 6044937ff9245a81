"""Small films of drawn pictures, made by the tests."""

from pathlib import Path

import av
import numpy as np
from tests.unit.match.image.conftest import scene

HEIGHT, WIDTH, FPS = 144, 192, 8


def film(path: Path, parts, *, codec="mpeg4", fmt=None, fps=FPS):
    """`parts`: (number of the scene, seconds) one after the other; each scene is panned. 0 is black."""
    with av.open(str(path), "w", format=fmt) as container:
        stream = container.add_stream(codec, rate=fps)
        stream.height, stream.width = HEIGHT, WIDTH
        stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        stream.bit_rate = 3_000_000
        for pixels in _pictures(parts, fps):
            for packet in stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path


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
