"""The behaviour stage: what accounts do over days and weeks, as Signals."""

from __future__ import annotations

from typing import Final

from havenwall.detect.behaviour.course import Course
from havenwall.detect.behaviour.view import BehaviourView, Keeps, NoKeeps
from havenwall.engine import Batch, Output, Stream
from havenwall.model import BEHAVIOUR, Signal

_LIMIT: Final = 250_000
_LEAST: Final = 50_000
"""Events between two savings, at the least: a second's judging."""
_BYTES_PER_EVENT: Final = 100
"""A large memory is saved more seldom: judging an event takes as long as saving 500 to 800 bytes, so a fifth
of the time at most goes into saving where much is read at once, and next to nothing otherwise."""


class BehaviourStage:
    """Event → Signal, by rules that remember.

    What they remember follows from the journal alone. It is laid down every now and then, so that a new
    process takes up the newest memory that is not ahead of the stage's cursor, and reads from there; without
    one it reads everything. It gives out what is not yet kept. So a crash, a second runner and a cursor set
    back all end with the same signals.
    """

    name = BEHAVIOUR
    reads: tuple[Stream, ...] = (Stream.EVENT,)
    notice_only = True

    def __init__(
        self, view: BehaviourView, keeps: Keeps | None = None, *, limit: int = _LIMIT, least: int = _LEAST
    ) -> None:
        self._view = view
        self._keeps = keeps or NoKeeps()
        self._limit, self._least = limit, least
        self._course: Course | None = None
        self._saved = self._size = 0
        # Given out but perhaps not kept, by id, with the position of what they rest on.
        self._open: dict[str, tuple[int, Signal]] = {}

    def run(self, batch: Batch) -> Output:
        """Signals of all that is new, and those given before whose keeping failed."""
        if not len(batch):
            return Output()
        done = self._view.done()
        course = self._course or self._taken_up(done)
        # Not kept while it works: after an error in the middle nobody knows what it has seen.
        self._course = None
        self._open = {name: (at, signal) for name, (at, signal) in self._open.items() if at > done}
        while (signals := course.step(self._view, self._limit)) is not None:
            if course.place.at > done:
                self._open |= {signal.id: (course.place.at, signal) for signal in signals}
            self._save(course, done)
        self._course = course
        return Output(signals=tuple(signal for _, signal in self._open.values()))

    def _taken_up(self, done: int) -> Course:
        # One ahead of the cursor would not say again what was given out and never kept.
        self._open = {}
        for parts in self._keeps.load(done):
            if course := Course.taken_up(parts, self._view):
                self._size, self._saved = sum(map(len, parts)), course.place.seen
                return course
        self._size = self._saved = 0
        return Course()

    def _save(self, course: Course, done: int) -> None:
        if course.place.seen - self._saved >= max(self._least, self._size // _BYTES_PER_EVENT):
            self._size = self._keeps.save(course.place.at, done, course.dump()) or self._size
            self._saved = course.place.seen
