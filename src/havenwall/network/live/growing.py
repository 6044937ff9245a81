"""Names that grow: new ones get the rows after those of the base."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from havenwall.network.graph import Names, NumberNames
from havenwall.network.graph.names import unpack


class GrowingNames:
    """Names of a graph and new ones after them; the rows of the base stay as they are."""

    def __init__(self, base: Names) -> None:
        """Begin without new names."""
        self.base = base
        self._new: dict[str, int] = {}
        self._order: list[str] = []

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.base) + len(self._order)

    def __getitem__(self, row: int) -> str:
        """Name of a row.

        Raises:
            IndexError: there is no such row.
        """
        old = len(self.base)
        if not 0 <= row < len(self):
            raise IndexError(f"row {row} of {len(self)} names")
        return self.base[row] if row < old else self._order[row - old]

    def row(self, name: str) -> int | None:
        """Row of a name; None if it is not among them."""
        found = self._new.get(name)
        return self.base.row(name) if found is None else found

    def add(self, name: str) -> int:
        """Row of a name, a new one if it was not among them."""
        row = self.row(name)
        if row is not None:
            return row
        self._new[name] = len(self)
        self._order.append(name)
        return self._new[name]

    def merged(self) -> tuple[Names, NDArray[np.int64]]:
        """All names in the order a graph needs, and (n,) the row there of each row here."""
        if not self._order:
            return self.base, np.arange(len(self.base))
        texts = pl.concat([_texts(self.base), pl.Series("names", self._order)])
        names = self._numbers() or Names.from_series(texts)
        return names, names.places(texts)

    def _numbers(self) -> NumberNames | None:
        if not isinstance(self.base, NumberNames):
            return None
        new = pl.Series(self._order).cast(pl.UInt32, strict=False)
        if not (new.cast(pl.String) == pl.Series(self._order)).fill_null(False).all():
            return None
        return NumberNames(np.sort(np.concatenate([np.array(self.base.numbers), new.to_numpy()])))


def _texts(names: Names) -> pl.Series:
    if isinstance(names, NumberNames):
        return pl.Series("names", np.array(names.numbers)).cast(pl.String)
    return unpack(names.blob, names.starts).alias("names")
