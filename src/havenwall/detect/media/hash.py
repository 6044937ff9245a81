"""File bytes → `MediaRecord`: exact hashes of the bytes, PDQ of every picture in them, and how it ended."""

from __future__ import annotations

import hashlib

import numpy as np

from havenwall.detect.media.decode import Frame, decode
from havenwall.detect.media.record import Digests, FormHash, FrameHash, MediaRecord, Outcome, Pictures, Want
from havenwall.match import image as kernel


def digests(data: bytes) -> Digests:
    """MD5, SHA-1 and SHA-256 of the bytes as they are, which is what lists of exact hashes hold."""
    return Digests(
        md5=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        sha1=hashlib.sha1(data, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(data).hexdigest(),
    )


def record_of(data: bytes, pictures: Pictures, exact: Digests | None = None) -> MediaRecord:
    """The record of a file and what decoding it gave; `exact` where it is known already."""
    return MediaRecord(
        digests=exact or digests(data),
        size=len(data),
        outcome=pictures.outcome,
        reason=pictures.reason,
        frames=pictures.frames,
    )


def hash_bytes(data: bytes, want: Want | None = None) -> MediaRecord:
    """The record of a file, decoded in this process. Never raises; hostile files belong in `pool`."""
    return record_of(data, hash_pictures(data, want or Want()))


def hash_pictures(data: bytes, want: Want) -> Pictures:
    """PDQ of every picture in a file. Never raises.

    When no picture reaches the least quality the outcome is `low_quality`, and the SHA-256 of the pixels is
    there to fall back to.
    """
    try:
        return _hash_pictures(data, want)
    except MemoryError:
        return Pictures(outcome=Outcome.UNREADABLE, reason="hashing needs more memory than it may have")


def _hash_pictures(data: bytes, want: Want) -> Pictures:
    decoded = decode(data, want.limits, reference=want.reference)
    frames = tuple(_hashed(frame, want) for frame in decoded.frames)
    plain = bool(frames) and all(frame.quality < want.least_quality for frame in frames)
    if plain or want.pixels:
        frames = _with_pixels(data, frames, want)
    outcome = Outcome.LOW_QUALITY if plain else decoded.outcome
    reason = decoded.reason or ("too plain for PDQ: use exact hashes" if plain else None)
    return Pictures(outcome=outcome, reason=reason, frames=frames)


def _hashed(frame: Frame, want: Want) -> FrameHash:
    forms = kernel.variants(frame.pixels, least_quality=want.least_quality) if want.variants else ()
    plain = forms[0] if forms else kernel.pdq(frame.pixels)
    return FrameHash(
        name=frame.name,
        pdq=plain.value.hex(),
        quality=plain.quality,
        variants=tuple(
            FormHash(name=form.name, pdq=form.value.hex(), quality=form.quality) for form in forms
        ),
    )


def _with_pixels(data: bytes, frames: tuple[FrameHash, ...], want: Want) -> tuple[FrameHash, ...]:
    """With the hash of full-size RGB, the same for a lossless copy in any format."""
    full = {
        frame.name: _pixel_hash(frame.pixels) for frame in decode(data, want.limits, reference=True).frames
    }
    return tuple(
        FrameHash(
            name=frame.name,
            pdq=frame.pdq,
            quality=frame.quality,
            pixels=full.get(frame.name),
            variants=frame.variants,
        )
        for frame in frames
    )


def _pixel_hash(pixels: kernel.Image) -> str:
    """Grey pictures hash as the RGB they show; the size goes in, so that no two shapes share a hash."""
    colour = pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    shape = np.array(colour.shape[:2], ">u4").tobytes()
    return hashlib.sha256(shape + np.ascontiguousarray(colour).tobytes()).hexdigest()
