"""Estimates and residuals of the accounts that a push has touched."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from havenwall.network.walk.settle import ESTIMATE, FEW, RESIDUAL, ROW, begin, rewire, settle
from havenwall.network.walk.table import look_up, new_table
from havenwall.network.walk.ways import Lists


class Local:
    """A sparse vector of estimates and residuals: time and memory go with the accounts touched."""

    def __init__(self, row: int, ways: Lists) -> None:
        """Begin with all mass as the residual of one account.

        Args:
            row: the account.
            ways: the ways on from each account.
        """
        table, entries, masses = new_table(FEW), np.zeros((FEW, 2), np.int64), np.zeros((FEW, 2))
        self._held: tuple[Any, ...] = (table, entries, masses, begin(table, entries, masses, *ways, row))

    @property
    def rows(self) -> NDArray[np.int64]:
        """(m,) accounts touched, in the order in which they were met."""
        return self._column(1, ROW)

    @property
    def estimates(self) -> NDArray[np.float64]:
        """(m,) what each of `rows` has kept."""
        return self._column(2, ESTIMATE)

    @property
    def residuals(self) -> NDArray[np.float64]:
        """(m,) what each of `rows` has not passed on yet."""
        return self._column(2, RESIDUAL)

    def __contains__(self, row: int) -> bool:
        """Whether an account was touched."""
        return self._place(row) >= 0

    def __getitem__(self, row: int) -> float:
        """Estimate of an account; 0 if it was not touched."""
        place = self._place(row)
        return float(self._held[2][place, ESTIMATE]) if place >= 0 else 0.0

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(array.nbytes for array in self._held[:3])

    def settle(
        self, places: list[int], steps: Lists, ways: Lists, teleport: float, eps: float, *, forward: bool
    ) -> None:
        """Push until no residual is above its bound.

        Args:
            places: which of `rows` may be above it now.
            steps: to whom each account passes mass.
            ways: the ways on from each account.
            teleport: share that an account keeps.
            eps: the bound; forward it counts for each way on.
            forward: whether an account divides what it passes among its own ways on (forward push), or each
                that gets some divides by theirs (reverse push).
        """
        first = np.array(places, np.int64)
        self._held = settle(*self._held, first, steps, ways, teleport, eps, forward)

    def rewire(self, moves: list[tuple[int, int]], change: int, ways: Lists, teleport: float) -> list[int]:
        """Keep the invariant of forward push when steps between accounts come (+1) or go (-1).

        Returns:
            Which of `rows` have other residuals now or another bound.
        """
        *held, places = rewire(*self._held, np.array(moves, np.int64), change, ways, teleport)
        self._held = tuple(held)
        return [int(place) for place in places]

    def _place(self, row: int) -> int:
        return int(look_up(self._held[0], self._held[1], row))

    def _column(self, array: int, column: int) -> NDArray[Any]:
        values: NDArray[Any] = self._held[array][: self._held[3], column]
        return values
