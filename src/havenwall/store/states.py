"""What a stage remembers, as files that a crash leaves whole or not at all.

A file is a head (format, tag, position), the parts with their lengths before them, and an XXH3 of all that.
Whoever reads checks it all first, so a torn file, another program's, one of other rules and one of an older
Havenwall look alike: as if they were not there. Files are replaced, never changed, and may be removed.
"""

from __future__ import annotations

import mmap
import os
import struct
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

import structlog
import xxhash

from havenwall.store.segments import make_durable

_FORMAT: Final = b"HWSTATE1"
_HEAD: Final = struct.Struct("<8s32sQ")
_LENGTH: Final = struct.Struct("<Q")
_DIGEST: Final = 16
_PARTIAL: Final = "partial-"
_LEFT_OVER: Final = 3600
"""Seconds after which a file that is not finished was left by a crash."""
_log = structlog.get_logger()


class StateFiles:
    """The states of one stage, by position; for any number of processes. Who writes a position last wins."""

    def __init__(self, folder: Path, tag: str) -> None:
        """`tag` stands for what made the states: those with another one are not loaded."""
        self._folder = folder
        self._tag = xxhash.xxh3_128_hexdigest(tag.encode()).encode()

    def save(self, at: int, done: int, parts: Iterable[bytes]) -> int:
        """Write the state of a position, durably; returns its bytes, 0 if the disk does not take it.

        Besides it stay the two newest, and the newest that is not ahead of `done`.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            size = self._write(at, parts)
            self._tidy(done)
        except OSError as problem:
            _log.warning("state not saved", folder=str(self._folder), problem=str(problem))
            return 0
        return size

    def load(self, upto: int) -> Iterator[list[memoryview]]:
        """Parts of each whole state of a position up to one, the newest first."""
        for at, path in reversed(self._states()):
            if at <= upto:
                parts = self._parts(at, path)
                if parts is not None:
                    yield parts

    def _states(self) -> list[tuple[int, Path]]:
        named = ((path.stem, path) for path in self._folder.glob("*.state"))
        return sorted((int(stem), path) for stem, path in named if stem.isascii() and stem.isdecimal())

    def _write(self, at: int, parts: Iterable[bytes]) -> int:
        handle, name = tempfile.mkstemp(prefix=_PARTIAL, dir=self._folder)
        partial = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                _write_all(file, _HEAD.pack(_FORMAT, self._tag, at), parts)
                size = file.tell()
            make_durable(partial, self._folder / f"{at}.state")
        finally:
            partial.unlink(missing_ok=True)
        return size

    def _tidy(self, done: int) -> None:
        states = self._states()
        wanted = {*states[-2:], *[each for each in states if each[0] <= done][-1:]}
        for each in states:
            if each not in wanted:
                each[1].unlink(missing_ok=True)
        for path in self._folder.glob(_PARTIAL + "*"):
            # Another process may finish it, or tidy up, at this moment.
            with suppress(FileNotFoundError):
                if path.stat().st_mtime < time.time() - _LEFT_OVER:
                    path.unlink()

    def _parts(self, at: int, path: Path) -> list[memoryview] | None:
        try:
            with path.open("rb") as file:
                data = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError) as problem:
            # Somebody else may have tidied up. An empty file cannot be mapped.
            _log.warning("state not read", file=str(path), problem=str(problem))
            return None
        if not _whole(data, _HEAD.pack(_FORMAT, self._tag, at)):
            _log.warning("state left out: damaged, or made by other rules", file=str(path))
            return None
        return list(_cut(data[_HEAD.size : -_DIGEST]))


def _write_all(file: BinaryIO, head: bytes, parts: Iterable[bytes]) -> None:
    digest = xxhash.xxh3_128(head)
    file.write(head)
    for part in parts:
        for piece in (_LENGTH.pack(len(part)), part):
            digest.update(piece)
            file.write(piece)
    file.write(digest.digest())


def _whole(data: memoryview, head: bytes) -> bool:
    if len(data) < _HEAD.size + _DIGEST or data[: _HEAD.size] != head:
        return False
    return xxhash.xxh3_128_digest(data[:-_DIGEST]) == data[-_DIGEST:]


def _cut(data: memoryview) -> Iterator[memoryview]:
    while data:
        end = _LENGTH.size + _LENGTH.unpack_from(data)[0]
        yield data[_LENGTH.size : end]
        data = data[end:]
