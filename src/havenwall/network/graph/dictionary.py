"""Dictionary encoding: ids as they come become dense codes, and in the end rows in the order of the names.

Ids are looked up by hash and then compared in full, so ids whose hashes are equal stay apart. Memory grows
with the number of different ids, not with the number of links.
"""

from __future__ import annotations

import os
import secrets
from abc import ABC, abstractmethod
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, Protocol, TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from havenwall.errors import BadGraph
from havenwall.network.graph.names import Names, pack, unpack
from havenwall.network.graph.numbers import NumberNames
from havenwall.network.graph.numbertable import FoundNumbers, NumberTable
from havenwall.network.graph.texttable import FoundTexts, TextTable

Codes = NDArray[np.uint32]
_PIECE = 2**17
"""Ids that one thread looks up at a time."""
_MOST = 2**32 - 1


class Dictionary(Protocol):
    """Gives ids codes, and in the end says which row each code is."""

    def encode(self, ids: pl.Series) -> Codes:
        """(m,) the code of every id of a column without nulls."""
        ...

    def finish(self) -> tuple[Names, Codes | None]:
        """The names of all ids seen, and for every code its row; None where codes are rows."""
        ...


class RowDictionary:
    """For ids that are rows already: 0..n-1, n being one more than the highest id seen."""

    def __init__(self) -> None:
        self._size = self._seen = 0

    def encode(self, ids: pl.Series) -> Codes:
        """(m,) the ids themselves; they must be UInt32."""
        codes = ids.to_numpy()
        self._seen += len(codes)
        self._size = max(self._size, int(codes.max()) + 1 if len(codes) else 0)
        return codes

    def finish(self) -> tuple[Names, None]:
        """The numbers up to the highest as names; codes are rows.

        Raises:
            BadGraph: most numbers are not used, so that rows for all would waste memory.
        """
        if self._size > max(2**20, 16 * self._seen):
            raise BadGraph(
                f"ids up to {self._size - 1} in {self._seen} ends cannot be row numbers",
                field="ids",
                hint="have them mapped: dense=False",
            )
        return NumberNames(range(self._size)), None


Found = TypeVar("Found")


class _Hashed(ABC, Generic[Found]):
    """Codes 0, 1, ... in the order in which ids are first seen."""

    def encode(self, ids: pl.Series) -> Codes:
        """(m,) the code of every id of a column without nulls.

        Raises:
            BadGraph: there are more than 2**32 - 1 different ids.
        """
        cores = os.cpu_count() or 1
        pieces = [ids.slice(start, _PIECE) for start in range(0, len(ids), _PIECE)]
        codes = [np.empty(0, np.uint32)]
        with ThreadPoolExecutor(cores) as pool:
            # Few at a time, so that ids that come again soon are found and need not be added one by one.
            for first in range(0, len(pieces), cores):
                for found in list(pool.map(self._find, pieces[first : first + cores])):
                    if len(self) > _MOST - _PIECE:
                        raise BadGraph(f"more than {_MOST - _PIECE} different ids", field="ids")
                    codes.append(self._add(found).astype(np.uint32))
        return np.concatenate(codes)

    @abstractmethod
    def __len__(self) -> int:
        """How many different ids were seen."""

    @abstractmethod
    def finish(self) -> tuple[Names, Codes]:
        """The names of all ids seen, and for every code its row among them."""

    @abstractmethod
    def _find(self, ids: pl.Series) -> Found:
        """Look ids up; called from several threads at a time."""

    @abstractmethod
    def _add(self, found: Found) -> NDArray[np.int64]:
        """Take in ids that are new; the codes of all that were looked up."""


class TextDictionary(_Hashed[FoundTexts]):
    """Codes for text ids; rows ascend by the bytes of the names."""

    def __init__(self) -> None:
        """An empty dictionary."""
        # Codes and names do not depend on the hashes. A secret seed keeps people who choose their own names
        # from choosing ones that collide and are slow to tell apart.
        self._seed = secrets.randbits(64)
        self._table = TextTable()

    def __len__(self) -> int:
        """How many different ids were seen."""
        return len(self._table)

    def finish(self) -> tuple[Names, Codes]:
        """The names of all ids seen, and for every code its row among them."""
        texts = unpack(self._table.blob, self._table.starts).sort()
        names = Names(*pack(texts))
        # Polars sorts texts on all cores but orders places on one: to look the sorted ones up is faster.
        return names, _inverse(self._table.find(names.blob, names.starts, self._hash(texts)).codes)

    def _find(self, ids: pl.Series) -> FoundTexts:
        return self._table.find(*pack(ids), self._hash(ids))

    def _add(self, found: FoundTexts) -> NDArray[np.int64]:
        return self._table.add(found)

    def _hash(self, ids: pl.Series) -> NDArray[np.uint64]:
        return ids.hash(self._seed).to_numpy()


class NumberDictionary(_Hashed[FoundNumbers]):
    """Codes for whole numbers of 64 bits; rows ascend by number."""

    def __init__(self, kind: type[np.int64 | np.uint64] = np.int64, multiplier: int | None = None) -> None:
        """An empty dictionary.

        Args:
            kind: whether the numbers are signed.
            multiplier: of the hashes, odd; a secret one if left out. Codes and names do not depend on it.
        """
        self._kind = kind
        self._table = NumberTable(secrets.randbits(64) | 1 if multiplier is None else multiplier)

    def __len__(self) -> int:
        """How many different ids were seen."""
        return len(self._table)

    def finish(self) -> tuple[Names, Codes]:
        """The names of all ids seen, and for every code its row among them."""
        numbers = self._table.numbers.view(self._kind)
        order = np.argsort(numbers)
        return NumberNames(numbers[order]), _inverse(order)

    def _find(self, ids: pl.Series) -> FoundNumbers:
        return self._table.find(ids.to_numpy().view(np.uint64))

    def _add(self, found: FoundNumbers) -> NDArray[np.int64]:
        return self._table.add(found)


def _inverse(order: NDArray[np.integer]) -> Codes:
    rows = np.empty(len(order), np.uint32)
    rows[order] = np.arange(len(order), dtype=np.uint32)
    return rows
