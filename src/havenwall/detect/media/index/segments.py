"""Segments on disk: built from a part of the log, saved as arrays, and mapped back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.detect.media.index.files import sync_file, sync_folder
from havenwall.detect.media.index.log import Kind, Log
from havenwall.detect.media.index.manifest import SegmentInfo, sums_of
from havenwall.match.index import Codes, Segment, build

ARRAYS: Final = ("codes", "offsets", "places", "starts", "entries", "order")
GONE: Final = "gone"
UNFINISHED: Final = ".building"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A segment in force."""

    info: SegmentInfo
    segment: Segment
    gone: NDArray[np.int64]
    """Sorted entry ids withdrawn within its part of the log: they are out of earlier segments."""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a part of the log comes to."""

    codes: Codes
    entries: NDArray[np.int64]
    gone: NDArray[np.int64]
    bad: NDArray[np.int64]
    """Numbers of records that cannot be read."""


class Damaged(Exception):
    """A segment's files are not what the manifest says."""


def content_of(log: Log, first: int, last: int) -> Content:
    """Additions among records `first` … `last` - 1 that no later one of them withdraws."""
    batches = list(log.read(first, last))
    numbers = _joined([batch.numbers for batch in batches], np.int64)
    kinds = _joined([batch.kinds for batch in batches], np.uint32)
    entries = _joined([batch.entries for batch in batches], np.int64)
    codes = np.concatenate([np.empty((0, 4), np.uint64), *(batch.codes for batch in batches)])
    bad = _joined([batch.bad for batch in batches], np.int64)
    del batches
    withdrawn = kinds == Kind.WITHDRAW
    if not withdrawn.any():
        return Content(codes=codes, entries=entries, gone=np.empty(0, np.int64), bad=bad)
    gone, back = np.unique(entries[withdrawn][::-1], return_index=True)
    when = numbers[withdrawn][::-1][back]
    at = np.minimum(np.searchsorted(gone, entries), len(gone) - 1)
    stands = ~withdrawn & ((gone[at] != entries) | (when[at] < numbers))
    return Content(codes=codes[stands], entries=entries[stands], gone=gone if first else gone[:0], bad=bad)


def _joined(parts: list[NDArray[Any]], kind: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.empty(0, kind), *parts])


def save(folder: Path, name: str, segment: Segment, gone: NDArray[np.int64]) -> dict[str, str]:
    """Write a segment's files and give the folder its name last; returns their SHA-256."""
    place = folder / f"{UNFINISHED}-{name}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for array in ARRAYS:
        np.save(place / f"{array}.npy", getattr(segment, array))
    np.save(place / f"{GONE}.npy", gone)
    sums = sums_of(place)
    for file in place.iterdir():
        sync_file(file)
    sync_folder(place)
    shutil.rmtree(folder / name, ignore_errors=True)
    place.rename(folder / name)
    sync_folder(folder)
    return sums


def load(folder: Path, info: SegmentInfo, *, verify: bool) -> Part:
    """Map a segment's files; processes share the memory.

    Raises:
        Damaged: a file is missing or holds something else.
    """
    place = folder / info.name
    try:
        if verify and sums_of(place) != info.files:
            raise Damaged(info.name)
        arrays = {array: _mapped(place / f"{array}.npy") for array in ARRAYS}
        gone = np.load(place / f"{GONE}.npy", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise Damaged(info.name) from error
    return Part(info=info, segment=Segment(widths=info.widths, **arrays), gone=gone)


def _mapped(path: Path) -> NDArray[Any]:
    # "c" lets compiled code take them as any array; nobody writes, so nothing is copied.
    array: NDArray[Any] = np.load(path, mmap_mode="c", allow_pickle=False).view(np.ndarray)
    return array


def rebuild(log: Log, info: SegmentInfo) -> Part:
    """The same segment from the log, in memory."""
    content = content_of(log, info.first, info.last)
    return Part(info=info, segment=build(content.codes, content.entries), gone=content.gone)


def merged(folder: Path, log: Log, first: int, last: int) -> tuple[Part, NDArray[np.int64]]:
    """Build and save the segment of records `first` … `last` - 1; and the numbers of unreadable ones."""
    content = content_of(log, first, last)
    segment = build(content.codes, content.entries)
    name = f"segment-{first}-{last}"
    sums = save(folder, name, segment, content.gone)
    info = SegmentInfo(
        name=name, first=first, last=last, rows=len(segment), widths=segment.widths, files=sums
    )
    return load(folder, info, verify=False), content.bad
