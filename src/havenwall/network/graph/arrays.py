"""Array files in a folder: written in full or not at all, named by their checksum, used as memory maps."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import xxhash
from numpy.typing import NDArray

from havenwall.errors import BadGraph
from havenwall.network.graph.manifest import ArrayEntry


class ArrayFolder:
    """A folder of `.npy` files."""

    def __init__(self, folder: Path, *, verify: bool = True) -> None:
        """Look at a folder.

        Args:
            folder: need not be there before something is put in.
            verify: whether `map` compares checksums.
        """
        self._folder = folder
        self._verify = verify
        self.added: set[str] = set()
        """Names of the files put in."""

    def put(self, array: NDArray[Any]) -> ArrayEntry:
        """Keep an array of one dimension.

        Raises:
            OSError: it cannot be written; nothing is left of it.
        """
        path = self._write(lambda file: np.save(file, array))
        kind, size = str(array.dtype), path.stat().st_size
        entry = ArrayEntry(xxh3=_checksum(path), size=size, dtype=kind, length=len(array))
        path.replace(self._folder / entry.file)
        self.added.add(entry.file)
        return entry

    def replace(self, name: str, raw: bytes) -> None:
        """Put a file in the place of another in one step, after all that was put in before is on the disk.

        Raises:
            OSError: it cannot be written, or it is there but may not be on the disk yet.
        """
        _settle(self._folder)
        self._write(lambda file: file.write(raw)).replace(self._folder / name)
        _settle(self._folder)

    def remove(self, names: Iterable[str]) -> None:
        """Take files away, if they are there; maps of them stay usable."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def map(self, entry: ArrayEntry) -> NDArray[Any]:
        """A kept array as a read-only memory map.

        Raises:
            BadGraph: the file is missing, or has another size, type or checksum.
        """
        path, field = self._folder / entry.file, f"{self._folder.name}/{entry.file}"
        try:
            size = path.stat().st_size
            if size != entry.size:
                raise BadGraph(f"has {size} bytes and not {entry.size}", field=field)
            array = np.load(path, mmap_mode="r", allow_pickle=False).view(np.ndarray)
            if self._verify and _checksum(path) != entry.xxh3:
                raise BadGraph("is damaged: its checksum differs", field=field, hint="build the graph again")
        except (OSError, ValueError) as problem:
            raise BadGraph(f"cannot be read: {problem}", field=field) from problem
        if array.shape != (entry.length,) or str(array.dtype) != entry.dtype:
            raise BadGraph(f"holds {array.dtype} {array.shape} instead", field=field)
        return array

    def _write(self, fill: Callable[[BinaryIO], object]) -> Path:
        """A new file that is on the disk in full."""
        path = self._folder / f"{secrets.token_hex(8)}.part"
        try:
            with path.open("xb") as file:
                fill(file)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path


def _settle(folder: Path) -> None:
    """Have the names of the files in a folder on the disk as well."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _checksum(path: Path) -> str:
    return xxhash.xxh3_128(np.memmap(path, np.uint8, "r").data).hexdigest()
