"""Known media: files hashed in processes of their own, and looked up in lists and banks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import msgspec

from havenwall.app.config import Config
from havenwall.app.media_lists import MediaLists, follow_media_lists
from havenwall.detect.banks import AskedHash
from havenwall.detect.media.file import hash_file, in_memory
from havenwall.detect.media.live.playlist import segment_paths, segments
from havenwall.detect.media.matching import HashedMedia, Knows, MatchedMedia, Together, matched
from havenwall.detect.media.pool import DecodePool
from havenwall.detect.media.record import Limits, Look, Outcome, Pictures, Want
from havenwall.detect.media.video.clip import Clip
from havenwall.detect.media.video.frames import Sampling
from havenwall.detect.media.video.known import KnownClips
from havenwall.detect.media.video.reader import Tell, VideoBudget
from havenwall.detect.media.video.sniff import HEAD, is_playlist, is_video
from havenwall.detect.media.video.suspects import found_undone
from havenwall.detect.media.video.undo import Undo
from havenwall.errors import BadInput, NotReady
from havenwall.guard.follow import Follower

_Read = Callable[[Want, Sampling | None], HashedMedia]
"""Reads one file, any number of times."""
_REQUEST = VideoBudget(processor_seconds=60, clock_seconds=90.0)
"""For a video sent over the wire, all readings of it together: somebody waits for the answer."""
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
    def lists(self) -> Follower[MediaLists]:
        """The lists of the settings, kept up with. Raises BadInput when one is not right from the first."""
        with self._making:
            made: Follower[MediaLists] | None = self.__dict__.get("lists")
            return made or self.__dict__.setdefault("lists", follow_media_lists(self._config))

    @property
    def knows(self) -> Knows:
        """Everything that knows hashes: the lists of the settings, and banks."""
        listed, banks = self.lists.fresh().hashes, self._banks()
        return Together((listed, banks) if banks else (listed,))

    @property
    def clips(self) -> KnownClips:
        """The known clips of the settings."""
        return self.lists.fresh().clips

    def warm_up(self) -> None:
        """Load lists and start the decoder now, so that the first file does not wait for them."""
        _ = self._pool
        self.knows.look([AskedHash(kind="pdq", value="5a" * 32)])
        self.clips.near(["5a" * 32])

    def hash_path(self, path: Path, *, tell: Tell | None = None) -> HashedMedia:
        """Hashes of a file on this machine, as they are given to others; of a playlist, of its segments.

        Raises:
            BadInput: it cannot be opened, or is a playlist that names what may not be read.
            NotReady: a video, and what decodes videos is missing.
        """
        with _opened(path) as file:
            return self._reading(path, file, tell)(Want(reference=True), None)

    def match_path(
        self, path: Path, *, tell: Tell | None = None, also: Sequence[AskedHash] = ()
    ) -> MatchedMedia:
        """What a file on this machine is known as; `also`: hashes of it made elsewhere, as licensed ones are.

        Raises as `hash_path` does, and BadInput when one of `also` is no hash.
        """
        with _opened(path) as file:
            return self._matched(self._reading(path, file, tell), Want(variants=True), also)

    def hash_bytes(self, data: bytes) -> HashedMedia:
        """Hashes of a file's content. Raises NotReady as `hash_path` does."""
        with self._sent(data) as read:
            return read(self._wanted(Want(reference=True)), None)

    def match_bytes(self, data: bytes, also: Sequence[AskedHash] = ()) -> MatchedMedia:
        """What a file's content is known as. Raises as `match_path` does."""
        with self._sent(data) as read:
            return self._matched(read, self._wanted(Want(variants=True)), also)

    def variants_of(self, data: bytes) -> HashedMedia:
        """Hashes of a file's content to look up, its variants included. Raises as `hash_path` does."""
        with self._sent(data) as read:
            return read(self._wanted(Want(variants=True)), None)

    def variants_of_path(self, path: Path, *, tell: Tell | None = None) -> HashedMedia:
        """As `variants_of`, of a file on this machine or a playlist. Raises as `hash_path` does."""
        with _opened(path) as file:
            return self._reading(path, file, tell)(Want(variants=True), None)

    def look_at(self, data: bytes, looks: Sequence[Look]) -> Pictures:
        """The first picture of a file's content, shown in some ways; decoded where it can do no harm."""
        return self._pool.look_at(data, self._wanted(Want(looks=tuple(looks))))

    def close(self) -> None:
        """End the decoder, and wait for lists that are being loaded."""
        if "lists" in self.__dict__:
            self.lists.close()
        if "_pool" in self.__dict__:
            self._pool.close()

    def _matched(self, read: _Read, want: Want, also: Sequence[AskedHash]) -> MatchedMedia:
        hashed = read(want, None)
        if hashed.clip is None:
            return matched(hashed, self.knows, (), also)

        def again(undo: Undo) -> Clip:
            # It was a video a moment ago.
            return read(Want(), Sampling(undo=undo)).clip or Clip(outcome=Outcome.UNREADABLE)

        return matched(hashed, self.knows, found_undone(self.clips, hashed.clip, again), also)

    def _reading(self, path: Path, file: BinaryIO, tell: Tell | None) -> _Read:
        playlist = is_playlist(file.read(HEAD))
        if playlist:
            segment_paths(path)

        def read(want: Want, sampling: Sampling | None) -> HashedMedia:
            file.seek(0)
            parts = segments(path) if playlist else None
            # Whoever listens has heard of each frame when it is read once more.
            heard = tell if sampling is None else None
            return hash_file(file, self._pool, want, segments=parts, sampling=sampling, tell=heard)

        return read

    @contextmanager
    def _sent(self, data: bytes) -> Iterator[_Read]:
        if not data:
            raise BadInput("is empty", field="body", hint="send the file's bytes")
        with self._turn(data), in_memory(data) as file:
            deadline = time.monotonic() + _REQUEST.clock_seconds

            def read(want: Want, sampling: Sampling | None) -> HashedMedia:
                file.seek(0)
                left = max(0.0, deadline - time.monotonic())
                budget = msgspec.structs.replace(_REQUEST, clock_seconds=left)
                return hash_file(file, self._pool, want, sampling=sampling, budget=budget)

            yield read

    def _wanted(self, want: Want) -> Want:
        limits = Limits(most_bytes=self._config.media_most_bytes)
        return msgspec.structs.replace(want, limits=limits)

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
