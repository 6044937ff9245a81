"""Writing down to the disk: a crash leaves the old content or the new, never half of one."""

from __future__ import annotations

import fcntl
import os
import weakref
from pathlib import Path

from havenwall.errors import Conflict


def sync_folder(folder: Path) -> None:
    """Make new and renamed names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Bring a file that is written already down to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_synced(path: Path, data: bytes) -> None:
    """Replace a file that others read: they see all of the old content or all of the new."""
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(data)
    sync_file(temporary)
    temporary.replace(path)
    sync_folder(path.parent)


def stamp(path: Path) -> tuple[int, int, int] | None:
    """What changes when a file does: its number, size and time of change; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


class Pinned:
    """A file that is held open, so that no other gets its number while this lives."""

    def __init__(self, path: Path) -> None:
        """Raises FileNotFoundError when there is none."""
        handle = os.open(path, os.O_RDONLY)
        weakref.finalize(self, os.close, handle)
        self.number = os.fstat(handle).st_ino


class SoleWriter:
    """Holds a folder for one writer. The lock dies with its process."""

    def __init__(self, folder: Path) -> None:
        """Take the lock at once. Raises Conflict when another writer has it."""
        folder.mkdir(parents=True, exist_ok=True)
        self._file = (folder / ".lock").open("w")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise Conflict(
                f"another process writes to {folder}", hint="stop it, or open the index to read"
            ) from None

    def release(self) -> None:
        """Let the next writer in."""
        self._file.close()
