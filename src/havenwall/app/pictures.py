"""Pictures that come with the name of an account: to the operator's classifiers, after the answer.

What a file is known as is answered first; classifying waits in memory, in a thread and a decoding process of
its own, and can neither fail nor hold up that answer. Nothing of a picture reaches a disk.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Final

import structlog

from havenwall.app.classifying import Asking, Keeps, Looks, Waiting, decoded
from havenwall.app.config import Config
from havenwall.app.live import Frame, LiveAnswer
from havenwall.app.unclassified import LONGEST, Counted, Unclassified
from havenwall.detect.classifiers import Kind, Plugged, Shown, kinds_of, load_classifiers
from havenwall.detect.media.matching import MatchedMedia
from havenwall.detect.media.pool import DecodePool
from havenwall.detect.media.record import Outcome
from havenwall.detect.media.video.sniff import HEAD, is_playlist, is_video
from havenwall.errors import HavenwallError
from havenwall.model import now

_log = structlog.get_logger()
MOST_BYTES: Final = 128 << 20
"""Bytes of pictures that wait; a further one is let go, unless it is the only one."""
_GROUP: Final = 16
"""Pictures that are decoded before classifiers are asked about them."""
_PAUSE: Final = 5.0
"""Seconds before a classifier that did not answer is asked again."""
_PATIENCE: Final = 5.0
"""Seconds that the end waits for pictures under way."""


class PictureDesk:
    """Takes pictures and sees to it that they are classified, or that it can be seen that they were not."""

    def __init__(
        self,
        load: Callable[[], Sequence[Plugged]],
        keeps: Keeps,
        notes: Unclassified,
        *,
        wanted: bool = True,
        decoder: Callable[[], AbstractContextManager[Looks]] = DecodePool,
        most_bytes: int = MOST_BYTES,
        longest: float = LONGEST,
        pause: float = _PAUSE,
        patience: float = _PATIENCE,
    ) -> None:
        """`load`: the classifiers of pictures, loaded when the first picture comes, in the desk's own thread.
        `wanted`: whether there are any."""
        self._load, self._keeps, self._notes, self._wanted = load, keeps, notes, wanted
        self._decoder, self._patience = decoder, patience
        self._most, self._longest, self._pause = most_bytes, longest, pause
        self._changed = threading.Condition()
        self._queue: deque[Waiting] = deque()
        self._open: dict[int, int] = {}
        self._closing = False
        self._thread: threading.Thread | None = None
        self._asking: Asking | None = None

    @property
    def drifts(self) -> dict[str, float]:
        """How far the scores of classifiers of pictures have shifted since calibration, in this process."""
        return self._asking.drifts if self._asking else {}

    def counted(self) -> Counted:
        """How many pictures wait, and how many nobody classifies any more."""
        return self._notes.counted()

    def offer_matched(self, account: str, where: str, data: bytes, answer: MatchedMedia) -> bool:
        """Offer a file that was looked up. What is known, as listed or as benign, needs no guess; and known
        media must not be sent on to a server."""
        read = answer.media.outcome in (Outcome.HASHED, Outcome.LOW_QUALITY)
        if answer.known or answer.vetoes or not read:
            return False
        return self.offer(account, where, data, answer.media.digests.sha256)

    def offer_frame(self, frame: Frame, data: bytes, answer: LiveAnswer) -> bool:
        """Offer a picture of a live stream; of each scene only the first."""
        known = answer.matches or answer.stand.clips
        if not self._wanted or known or not answer.looked_up:
            return False
        return self.offer(frame.account, frame.stream, data, hashlib.sha256(data).hexdigest())

    def offer(self, account: str, where: str, data: bytes, sha256: str) -> bool:
        """As `take`, of the content of any file that came just now; a video is not classified, and counts for
        nothing. `where`: as in `Shown`."""
        head = data[:HEAD]
        if not self._wanted or is_video(head) or is_playlist(head):
            return False
        return self.take(Shown(account=account, where=where, sha256=sha256, at=now()), data)

    def take(self, shown: Shown, data: bytes) -> bool:
        """Take a picture whose answer is known. Never raises, and waits for nothing but a small note.

        Returns whether it is going to be classified; if not, that is counted.
        """
        self._tell(self._notes.note, shown)
        with self._changed:
            room = not self._open or sum(self._open.values()) + len(data) <= self._most
            if room and not self._closing:
                self._add(Waiting(shown, data, time.monotonic()))
                return True
        _log.warning("picture_not_classified", why="too many wait" if not room else "closing")
        self._tell(self._notes.leave, shown)
        return False

    def settle(self, seconds: float) -> bool:
        """Wait until all that was taken is done; whether it is."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._open, seconds)

    def close(self) -> None:
        """Wait a little for what is under way; what is not done then stays noted."""
        if self._thread is not None:
            self.settle(self._patience)
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(4 * self._patience)

    def _add(self, waiting: Waiting) -> None:
        self._queue.append(waiting)
        self._open[id(waiting)] = len(waiting.data)
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="havenwall-pictures", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _run(self) -> None:
        held: list[Waiting] = []
        with self._decoder() as pool:
            while fresh := self._next(held):
                try:
                    held = self._turn(pool, fresh, held)
                except Exception as error:
                    # A broken file of classifiers, a database that is away: nothing is lost by waiting.
                    _log.error("pictures_failed", exc_info=error)
                    held = self._kept([*held, *(each for each in fresh if each not in held)])
            for each in [*held, *self._queue]:
                self._end(each, self._notes.leave)

    def _next(self, held: list[Waiting]) -> list[Waiting]:
        """What has come since, after a pause where something is held; empty when it is time to end."""
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._queue, self._pause if held else None)
            if self._closing:
                return []
            fresh = [self._queue.popleft() for _ in range(min(_GROUP, len(self._queue)))]
        return fresh or held

    def _turn(self, pool: Looks, fresh: list[Waiting], held: list[Waiting]) -> list[Waiting]:
        self._asking = self._asking or Asking(self._load(), self._keeps)
        for each in fresh:
            decoded(each, pool)
            with self._changed:
                self._open[id(each)] = each.size
        asked = [*held, *(each for each in fresh if each not in held)]
        self._asking.ask(asked)
        for each in asked:
            if self._asking.answered(each):
                self._end(each, self._notes.done)
        return self._kept([each for each in asked if not self._asking.answered(each)])

    def _kept(self, waiting: list[Waiting]) -> list[Waiting]:
        """Those that may wait on."""
        since = time.monotonic() - self._longest
        for each in waiting:
            if each.since <= since:
                _log.warning("picture_not_classified", why="no answer")
                self._end(each, self._notes.leave)
        return [each for each in waiting if each.since > since]

    def _end(self, waiting: Waiting, note: Callable[[Shown], Any]) -> None:
        self._tell(note, waiting.shown)
        with self._changed:
            self._open.pop(id(waiting), None)
            self._changed.notify_all()

    @staticmethod
    def _tell(note: Callable[[Shown], Any], shown: Shown) -> None:
        try:
            note(shown)
        except OSError as problem:
            _log.warning("picture_note_failed", problem=str(problem))


def open_pictures(config: Config, keeps: Keeps) -> PictureDesk:
    """The desk for the classifiers of the settings."""
    path, notes = config.classifiers, Unclassified(config.data / "unclassified")

    def load() -> Sequence[Plugged]:
        return load_classifiers(path, kinds=(Kind.IMAGE,)) if path else ()

    return PictureDesk(load, keeps, notes, wanted=bool(path and _some(path)))


def _some(path: Path) -> bool:
    try:
        return Kind.IMAGE in kinds_of(path)
    except HavenwallError:
        # The stages say what is wrong with the file; until it is right, pictures count as not classified.
        return True
