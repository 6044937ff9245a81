"""Counting along circles: sets of accounts that something joins, such as all that one account follows."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph.prefetch import prefetch
from havenwall.network.live.ledger import Count, Ledger, mark
from havenwall.network.walk import Layer
from havenwall.network.walk.adjacency import degree, neighbours

_SEVERAL = 2
_AHEAD = 16


class Circles:
    """How many confirmed accounts are in the circles of each account, exact under every change.

    `together` of an account sums, over its circles, the confirmed accounts in them (itself among them if it
    is one); `several` counts its circles with two confirmed accounts or more. A circle of more than `most`
    accounts says nothing about any of them and is left out. What counts is its size now: when it grows beyond
    `most`, all that it gave is taken back, and when it shrinks to `most`, all is given again.
    """

    def __init__(
        self,
        members: Layer,
        circles: Layer,
        most: int,
        ledger: Ledger,
        *,
        together: Count,
        several: Count | None = None,
        confirmed: Count | None = None,
    ) -> None:
        """Begin without confirmed accounts.

        Args:
            members: the accounts of each circle.
            circles: the circles of each account, the transpose.
            most: largest size of a circle that counts.
            ledger: where the counts of accounts are kept.
            together: column of that count.
            several: column of that count; None to do without.
            confirmed: where circles are accounts as well, the column of the confirmed ones in their circle.
        """
        self._members = members
        self._circles = circles
        self._ledger = ledger
        self._column = confirmed
        self._rule = _Rule(
            most, int(together), -1 if several is None else int(several), own=confirmed is not None
        )
        # Two columns, so that the first is as strided as a column of the ledger: one type to compile for.
        self._inside = np.zeros((len(members.view.indptr), 2), np.int32)

    def grow(self, circles: int) -> None:
        """Make room for so many circles."""
        if circles > len(self._inside):
            longer = np.zeros((2 * circles, 2), np.int32)
            longer[: len(self._inside)] = self._inside
            self._inside = longer

    def change(self, row: int, change: int) -> None:
        """An account becomes a confirmed one (+1) or no longer is one (-1)."""
        layers = self._circles.view, self._members.view
        _change(*layers, self._confirmed, self._ledger.book, self._rule, row, change)

    def move(self, circle: int, row: int, change: int, *, confirmed: bool) -> None:
        """An account has come into a circle (+1) or left it (-1), as the layers show already.

        Args:
            circle: the circle.
            row: the account.
            change: 1 or -1.
            confirmed: whether the account is a confirmed one.
        """
        held = self._confirmed, self._ledger.book, self._rule
        _move(self._members.view, *held, circle, row, change, confirmed)

    @property
    def _confirmed(self) -> NDArray[np.int32]:
        """(circles,) confirmed accounts in each."""
        return self._inside[:, 0] if self._column is None else self._ledger.book.counts[:, self._column]


class _Rule(NamedTuple):
    most: int
    together: int
    several: int
    own: bool


@njit(cache=True, nogil=True)
def _change(circles, members, confirmed, book, rule, row, change):  # type: ignore[no-untyped-def]
    of_ptr, of_all, of_table, of_entries = circles
    in_ptr, in_all, in_table, in_entries = members
    counts, flags, changed, before, sizes = book
    size = sizes[0]
    most, together, several, own = rule
    flat = counts.reshape(-1)
    those = np.empty(degree(of_ptr, of_table, of_entries, row), np.uint32)
    neighbours(of_ptr, of_all, of_table, of_entries, row, those, 0)
    found = np.empty(most, np.uint32)
    for held in those:
        circle = np.int64(held)
        if own:
            size = mark(counts, flags, changed, before, size, circle)
        was = confirmed[circle]
        confirmed[circle] = was + change
        if degree(in_ptr, in_table, in_entries, circle) > most:
            continue
        doubled = np.int32(was + change >= _SEVERAL) - np.int32(was >= _SEVERAL)
        length = neighbours(in_ptr, in_all, in_table, in_entries, circle, found, 0)
        for at in range(length):
            coming = np.int64(found[min(at + _AHEAD, length - 1)])
            prefetch(flat, coming * counts.shape[1])
            prefetch(flags, coming)
            member = np.int64(found[at])
            size = mark(counts, flags, changed, before, size, member)
            counts[member, together] += change
            if several >= 0:
                counts[member, several] += doubled
    sizes[0] = size


@njit(cache=True, nogil=True)
def _move(members, confirmed, book, rule, circle, row, change, one):  # type: ignore[no-untyped-def]
    in_ptr, in_all, in_table, in_entries = members
    counts, flags, changed, before, sizes = book
    size = sizes[0]
    most, together, several, own = rule
    if own and one:
        size = mark(counts, flags, changed, before, size, circle)
    length = degree(in_ptr, in_table, in_entries, circle)
    was, now = confirmed[circle], confirmed[circle] + change * one
    confirmed[circle] = now
    # What the circle gave each member before, and what it gives now; the mover gets or loses all of it.
    gave = was if length - change <= most else 0
    gives = now if length <= most else 0
    doubled = np.int32(gives >= _SEVERAL) - np.int32(gave >= _SEVERAL)
    if gives != gave:
        found = np.empty(length, np.uint32)
        for at in range(neighbours(in_ptr, in_all, in_table, in_entries, circle, found, 0)):
            member = np.int64(found[at])
            if member != row:
                size = mark(counts, flags, changed, before, size, member)
                counts[member, together] += gives - gave
                if several >= 0:
                    counts[member, several] += doubled
    share = gives if change > 0 else gave
    if share:
        size = mark(counts, flags, changed, before, size, row)
        counts[row, together] += change * share
        if several >= 0:
            counts[row, several] += change * np.int32(share >= _SEVERAL)
    sizes[0] = size
