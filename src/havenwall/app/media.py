"""Known media: files hashed in processes of their own, and looked up in lists and banks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from havenwall.app.config import Config
from havenwall.detect import load_hashes
from havenwall.detect.media.file import Tell, hash_file, in_memory
from havenwall.detect.media.listed import list_search
from havenwall.detect.media.live.playlist import segment_paths, segments
from havenwall.detect.media.matching import HashedMedia, Knows, MatchedMedia, Together, matched
from havenwall.detect.media.pool import DecodePool
from havenwall.detect.media.record import Limits, Want
from havenwall.detect.media.video.clip import load_clips
from havenwall.detect.media.video.known import KnownClips
from havenwall.detect.media.video.reader import VideoBudget
from havenwall.detect.media.video.sniff import HEAD, is_playlist, is_video
from havenwall.errors import BadInput, NotReady

_REQUEST = VideoBudget(processor_seconds=60, clock_seconds=90.0)
"""For a video sent over the wire: somebody waits for the answer."""
_PATIENCE = 30.0
"""Seconds that a video waits for others to be read."""


class MediaDesk:
    """Hashes files and says what they are known as. For several threads; keeps nothing of them."""

    def __init__(self, config: Config, banks: Callable[[], Knows | None] = lambda: None) -> None:
        """`banks`: gives the search over imported banks, when first asked; None where there are none."""
        self._config, self._banks, self._making = config, banks, threading.Lock()
        self._videos = threading.BoundedSemaphore(config.media_processes)

    @cached_property
    def _pool(self) -> DecodePool:
        with self._making:
            made: DecodePool | None = self.__dict__.get("_pool")
            return made or self.__dict__.setdefault("_pool", DecodePool(self._config.media_processes))

    @cached_property
    def knows(self) -> Knows:
        """Everything that knows hashes: the lists of the settings, and banks."""
        banks = self._banks()
        listed = list_search(map(load_hashes, self._config.hash_lists))
        return Together((listed, banks) if banks else (listed,))

    @cached_property
    def clips(self) -> KnownClips:
        """The known clips of the settings."""
        return KnownClips(clip for path in self._config.clip_lists for clip in load_clips(path))

    def warm_up(self) -> None:
        """Load lists and start the decoder now, so that the first file does not wait for them."""
        _ = self._pool, self.knows, self.clips

    def hash_path(self, path: Path, *, tell: Tell | None = None) -> HashedMedia:
        """Hashes of a file on this machine, as they are given to others; of a playlist, of its segments.

        Raises:
            BadInput: it cannot be opened, or is a playlist that names what may not be read.
            NotReady: a video, and what decodes videos is missing.
        """
        return self._path(path, Want(reference=True), tell)

    def match_path(self, path: Path, *, tell: Tell | None = None) -> MatchedMedia:
        """What a file on this machine is known as. Raises as `hash_path` does."""
        return self.match(self._path(path, Want(variants=True), tell))

    def hash_bytes(self, data: bytes) -> HashedMedia:
        """Hashes of a file's content. Raises NotReady as `hash_path` does."""
        return self._bytes(data, Want(reference=True))

    def match_bytes(self, data: bytes) -> MatchedMedia:
        """What a file's content is known as. Raises NotReady as `hash_path` does."""
        return self.match(self.variants_of(data))

    def variants_of(self, data: bytes) -> HashedMedia:
        """Hashes of a file's content to look up, its variants included. Raises as `hash_path` does."""
        return self._bytes(data, Want(variants=True))

    def match(self, hashed: HashedMedia) -> MatchedMedia:
        """What hashes are known as."""
        clips = self.clips.find(hashed.clip.frames) if hashed.clip else ()
        return matched(hashed, self.knows, clips)

    def close(self) -> None:
        """End the decoder."""
        if "_pool" in self.__dict__:
            self._pool.close()

    def _path(self, path: Path, want: Want, tell: Tell | None) -> HashedMedia:
        with _opened(path) as file:
            playlist = is_playlist(file.read(HEAD))
            file.seek(0)
            if playlist:
                segment_paths(path)
            parts = segments(path) if playlist else None
            return hash_file(file, self._pool, want, segments=parts, tell=tell)

    def _bytes(self, data: bytes, want: Want) -> HashedMedia:
        if not data:
            raise BadInput("is empty", field="body", hint="send the file's bytes")
        limits = Limits(most_bytes=self._config.media_most_bytes)
        wanted = Want(variants=want.variants, reference=want.reference, limits=limits)
        with self._turn(data), in_memory(data) as file:
            return hash_file(file, self._pool, wanted, budget=_REQUEST)

    @contextmanager
    def _turn(self, data: bytes) -> Iterator[None]:
        """Waits for its turn to read a video: each is a process with memory of its own."""
        if not is_video(data[:HEAD]):
            yield
            return
        if not self._videos.acquire(timeout=_PATIENCE):
            raise NotReady("all video decoders are busy", hint="try again later, or raise media_processes")
        try:
            yield
        finally:
            self._videos.release()


def _opened(path: Path) -> BinaryIO:
    try:
        if path.is_file():
            return path.open("rb")
    except OSError as error:
        raise BadInput(
            error.strerror or "cannot be read", field=str(path), hint="check its rights"
        ) from error
    raise BadInput(
        "is no file", field=str(path), hint="name a picture, a video or a playlist on this machine"
    )
