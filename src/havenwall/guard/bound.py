"""A guard for a recommender that works on row numbers: two array lookups instead of a dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.guard.codes import NO_CANDIDATE, UNKNOWN
from havenwall.guard.policy import Row
from havenwall.guard.state import State
from havenwall.guard.surface import Surface, ViewerClass
from havenwall.guard.viewer import ANYBODY, Viewer, viewer_of


class BoundGuard:
    """A guard that knows the caller's universe of entities by their place in it. Made by `Guard.bind`."""

    def __init__(
        self,
        universe: Sequence[str],
        state: State,
        renew: Callable[[], object],
        row_of: Callable[[State, Surface, Viewer], tuple[Row, bool]],
    ) -> None:
        self._places = {entity: place for place, entity in enumerate(universe)}
        if len(self._places) != len(universe):
            # A restriction would reach only one of the two places.
            raise BadInput("names an entity twice", field="universe", hint="give each entity one place")
        self._renew = renew
        self._row_of = row_of
        self._held = (State(), self._blank())
        self.follow(state)

    def __len__(self) -> int:
        return len(self._places)

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
        self._renew()
        # One look for state and codes together: an answer never mixes two versions.
        state, codes = self._held
        viewing = ANYBODY if viewer is None is viewer_class else viewer_of(state, viewer, viewer_class)
        row, _outdated = self._row_of(state, surface, viewing)
        indices = np.asarray(indices)
        if indices.dtype.kind not in "iu":
            raise BadInput(f"are {indices.dtype}, not integers", field="indices", hint="give row numbers")
        if row.closed_to[viewing.code]:
            return np.zeros(indices.shape, dtype=np.bool_)
        # One code of no candidate lies on either side, so clipping answers for everything outside.
        shifted = np.add(indices, 1, dtype=np.intp, casting="same_kind")
        found = codes.take(shifted, mode="clip")
        allowed = row.allowed.take(found, mode="clip")
        return allowed if tied is None else allowed | _tied(tied, row.tied, found)

    def follow(self, state: State) -> None:
        """Take over a newer state; called by the guard, one call at a time."""
        held, before = self._held
        if state.snapshot is held.snapshot:
            codes, known = before.copy(), held.overlay
        else:
            codes, known = self._loaded(state), {}
        for entity, entry in state.overlay.items():
            place = self._places.get(entity)
            if place is not None and known.get(entity) is not entry:
                codes[place + 1] = entry.code
        self._held = (state, codes)

    def _loaded(self, state: State) -> NDArray[np.uint8]:
        codes = self._blank()
        if state.snapshot is not None:
            table = state.snapshot.table
            places = np.fromiter(
                map(self._places.get, table.rows, repeat(-1)), dtype=np.intp, count=len(table.rows)
            )
            codes[places[places >= 0] + 1] = table.codes[places >= 0]
        return codes

    def _blank(self) -> NDArray[np.uint8]:
        codes = np.full(len(self._places) + 2, UNKNOWN, dtype=np.uint8)
        codes[[0, -1]] = NO_CANDIDATE
        return codes


def _tied(tied: NDArray[np.bool_], shown: NDArray[np.bool_], codes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    if np.shape(tied) != codes.shape or np.asarray(tied).dtype != np.bool_:
        raise BadInput("is no truth value for each index", field="tied", hint="give a mask of their shape")
    return np.logical_and(tied, shown.take(codes, mode="clip"))
