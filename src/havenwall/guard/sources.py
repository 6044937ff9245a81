"""Flagged accounts out of what recommendations are made from: seeds, neighbours, training data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput
from havenwall.guard.codes import UNKNOWN, code_of
from havenwall.guard.names import Bytes
from havenwall.guard.state import State
from havenwall.model import Restriction

MAX_AGE: Final = 86_400.0
"""Seconds: a training job needs no fresher data than of today."""

_FLAGGED: Final = code_of(Restriction.SUPPRESSED, confirmed=False)
_CLEARED: Final = code_of(Restriction.NONE, confirmed=True)


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """Which of n entities may serve as a source, in the order they were given."""

    entities: Sequence[str]
    """All n of them, as given; one may be there more than once (the owner of each post)."""
    keep: NDArray[np.bool_]
    """(n,) bool: may be used. False for each under any restriction."""
    version: str
    """Snapshot and last change it rests on."""
    stale: bool
    """Data is missing or incomplete, or older than the limit; then nothing not known clean is kept."""

    @property
    def kept(self) -> list[str]:
        """Those that may be used."""
        return [entity for entity, kept in zip(self.entities, self.keep.tolist(), strict=True) if kept]

    def take(self, matrix: Any, *, axis: int = 0) -> Any:
        """A numpy or scipy matrix without the rows (axis 0) or columns (axis 1) of flagged entities.

        Places shift; `np.flatnonzero(keep)` says which entity each belongs to.

        Raises:
            BadInput: the axis is not n long.
        """
        matrix = _indexable(matrix)
        self._check(matrix, axis)
        return matrix[self.keep] if axis == 0 else matrix[:, self.keep]

    def blank(self, matrix: Any, *, axis: int | None = None) -> Any:
        """A copy of the same shape with zeros in the rows (axis 0), columns (axis 1) or both (None).

        For a matrix whose row numbers other parts of a recommender rely on. Sparse comes back as CSR.

        Raises:
            BadInput: an axis is not n long.
        """
        axes = (0, 1) if axis is None else (axis,)
        matrix = _indexable(matrix)
        for each in axes:
            self._check(matrix, each)
        if not hasattr(matrix, "indptr"):
            factors = [self.keep[:, None] if each == 0 else self.keep[None, :] for each in axes]
            return np.where(np.logical_and.reduce(np.broadcast_arrays(*factors)), matrix, 0)
        matrix = matrix.copy()
        rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
        for each in axes:
            matrix.data[~self.keep[rows if each == 0 else matrix.indices]] = 0
        matrix.eliminate_zeros()
        return matrix

    def _check(self, matrix: Any, axis: int) -> None:
        if axis not in (0, 1) or len(matrix.shape) != 2 or matrix.shape[axis] != len(self.keep):
            raise BadInput(
                f"of shape {matrix.shape} has no axis {axis} of {len(self.keep)} entities",
                field="matrix",
                hint="give one entity per row, or per column with axis=1",
            )


def sources_of(state: State, entities: Sequence[str], blob: Bytes, *, outdated: bool) -> Sources:
    """What a state says of entities as sources; `blob` is their `join`."""
    codes = np.full(len(entities), UNKNOWN, dtype=np.uint8)
    for place, entry in state.look(entities, blob).items():
        codes[place] = entry.code
    return Sources(
        entities=entities,
        keep=codes == _CLEARED if outdated else codes < _FLAGGED,
        version=state.version,
        stale=outdated or not state.complete,
    )


def _indexable(matrix: Any) -> Any:
    # Sparse formats differ in what they can be indexed with; scipy itself is not needed for that.
    return matrix.tocsr() if hasattr(matrix, "tocsr") else np.asarray(matrix)
