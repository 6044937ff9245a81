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
from havenwall.guard.surface import Surface


class BoundGuard:
    """A guard that knows the caller's universe of entities by their place in it. Made by `Guard.bind`."""

    def __init__(self, universe: Sequence[str], state: State, current: Callable[[Surface], Row]) -> None:
        self._places = {entity: place for place, entity in enumerate(universe)}
        if len(self._places) != len(universe):
            # A restriction would reach only one of the two places.
            raise BadInput("names an entity twice", field="universe", hint="give each entity one place")
        self._current = current
        self._state = State()
        self._codes = self._blank()
        self.follow(state)

    def __len__(self) -> int:
        return len(self._places)

    def allowed(self, indices: NDArray[Any], surface: Surface) -> NDArray[np.bool_]:
        """Which candidates may be shown: true unless the outcome is drop.

        `indices` is an integer array of any shape holding places in the universe; the answer has its
        shape. -1 (no candidate) and places outside the universe are false.

        Raises:
            BadInput: not integers, or no such surface.
        """
        # Rules before codes: the guard renews the codes first, so these are never older than the rules.
        row = self._current(surface)
        indices = np.asarray(indices)
        if indices.dtype.kind not in "iu":
            raise BadInput(f"are {indices.dtype}, not integers", field="indices", hint="give row numbers")
        # One code of no candidate lies on either side, so clipping answers for everything outside.
        shifted = np.add(indices, 1, dtype=np.intp, casting="same_kind")
        codes = self._codes.take(shifted, mode="clip")
        return row.allowed.take(codes, mode="clip")

    def follow(self, state: State) -> None:
        """Take over a newer state; called by the guard, one call at a time."""
        if state.snapshot is self._state.snapshot:
            codes, known = self._codes.copy(), self._state.overlay
        else:
            codes, known = self._loaded(state), {}
        for entity, entry in state.overlay.items():
            place = self._places.get(entity)
            if place is not None and known.get(entity) is not entry:
                codes[place + 1] = entry.code
        self._state, self._codes = state, codes

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
