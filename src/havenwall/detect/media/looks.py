"""The first picture of a file, shown in other ways: small, grey, and blurred beyond recovery.

For `child`, as decoding is; what comes out is a new JPEG, so that nothing of the file reaches a browser but
its pixels.
"""

from __future__ import annotations

import io

import msgspec
import numpy as np
from PIL import Image

from havenwall.detect.media.decode import decode
from havenwall.detect.media.record import Look, Outcome, Pictures, Want

_SHARP, _COARSE = 88, 60
"""Quality of the JPEG: of a picture to look at, and of a blurred one."""


def look_at(data: bytes, want: Want) -> Pictures:
    """The first picture of a file in the ways of `want.looks`. Never raises, as `decode`."""
    limits = msgspec.structs.replace(want.limits, most_frames=1, most_seeks=1)
    decoded = decode(data, limits, reference=True)
    if not decoded.frames:
        return Pictures(outcome=decoded.outcome, reason=decoded.reason)
    try:
        picture = Image.fromarray(decoded.frames[0].pixels)
        shown = {look.name: _jpeg(_look(picture, look), look) for look in want.looks}
    except MemoryError:
        return Pictures(outcome=Outcome.UNREADABLE, reason="showing needs more memory than it may have")
    return Pictures(outcome=decoded.outcome, reason=decoded.reason, looks=shown)


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


def _jpeg(picture: Image.Image, look: Look) -> bytes:
    room = io.BytesIO()
    picture.save(room, "JPEG", quality=_COARSE if look.cells else _SHARP)
    return room.getvalue()
