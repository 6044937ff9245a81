"""The first picture of a file, shown in other ways: small, grey, and blurred beyond recovery.

For `child`, as decoding is; what comes out is a new JPEG or plain pixels, so that nothing of the file reaches
a browser or a classifier but its pixels.
"""

from __future__ import annotations

import io
import struct

import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from havenwall.detect.media.decode import decode
from havenwall.detect.media.record import Look, Outcome, Pictures, Want

_SHARP, _COARSE = 88, 60
"""Quality of the JPEG: of a picture to look at, and of a blurred one."""
_SIZE = struct.Struct("<II")
"""Before raw pixels: height and width."""


def look_at(data: bytes, want: Want) -> Pictures:
    """The first picture of a file in the ways of `want.looks`. Never raises, as `decode`."""
    limits = msgspec.structs.replace(want.limits, most_frames=1, most_seeks=1)
    decoded = decode(data, limits, reference=True)
    if not decoded.frames:
        return Pictures(outcome=decoded.outcome, reason=decoded.reason)
    try:
        picture = Image.fromarray(decoded.frames[0].pixels)
        shown = {look.name: _made(_look(picture, look), look) for look in want.looks}
    except MemoryError:
        return Pictures(outcome=Outcome.UNREADABLE, reason="showing needs more memory than it may have")
    return Pictures(outcome=decoded.outcome, reason=decoded.reason, looks=shown)


def raw_pixels(told: bytes) -> NDArray[np.uint8]:
    """(height, width, 3) of a look that was asked for `raw`.

    Raises:
        ValueError: it is no such thing; the process that made it is trusted with nothing.
    """
    if len(told) <= _SIZE.size:
        raise ValueError("no pixels")
    tall, wide = _SIZE.unpack_from(told)
    if len(told) - _SIZE.size != 3 * tall * wide:
        raise ValueError(f"{len(told)} bytes for {tall} × {wide} pixels")
    return np.frombuffer(told, np.uint8, offset=_SIZE.size).reshape(tall, wide, 3)


def _look(picture: Image.Image, look: Look) -> Image.Image:
    shown = picture.convert("L" if look.grey else "RGB")
    size = _within(shown.size, look.side)
    if look.cells:
        # An average over the area of each cell: no pixel of the picture is in it as it was.
        shown = shown.resize(_within(shown.size, look.cells), Image.Resampling.BOX)
        return shown.resize(size, Image.Resampling.BICUBIC)
    return shown if shown.size == size else shown.resize(size, Image.Resampling.LANCZOS)


def _within(size: tuple[int, int], side: int) -> tuple[int, int]:
    share = min(1.0, side / max(size))
    width, height = np.maximum(1, np.round(np.array(size) * share)).astype(int)
    return int(width), int(height)


def _made(picture: Image.Image, look: Look) -> bytes:
    if look.raw:
        return _SIZE.pack(picture.height, picture.width) + picture.convert("RGB").tobytes()
    room = io.BytesIO()
    picture.save(room, "JPEG", quality=_COARSE if look.cells else _SHARP)
    return room.getvalue()
