"""What is known of each stream, in one small file each, so that it outlives a restart and processes share it.

A file is read, changed and replaced under a lock, one frame at a time. Streams share 256 locks by their hash:
lock files are then few and need no clearing away, and a file that is replaced cannot be its own lock. The
files hold hashes of the last frames, never a picture. All processes must see the folder on one machine.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from havenwall.detect.media.index.files import sync_folder
from havenwall.detect.media.live.window import StreamWindow, WindowState
from havenwall.errors import StoreError
from havenwall.model import now

MOST_STREAMS = 5_000
"""Streams remembered at once; the one that was silent longest goes first."""
SILENT = 3600.0
"""Seconds after which a stream that was silent counts as another one, and what was known of it goes."""
_SWEEP_EVERY = 600.0
_SUFFIX, _FRESH = ".stream", ".new"
_SWEPT = (_SUFFIX, _FRESH)
_log = structlog.get_logger()


class LiveState(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a stream."""

    stream: str
    id: datetime
    """When it was first seen; tells apart two streams that bear one name."""
    began: float
    """The same in seconds of the clock that tells how long it runs."""
    touched: float
    """When its last frame came."""
    window: WindowState = WindowState()


class Held:
    """A stream while this thread alone, in all processes, has it."""

    def __init__(self, state: LiveState) -> None:
        self.state = state
        self.window = StreamWindow(state.window)


class LiveStates:
    """The streams of a folder; for several threads and processes."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        """`clock` gives seconds, the same in all processes."""
        self._folder, self._clock, self._swept = folder, clock, 0.0

    @contextmanager
    def hold(self, stream: str) -> Iterator[Held]:
        """A stream's state to change, kept when the block ends well. Another frame of it waits meanwhile.

        Raises:
            StoreError: the folder cannot be written, or not any more when the block has ended.
        """
        path = self._path(stream)
        with self._locked(path):
            found = self._read(path)
            state = found or self._new(stream, path)
            held = Held(state)
            yield held
            told = (state.window.counted, state.window.level, state.window.firm)
            window = held.window.state
            fresh = msgspec.structs.replace(held.state, window=window, touched=self._clock())
            # Frames that say nothing may be lost with the power, what speaks against a stream may not.
            self._write(path, fresh, sync=told != (window.counted, window.level, window.firm))
        if found is None:
            self._sweep()

    def _new(self, stream: str, path: Path) -> LiveState:
        at = self._clock()
        state = LiveState(stream=stream, id=now(), began=at, touched=at)
        # Before anything is told of it: whoever goes on after a crash must tell it under the same id. If the
        # disk does not take it, keeping it fails again, after the frame was looked up and told of.
        with suppress(StoreError):
            self._write(path, state, sync=False)
        return state

    def _read(self, path: Path) -> LiveState | None:
        try:
            state = msgspec.msgpack.decode(path.read_bytes(), type=LiveState)
        except FileNotFoundError:
            return None
        except msgspec.MsgspecError:
            _log.warning("what was known of a live stream cannot be read, it begins anew", file=path.name)
            return None
        return state if self._clock() - state.touched < SILENT else None

    def _write(self, path: Path, state: LiveState, *, sync: bool) -> None:
        # Only one has the lock, so one name will do.
        fresh = path.with_suffix(_FRESH)
        with _on_disk(path):
            with fresh.open("wb") as file:
                file.write(msgspec.msgpack.encode(state))
                if sync:
                    file.flush()
                    os.fsync(file.fileno())
            fresh.replace(path)
            if sync:
                sync_folder(self._folder)

    def _sweep(self) -> None:
        """Clear away streams that were silent long, and the most silent ones when there are too many."""
        found = [Path(entry.path) for entry in os.scandir(self._folder) if entry.name.endswith(_SWEPT)]
        streams, at = [path for path in found if path.suffix == _SUFFIX], self._clock()
        if len(streams) <= MOST_STREAMS and at - self._swept < _SWEEP_EVERY:
            return
        self._swept = at
        touched = sorted((_mtime(path), path) for path in streams)
        surplus = touched[: max(0, len(touched) - MOST_STREAMS)]
        # What a crash left of a writing goes too, once it is old.
        silent = [(mtime, path) for path in found if time.time() - (mtime := _mtime(path)) > SILENT]
        for mtime, path in dict.fromkeys((*surplus, *silent)):
            with self._locked(path, wait=False) as mine:
                # A frame may have come since: then it is not silent.
                if mine and _mtime(path) == mtime:
                    path.unlink(missing_ok=True)

    def _path(self, stream: str) -> Path:
        return self._folder / f"{hashlib.sha256(stream.encode()).hexdigest()[:40]}{_SUFFIX}"

    @contextmanager
    def _locked(self, path: Path, *, wait: bool = True) -> Iterator[bool]:
        with _on_disk(path):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            opened = (self._folder / f"{path.name[:2]}.lock").open("ab")
        with opened as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        hint = "make room on the disk, and let havenwall write there"
        raise StoreError(f"could not write {path}: {error.strerror}", hint=hint) from error


def _mtime(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # cleared away by another process
        return 0.0
