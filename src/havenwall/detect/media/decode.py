"""Bytes → pictures, whatever the bytes are: every picture upright, in luma or RGB, with 8 bits.

Only formats that a decoder in this process reads are tried: none that starts a program. Not for threads (it
silences the decoder's warnings for the time being); `child` runs it in a process of its own.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator

import msgspec
import numpy as np
from PIL import Image, UnidentifiedImageError

from havenwall.detect.media.modes import plain
from havenwall.detect.media.record import Limits, Outcome
from havenwall.match import image as kernel

FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "DIB", "TIFF", "AVIF", "JPEG2000", "PPM", "ICO", "TGA")
_DRAFT_SIDE = 2048
"""Pixels a side; decoding a JPEG smaller than this moves its hash by more than a bit or two."""

_ORIENTATION = 0x0112
_ONE_PICTURE = ("JPEG", "MPO", "ICO")
"""Formats whose further pictures are previews, sizes or depth maps of the first."""

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """One picture: `pixels` (H, W) luma or (H, W, 3) RGB, uint8."""

    name: str
    pixels: kernel.Image


class Decoded(msgspec.Struct, frozen=True, kw_only=True):
    """How decoding ended: `outcome` is `hashed` when there are frames, and `reason` says what was wrong."""

    outcome: Outcome
    reason: str | None = None
    frames: tuple[Frame, ...] = ()


def decode(data: bytes, limits: Limits, *, reference: bool = False) -> Decoded:
    """The pictures of a file. Never raises: what cannot be read has an outcome and a reason.

    Args:
        data: the file.
        limits: above these the outcome is `too_large`.
        reference: decode JPEG to RGB at full size; otherwise to luma, at half size or less where
            that leaves 2048 pixels a side.
    """
    if len(data) > limits.most_bytes:
        return _refused(Outcome.TOO_LARGE, f"{len(data)} bytes, limit {limits.most_bytes}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _read(data, limits, reference)
        except _TooLarge as refused:
            return _refused(Outcome.TOO_LARGE, str(refused))
        except Image.DecompressionBombError as refused:
            return _refused(Outcome.TOO_LARGE, str(refused))
        except UnidentifiedImageError:
            return _refused(Outcome.UNREADABLE, "no picture in a known format")
        except MemoryError:
            return _refused(Outcome.UNREADABLE, "decoding needs more memory than it may have")
        except Exception as broken:  # decoders raise anything on hostile input
            return _refused(Outcome.UNREADABLE, f"{type(broken).__name__}: {broken}"[:200])


class _TooLarge(Exception):
    pass


def _refused(outcome: Outcome, reason: str) -> Decoded:
    return Decoded(outcome=outcome, reason=reason)


def _read(data: bytes, limits: Limits, reference: bool) -> Decoded:
    try:
        return Decoded(outcome=Outcome.HASHED, frames=_frames(data, limits, reference))
    except OSError:
        if not data.startswith(b"\xff\xd8"):
            raise
    # Browsers show a JPEG that was cut off, so cutting one off must not hide it: an end mark makes it whole.
    frames = _frames(data + b"\xff\xd9", limits, reference)
    return Decoded(outcome=Outcome.HASHED, reason="the end of the file is missing", frames=frames)


def _frames(data: bytes, limits: Limits, reference: bool) -> tuple[Frame, ...]:
    with Image.open(io.BytesIO(data), formats=_formats()) as image:
        return tuple(
            Frame(name=f"frame {at}{ground}", pixels=pixels)
            for at in _chosen(image, limits)
            for ground, pixels in _pixels(image, at, limits, reference)
        )


def _formats() -> tuple[str, ...]:
    """Those of FORMATS that this build of the decoder has."""
    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _chosen(image: Image.Image, limits: Limits) -> list[int]:
    """Numbers of the frames to hash: the first ones of an animation, evenly spaced, each once."""
    _check_size(image, limits)
    if image.format in _ONE_PICTURE:
        return [0]
    count = min(getattr(image, "n_frames", 1), limits.most_seeks)
    return sorted({int(at) for at in np.linspace(0, count - 1, min(count, limits.most_frames))})


def _check_size(image: Image.Image, limits: Limits) -> None:
    width, height = image.size
    if width * height > limits.most_pixels:
        raise _TooLarge(f"{width} × {height} pixels, limit {limits.most_pixels}")


def _pixels(
    image: Image.Image, at: int, limits: Limits, reference: bool
) -> Iterator[tuple[str, kernel.Image]]:
    if at:
        image.seek(at)
        _check_size(image, limits)
    elif not reference and image.format in ("JPEG", "MPO"):
        # Takes only for pictures with luma in them: CMYK stays what it is.
        image.draft("L", (_DRAFT_SIDE, _DRAFT_SIDE))
    image.load()
    turn = _TURNS.get(_orientation(image))
    upright = image if turn is None else image.transpose(turn)
    yield from plain(upright)


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # broken metadata does not make a picture unreadable
        return 1
