"""Which segments are in force, what of the log they cover, and what their files hash to."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

import msgspec

from havenwall.detect.media.index.files import replace_synced

NAME: Final = "manifest.json"
VERSION: Final = 2
"""Form of the segments; those of another form are built again from the log. 2: with an order of bits."""


class SegmentInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A segment on disk: a folder of arrays."""

    name: str
    first: int
    """It covers records `first` … `last` - 1 of the log."""
    last: int
    rows: int
    """Hashes with their entries."""
    widths: tuple[int, ...]
    files: dict[str, str]
    """SHA-256 of each file, hexadecimal."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The segments in force, oldest first, without gaps from record 0 on."""

    version: int = VERSION
    segments: tuple[SegmentInfo, ...] = ()

    @property
    def last(self) -> int:
        """Records of the log that segments cover; the rest is the tail."""
        return self.segments[-1].last if self.segments else 0


def read_manifest(folder: Path) -> Manifest:
    """The manifest; one without segments where there is none or it cannot be read: the log has everything."""
    try:
        found = msgspec.json.decode((folder / NAME).read_bytes(), type=Manifest)
    except (FileNotFoundError, msgspec.DecodeError):
        return Manifest()
    ends = [0, *(info.last for info in found.segments)]
    whole = all(info.first == end for info, end in zip(found.segments, ends, strict=False))
    return found if whole and found.version == VERSION else Manifest()


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Put the segments in force, for every process."""
    replace_synced(folder / NAME, msgspec.json.format(msgspec.json.encode(manifest)))


def sums_of(folder: Path) -> dict[str, str]:
    """SHA-256 of each file in a folder, computed on all processors."""
    paths = sorted(folder.iterdir())
    with ThreadPoolExecutor() as pool:
        return dict(zip((path.name for path in paths), pool.map(_sum, paths), strict=True))


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
