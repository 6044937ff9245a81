"""A guard for a recommender that works on row numbers: two array lookups instead of a dictionary."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.guard.codes import NO_CANDIDATE, UNKNOWN
from havenwall.guard.counts import Counts
from havenwall.guard.names import Bytes, Names, Words, join
from havenwall.guard.policy import Row
from havenwall.guard.state import State
from havenwall.guard.surface import Outcome, Surface, ViewerClass
from havenwall.guard.viewer import ANYBODY, Viewer, viewer_of


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """The guard's answer for an array of candidates; both arrays have its shape."""

    outcome: NDArray[np.uint8]
    """The severity of each outcome; `tuple(Outcome)[severity]` names it."""
    factor: NDArray[np.float32]
    """What to multiply a score with; 0 means: do not show."""
    version: str
    """Snapshot and last change it rests on."""
    stale: bool
    """As in `Filtered`."""


class _Question(NamedTuple):
    state: State
    row: Row
    outdated: bool
    closed: bool
    codes: NDArray[np.uint8]


class BoundGuard:
    """A guard that knows the caller's universe of entities by their place in it. Made by `Guard.bind`."""

    def __init__(
        self,
        universe: Bytes,
        state: State,
        renew: Callable[[], object],
        row_of: Callable[[State, Surface, Viewer], tuple[Row, bool]],
        counts: Counts | None = None,
    ) -> None:
        names = Names.of(Words.over(universe))
        if names is None:
            # A restriction would reach only one of the two places.
            raise BadInput("names an entity twice", field="universe", hint="give each entity one place")
        self._names = names
        self._renew = renew
        self._row_of = row_of
        self._counts = counts
        self._held = (State(), self._blank())
        self.follow(state)

    def __len__(self) -> int:
        return len(self._names)

    def allowed(
        self,
        indices: NDArray[Any],
        surface: Surface,
        viewer: str | None = None,
        *,
        viewer_class: ViewerClass | None = None,
        tied: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.bool_]:
        """Which candidates may be shown.

        `indices` is an integer array of any shape holding places in the universe; the answer has its
        shape. -1 (no candidate) and places outside the universe are false. `viewer` and `viewer_class`
        are as for `Guard.filter`; `tied` (bool, same shape) marks those the viewer is tied to already.

        Raises:
            BadInput: not integers, `tied` of another shape, or no such surface.
        """
        question = self._asked(indices, surface, viewer, viewer_class)
        if question.closed:
            allowed = np.zeros(question.codes.shape, dtype=np.bool_)
        else:
            allowed = question.row.allowed.take(question.codes, mode="clip")
            allowed = allowed if tied is None else allowed | _tied(tied, question)
        if self._counts is not None:
            kept = int(np.count_nonzero(allowed))
            self._count(surface, question, kept, kept)
        return allowed

    def judge(
        self,
        indices: NDArray[Any],
        surface: Surface,
        viewer: str | None = None,
        *,
        viewer_class: ViewerClass | None = None,
        tied: NDArray[np.bool_] | None = None,
    ) -> Judged:
        """Outcome and factor of each candidate; arguments and errors as for `allowed`."""
        question = self._asked(indices, surface, viewer, viewer_class)
        if question.closed:
            outcome = np.full(question.codes.shape, Outcome.DROP.severity, dtype=np.uint8)
            factor = np.zeros(question.codes.shape, dtype=np.float32)
        else:
            outcome = question.row.severities.take(question.codes, mode="clip")
            factor = question.row.weights.take(question.codes, mode="clip")
        if tied is not None and not question.closed:
            factor[_tied(tied, question) & (outcome == Outcome.NO_NEW_EDGE.severity)] = 1
        if self._counts is not None:
            unchanged = outcome.tobytes().count(Outcome.ALLOW.severity)
            self._count(surface, question, int(np.count_nonzero(factor)), unchanged)
        state = question.state
        return Judged(
            outcome=outcome,
            factor=factor,
            version=state.version,
            stale=question.outdated or not state.complete,
        )

    def _asked(
        self, indices: NDArray[Any], surface: Surface, viewer: str | None, viewer_class: ViewerClass | None
    ) -> _Question:
        self._renew()
        # One look for state and codes together: an answer never mixes two versions.
        state, codes = self._held
        viewing = ANYBODY if viewer is None is viewer_class else viewer_of(state, viewer, viewer_class)
        row, outdated = self._row_of(state, surface, viewing)
        indices = np.asarray(indices)
        if indices.dtype.kind not in "iu":
            raise BadInput(f"are {indices.dtype}, not integers", field="indices", hint="give row numbers")
        # One code of no candidate lies on either side, so clipping answers for everything outside.
        shifted = np.add(indices, 1, dtype=np.intp, casting="same_kind")
        return _Question(state, row, outdated, row.closed_to[viewing.code], codes.take(shifted, mode="clip"))

    def _count(self, surface: Surface, question: _Question, kept: int, unchanged: int) -> None:
        # Counting bytes costs a third of comparing an array and counting what is true.
        judged = question.codes.size - question.codes.tobytes().count(NO_CANDIDATE)
        assert self._counts is not None
        self._counts.add(surface, judged, judged - kept, kept - unchanged)

    def follow(self, state: State) -> None:
        """Take over a newer state; called by the guard, one call at a time."""
        held, before = self._held
        if state.snapshot is held.snapshot:
            codes, known = before.copy(), held.overlay
        else:
            codes, known = self._loaded(state), {}
        newer = {name: entry for name, entry in state.overlay.items() if known.get(name) is not entry}
        entries = list(newer.values())
        which, places = self._names.hits(join(list(newer)), len(newer))
        for entry, place in zip(which.tolist(), places.tolist(), strict=True):
            codes[place + 1] = entries[entry].code
        self._held = (state, codes)

    def _loaded(self, state: State) -> NDArray[np.uint8]:
        codes = self._blank()
        if state.snapshot is not None:
            table = state.snapshot.table
            rows, places = self._names.hits(table.names.words.blob, len(table.names))
            codes[places + 1] = table.codes[rows]
        return codes

    def _blank(self) -> NDArray[np.uint8]:
        codes = np.full(len(self._names) + 2, UNKNOWN, dtype=np.uint8)
        codes[[0, -1]] = NO_CANDIDATE
        return codes


def _tied(tied: NDArray[np.bool_], question: _Question) -> NDArray[np.bool_]:
    codes = question.codes
    if np.shape(tied) != codes.shape or np.asarray(tied).dtype != np.bool_:
        raise BadInput("is no truth value for each index", field="tied", hint="give a mask of their shape")
    return np.logical_and(tied, question.row.tied.take(codes, mode="clip"))
