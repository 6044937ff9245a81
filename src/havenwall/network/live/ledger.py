"""What is counted for each account, and which accounts have changed since last asked."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

_WIDTH = 8
_MASS = 3
CHANGED, CONFIRMED = np.uint8(1), np.uint8(2)
UNIT = 2.0**40
"""Estimates are kept as whole numbers of 1 / UNIT: sums of whole numbers do not depend on their order."""


class Count(IntEnum):
    """The columns of counts."""

    TO_SEEDS = 0
    """Links from the account to confirmed ones."""
    FROM_SEEDS = 1
    """Links from confirmed accounts to it."""
    AUDIENCE = 2
    """Follows of confirmed accounts by the followers of the account, hubs left out."""
    AUDIENCE_TWO = 3
    """Followers of the account, hubs left out, that follow two confirmed accounts or more."""
    COTAGS = 4
    """Uses by confirmed accounts of the things that the account uses, crowded things left out."""
    REACHED = 5
    """Confirmed accounts whose local walk has touched the account."""


class Book(NamedTuple):
    """The arrays of a `Ledger`, as compiled loops take them; they are unpacked there once."""

    counts: NDArray[np.int32]
    """(room, 8): six counts, and 64 bits of estimate; half a cache line for each account."""
    flags: NDArray[np.uint8]
    """(room,) bit 1 for accounts that have changed, bit 2 for confirmed ones."""
    changed: NDArray[np.uint32]
    """(room,) those accounts in the order of their first change."""
    before: NDArray[np.int32]
    """(room, 8) what their counts were before."""
    size: NDArray[np.int64]
    """(1,) how many they are."""


class Ledger:
    """Counts and summed estimates of all accounts. Memory that no change touches is never really taken."""

    def __init__(self, n: int) -> None:
        """Begin with zeros for n accounts."""
        self.n = n
        self.book = _new_book(n)

    def grow(self, n: int) -> None:
        """Make room for n accounts."""
        self.n = n
        if n > len(self.book.counts):
            wider = _new_book(2 * n)
            pairs: Any = zip(self.book, wider, strict=True)
            for old, new in pairs:
                new[: len(old)] = old
            self.book = wider

    def count(self, column: Count) -> NDArray[np.int32]:
        """(n,) a count of every account; a view that later changes show in."""
        return self.book.counts[: self.n, column]

    @property
    def estimates(self) -> NDArray[np.float64]:
        """(n,) summed estimates of the local walks from all confirmed accounts."""
        return mass(self.book.counts[: self.n]) / UNIT

    def confirm(self, row: int, confirmed: bool) -> None:
        """Note whether an account is a confirmed one."""
        self.book.flags[row] = self.book.flags[row] & ~CONFIRMED | (CONFIRMED if confirmed else 0)

    @property
    def touched(self) -> NDArray[np.int64]:
        """(m,) rows whose counts were touched since `forget`, in the order of their first change."""
        return self.book.changed[: self.book.size[0]].astype(np.int64)

    def forget(self) -> None:
        """Begin anew to note which accounts change."""
        self.book.flags[self.book.changed[: self.book.size[0]]] &= ~CHANGED
        self.book.size[0] = 0


def mass(counts: NDArray[np.int32]) -> NDArray[np.int64]:
    """(m,) the estimates in rows of counts, in 1 / UNIT; a view."""
    held: NDArray[np.int64] = counts.view(np.int64)[:, _MASS]
    return held


def _new_book(room: int) -> Book:
    wide: Any = (room, _WIDTH)
    return Book(
        np.zeros(wide, np.int32),
        np.zeros(room, np.uint8),
        np.empty(room, np.uint32),
        np.empty(wide, np.int32),
        np.zeros(1, np.int64),
    )


@njit(cache=True, nogil=True)
def mark(counts, flags, changed, before, size, row):  # type: ignore[no-untyped-def]
    """In compiled code: note that the counts of a row are about to change.

    Takes how many rows have changed and returns how many have now; the caller writes that back to the book
    at its end. (An array for it in here would make numba count its references at every call.)
    """
    if flags[row] & CHANGED:
        return size
    flags[row] |= CHANGED
    changed[size] = row
    for column in range(_WIDTH):
        before[size, column] = counts[row, column]
    return size + 1
