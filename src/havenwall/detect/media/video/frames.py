"""A video file → frames with their times. Runs in the confined child only: codecs are a wide door."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.detect.media.video.undo import Undo

FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,ogg,asf,m4v,mjpeg,h264,hevc,ivf"
)
"""Containers that are read. None of them names other files: a playlist could make the decoder fetch one."""


class Sampling(msgspec.Struct, frozen=True, kw_only=True):
    """Which frames of a video to hash, and what the video may cost."""

    every: float = 0.25
    """Seconds between them, by the times in the file."""
    keyframes: bool = False
    """Only frames that are whole in the file: many times faster, and seconds apart."""
    most_frames: int = 20_000
    """Hashed; of a longer video the first ones."""
    most_pixels: int = 50_000_000
    """Of a frame."""
    vary: float = 0.0
    """Seconds between frames of which all variants are made; 0 makes none."""
    most_varied: int = 2_000
    undo: Undo | None = None
    """What to undo in every frame before it is hashed."""


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A frame: seconds from the first one, and its luma, (H, W) uint8."""

    at: float
    luma: NDArray[np.uint8]


class TooLarge(Exception):
    """A frame has more pixels than it may have."""


def sampled(source: BinaryIO, sampling: Sampling) -> Iterator[Shown]:
    """Frames `every` seconds apart. Broken parts of the file are passed over.

    Raises:
        TooLarge: as it says.
        Exception: whatever the decoder raises on a file that it cannot read.
    """
    import av

    given: Any = source if source.seekable() else _Unseekable(source)
    options = {"format_whitelist": FORMATS, "protocol_whitelist": ""}
    with av.open(given, options=options, metadata_errors="ignore") as container:
        stream = container.streams.video[0]
        stream.codec_context.thread_count = 1
        if sampling.keyframes:
            stream.codec_context.skip_frame = "NONKEY"
        if stream.codec_context.width * stream.codec_context.height > sampling.most_pixels:
            raise TooLarge(f"{stream.codec_context.width} × {stream.codec_context.height} pixels")
        first, due = None, 0.0
        for number, frame in enumerate(_decoded(container, stream)):
            time = frame.time if frame.time is not None else number / float(stream.average_rate or 25)
            first = time if first is None else first
            # A hair early is not late: times are rounded in the file.
            if time - first < due - 1e-3:
                continue
            if frame.width * frame.height > sampling.most_pixels:
                raise TooLarge(f"{frame.width} × {frame.height} pixels")
            # On a grid: rates that are no multiple would otherwise drift to fewer frames.
            due = (int((time - first + 1e-3) / sampling.every) + 1) * sampling.every
            yield Shown(at=time - first, luma=frame.to_ndarray(format="gray"))


def _decoded(container: Any, stream: Any) -> Iterator[Any]:
    import av

    for packet in container.demux(stream):
        try:
            yield from packet.decode()
        except av.error.InvalidDataError:
            continue


class _Unseekable:
    """A pipe without `seek`, so that the demuxer does not try."""

    def __init__(self, source: BinaryIO) -> None:
        self.read = source.read
