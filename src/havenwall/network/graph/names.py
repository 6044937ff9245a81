"""Names of accounts and things: sorted text in one block of bytes; ten million need no Python strings."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl
from numba import njit
from numpy.typing import NDArray

from havenwall.errors import BadGraph
from havenwall.network.graph.cores import sealed

Rows = NDArray[np.int64]
Bytes = NDArray[np.uint8]
_SLICE = 2**20
"""Texts that are turned into bytes, or back, at a time."""


class Names:
    """Names by row, ascending by their UTF-8 bytes (which is Python's order of text as well).

    Takes the bytes of the names and 8 bytes more for each. Equal sets of names give equal rows. Both arrays
    may be read-only memory maps.
    """

    def __init__(self, blob: Bytes, starts: Rows) -> None:
        """Take over arrays that are already in order; `from_series` brings names into order.

        Args:
            blob: the UTF-8 bytes of all names, one after the other.
            starts: (n + 1,) where each name begins in `blob`, and where the last one ends.
        """
        self.blob = blob
        self.starts = starts

    @classmethod
    def from_series(cls, names: pl.Series) -> Names:
        """The distinct names of a text column, nulls left out.

        Raises:
            BadGraph: the column does not hold text.
        """
        if names.dtype != pl.String:
            raise BadGraph(f"names must be text, not {names.dtype}", field=names.name or "names")
        return cls(*pack(names.drop_nulls().unique().sort()))

    @classmethod
    def from_list(cls, names: Iterable[str]) -> Names:
        """The distinct names of a list, sorted."""
        return cls.from_series(pl.Series("names", list(names), pl.String))

    def __len__(self) -> int:
        """How many names there are."""
        return len(self.starts) - 1

    def __getitem__(self, row: int) -> str:
        """Name of a row.

        Raises:
            IndexError: there is no such row; negative rows are none.
        """
        if not 0 <= row < len(self):
            raise IndexError(f"row {row} of {len(self)} names")
        return self._bytes(row).decode()

    def __iter__(self) -> Iterator[str]:
        return (self[row] for row in range(len(self)))

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.row(name) is not None

    def many(self, rows: NDArray[np.integer]) -> list[str]:
        """Names of some rows, in the order given."""
        return [self[int(row)] for row in rows]

    def row(self, name: str) -> int | None:
        """Row of a name; None if it is not among them."""
        wanted = name.encode()
        place = bisect_left(range(len(self)), wanted, key=self._bytes)
        return place if place < len(self) and self._bytes(place) == wanted else None

    def rows(self, names: Iterable[str]) -> Rows:
        """Sorted distinct rows of the known ones among `names`; unknown names are left out."""
        places = np.unique(self.places(pl.Series(list(names), dtype=pl.String)))
        return places[places >= 0]

    def places(self, names: pl.Series) -> Rows:
        """(m,) row of each name of a text column, -1 for unknown names and nulls."""
        blob, starts = pack(names)
        places = np.empty(len(names), np.int64)
        held = (sealed(self.blob, np.uint8), sealed(self.starts, np.int64))
        _search(*held, sealed(blob, np.uint8), starts, places)
        places[names.is_null().to_numpy()] = -1
        return places

    def _bytes(self, row: int) -> bytes:
        return self.blob[self.starts[row] : self.starts[row + 1]].tobytes()


def pack(texts: pl.Series) -> tuple[Bytes, Rows]:
    """A text column as UTF-8 bytes and (m + 1,) starts; a null is an empty text."""
    starts = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(texts.str.len_bytes().fill_null(0).to_numpy(), out=starts[1:])
    parts = [texts.slice(first, _SLICE) for first in range(0, len(texts), _SLICE)]
    return np.frombuffer(b"".join(part.str.join("").item().encode() for part in parts), np.uint8), starts


def unpack(blob: Bytes, starts: Rows) -> pl.Series:
    """The text column of which `pack` made these bytes, nulls being empty texts now."""
    parts = [pl.Series("texts", [], pl.String)]
    for first in range(0, len(starts) - 1, _SLICE):
        edges = starts[first : first + _SLICE + 1]
        whole = pl.lit(blob[edges[0] : edges[-1]].tobytes())
        places, sizes = pl.Series(edges[:-1] - edges[0]), pl.Series(np.diff(edges))
        parts.append(pl.select(texts=whole.bin.slice(places, sizes).cast(pl.String)).to_series())
    return pl.concat(parts)


@njit(cache=True, nogil=True)
def _search(blob, starts, wanted, wanted_starts, places):  # type: ignore[no-untyped-def]
    for at in range(len(places)):
        begin, end = wanted_starts[at], wanted_starts[at + 1]
        low, high = 0, len(starts) - 1
        while low < high:
            middle = (low + high) // 2
            if _before(blob, starts[middle], starts[middle + 1], wanted, begin, end):
                low = middle + 1
            else:
                high = middle
        same = low < len(starts) - 1 and not _before(wanted, begin, end, blob, starts[low], starts[low + 1])
        places[at] = low if same else -1


@njit(cache=True, nogil=True)
def _before(left, begin, end, right, start, stop):  # type: ignore[no-untyped-def]
    for step in range(min(end - begin, stop - start)):
        if left[begin + step] != right[start + step]:
            return left[begin + step] < right[start + step]
    return end - begin < stop - start
