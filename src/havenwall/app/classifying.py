"""One round of asking classifiers about pictures that wait."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol

import structlog

from havenwall.detect.classifiers import (
    ALARMS,
    Alarms,
    DriftWatch,
    Picture,
    Plugged,
    Shown,
    picture_signal,
)
from havenwall.detect.media.looks import raw_pixels
from havenwall.detect.media.record import Limits, Look, Pictures, Want
from havenwall.errors import HavenwallError
from havenwall.model import Signal

_log = structlog.get_logger()
SIDE: Final = 448
"""Pixels a side that classifiers are shown at most: models take 224 to 448."""
_LOOK = Look(name="plain", side=SIDE, raw=True)


class Keeps(Alarms, Protocol):
    """Where findings go, and what is wrong."""

    def add_signals(self, signals: Sequence[Signal]) -> None:
        """Keep signals, durably; those that are kept already change nothing."""
        ...


class Waiting:
    """A picture on its way: first the file, then its pixels, and who has answered."""

    def __init__(self, shown: Shown, data: bytes, since: float) -> None:
        """`since`: when it came, in seconds of a clock that never goes back."""
        self.shown, self.data, self.since = shown, data, since
        self.pixels: Picture | None = None
        self.unreadable = False
        self.answered: set[str] = set()

    @property
    def size(self) -> int:
        """Bytes it takes up."""
        return len(self.data) + (self.pixels.nbytes if self.pixels is not None else 0)


class Looks(Protocol):
    """What decodes files where they can do no harm."""

    def look_at(self, data: bytes, want: Want) -> Pictures:
        """The first picture of a file in the ways of `want.looks`."""
        ...


def decoded(waiting: Waiting, pool: Looks) -> None:
    """Make pixels of the file, in the decoding process, and forget the file."""
    if waiting.pixels is not None or waiting.unreadable:
        return
    want = Want(looks=(_LOOK,), limits=Limits(most_bytes=len(waiting.data)))
    looks = pool.look_at(waiting.data, want).looks
    waiting.data = b""
    try:
        waiting.pixels = raw_pixels(looks.get(_LOOK.name, b""))
    except ValueError:
        waiting.unreadable = True


class Asking:
    """The classifiers of pictures, one independent of the other."""

    def __init__(self, plugged: Sequence[Plugged], keeps: Keeps) -> None:
        self._plugged, self._keeps = plugged, keeps
        self._watch = DriftWatch(plugged, keeps)
        self._silent: dict[str, bool] = {}

    @property
    def drifts(self) -> dict[str, float]:
        """As `DriftWatch.drifts`."""
        return self._watch.drifts

    def answered(self, waiting: Waiting) -> bool:
        """Whether nobody is to be asked about it any more."""
        return waiting.unreadable or len(waiting.answered) == len(self._plugged)

    def ask(self, waiting: Sequence[Waiting]) -> None:
        """Ask each classifier about what it has not answered, and keep what is found.

        A classifier that does not work now is told of as a trouble, and is to be asked again.
        """
        for each in self._plugged:
            self._ask(each, waiting)
        self._watch.tell()

    def _ask(self, plugged: Plugged, waiting: Sequence[Waiting]) -> None:
        name = plugged.classifier.name
        todo = [each for each in waiting if each.pixels is not None and name not in each.answered]
        try:
            judged = plugged.judge([each.pixels for each in todo if each.pixels is not None])
        except Exception as error:  # a plug-in may raise anything
            self._tell(name, error)
            return
        if todo:
            self._tell(name, None)
        if faults := sum(each.strength is None for each in judged):
            _log.warning("classifier_faults", classifier=name, pictures=faults)
        made = [picture_signal(plugged, each.shown, say) for each, say in zip(todo, judged, strict=True)]
        found = {signal.id: signal for signal in made if signal is not None}
        if found:
            self._keeps.add_signals(tuple(found.values()))
        # Not before it is kept: else a database that fails just now would lose it.
        for each in todo:
            each.answered.add(name)

    def _tell(self, name: str, error: Exception | None) -> None:
        """Once when it stops, and once when it answers again: of what an earlier process told, too."""
        if self._silent.get(name) is (error is not None):
            return
        self._silent[name] = error is not None
        what = f"{ALARMS}{name}, pictures"[:60]
        if error is None:
            self._keeps.well_again(what)
            return
        _log.warning("classifier_silent", classifier=name, problem=str(error))
        message = error.message if isinstance(error, HavenwallError) else f"{type(error).__name__}: {error}"
        self._keeps.trouble(what, message)
