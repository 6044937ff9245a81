"""What hashing a file gives: one record for every input, whatever it is."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Outcome(StrEnum):
    """What became of a file."""

    HASHED = "hashed"
    LOW_QUALITY = "low_quality"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"


class Digests(msgspec.Struct, frozen=True, kw_only=True):
    """Exact hashes of the original bytes, as hexadecimal digits."""

    md5: str
    sha1: str
    sha256: str


class FormHash(msgspec.Struct, frozen=True, kw_only=True):
    """A hash to look up: `name` says what was undone (`trimmed, rotated 90`), `pdq` is 64 digits."""

    name: str
    pdq: str
    quality: int


class FrameHash(msgspec.Struct, frozen=True, kw_only=True):
    """One picture of a file: PDQ as 64 digits, its quality 0 … 100, and the variants when asked for.

    `name` is `frame 3`, with `over white` or `over black` added where transparency lets the background
    through. `pixels` is the SHA-256 of the decoded pixels, which survives a lossless change of format.
    """

    name: str
    pdq: str
    quality: int
    pixels: str | None = None
    variants: tuple[FormHash, ...] = ()


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """A way to show the first picture of a file: `side` pixels at most, upright, still, and in JPEG.

    With `cells` the picture keeps no more than that many pixels a side and is blown up from them, so nothing
    finer can be won back from it. `grey`: without colours. `raw`: no JPEG but pixels, as `raw_pixels` reads
    them, so that whoever goes on with them decodes nothing.
    """

    name: str
    side: int
    cells: int = 0
    grey: bool = False
    raw: bool = False


class Pictures(msgspec.Struct, frozen=True, kw_only=True):
    """What decoding gives: how it ended, why, and a hash for each picture; `looks` by name when asked for."""

    outcome: Outcome
    reason: str | None = None
    frames: tuple[FrameHash, ...] = ()
    looks: dict[str, bytes] = {}


class MediaRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of a file's content. Exact hashes are there whatever the outcome."""

    digests: Digests
    size: int
    outcome: Outcome
    reason: str | None = None
    frames: tuple[FrameHash, ...] = ()


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What a file may cost: bytes, pixels of a frame, frames hashed, and frames looked through for them."""

    most_bytes: int = 64 << 20
    most_pixels: int = 100_000_000
    most_frames: int = 8
    most_seeks: int = 256


class Want(msgspec.Struct, frozen=True, kw_only=True):
    """What to compute.

    `variants`: the hashes to look up, besides the plain one. `reference`: decode JPEG to RGB as the reference
    does, for hashes given to others; otherwise to luma, faster and a bit or two apart. `pixels`: the SHA-256
    of decoded pixels even where PDQ describes the picture; where it does not, it always comes. `looks`: show
    the first picture in these ways, and compute no hash.
    """

    variants: bool = False
    reference: bool = False
    pixels: bool = False
    least_quality: int = 50
    limits: Limits = Limits()
    looks: tuple[Look, ...] = ()
