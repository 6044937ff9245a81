"""Names that are whole numbers: kept as numbers, or as nothing at all where row i is named i."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from havenwall.errors import BadGraph
from havenwall.network.graph.names import Names, Rows


class NumberNames(Names):
    """Names that are whole numbers, ascending by number: row 2 before row 10."""

    def __init__(self, numbers: NDArray[np.integer] | range) -> None:
        """Take over numbers in strictly ascending order; `range(n)` stands for 0..n-1 and takes no memory.

        Raises:
            BadGraph: the range does not begin at 0 or leaves numbers out.
        """
        if isinstance(numbers, range) and numbers != range(len(numbers)):
            raise BadGraph(f"a range of names must be 0..n-1, not {numbers}", field="names")
        self.numbers = numbers

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.numbers)

    def __getitem__(self, row: int) -> str:
        """Name of a row: its number in decimal.

        Raises:
            IndexError: there is no such row; negative rows are none.
        """
        if not 0 <= row < len(self):
            raise IndexError(f"row {row} of {len(self)} names")
        return str(self.numbers[row])

    def row(self, name: str) -> int | None:
        """Row of a name; None if it is not among them."""
        place = int(self.places(pl.Series([name], dtype=pl.String))[0])
        return None if place < 0 else place

    def places(self, names: pl.Series) -> Rows:
        """(m,) row of each name of a text column, -1 for unknown names and nulls; "07" is not "7"."""
        held = np.arange(len(self)) if isinstance(self.numbers, range) else self.numbers
        kind = pl.UInt64 if held.dtype.kind == "u" else pl.Int64
        number = names.cast(kind, strict=False)
        plain = (number.cast(pl.String) == names).fill_null(False).to_numpy()
        wanted = number.fill_null(0).to_numpy()
        if isinstance(self.numbers, range):
            return np.where(plain & (wanted >= 0) & (wanted < len(self)), wanted, -1)
        place = np.searchsorted(self.numbers, wanted.astype(held.dtype))
        inside = np.minimum(place, max(len(self) - 1, 0))
        known = plain & (held[inside] == wanted) if len(self) else np.zeros(len(names), np.bool_)
        return np.where(known, inside, -1)
