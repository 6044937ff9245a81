"""Counts of those who used one thing and later another."""

from __future__ import annotations

import msgspec
import numpy as np
from numba import njit
from numpy.typing import NDArray

from havenwall.network.graph import Csr

Dates = NDArray[np.uint32]
Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


class Dated(msgspec.Struct, frozen=True, eq=False):
    """Uses whose date is known, by thing and by account."""

    users: Csr
    """(t, n) the accounts of each thing."""
    since: Dates
    """(uses,) when each of `users` began, seconds since 1970 UTC."""
    things: Csr
    """(n, t) the things of each account."""
    when: Dates
    """(uses,) when each of `things` began."""
    ascending: Dates
    """(uses,) `since`, ascending within a thing."""

    def dates(self, thing: int) -> Dates:
        """When each user of a thing began, ascending."""
        return self.ascending[self.users.indptr[thing] : self.users.indptr[thing + 1]]

    def order(self, old: int, new: Numbers) -> Floats:
        """(new,) chance that a use of `old` began before a use of each of `new`; draws count half."""
        out = np.empty(len(new))
        _order(self.users.indptr, self.ascending, old, new, out)
        return out

    def moves(self, old: int) -> Numbers:
        """(t,) for each thing how many users of thing `old` began with it after they began with `old`."""
        out = np.zeros(self.users.rows, np.int64)
        _count(*self._of(old), self.things.indptr, self.things.indices, self.when, out)
        return out

    def after(self, old: int, new: int, start: int) -> tuple[int, int]:
        """Uses that began at `start` or later, by accounts that had begun with thing `old` before.

        Those of thing `new`, and those of all things.
        """
        things = self.things
        moved, all_of_them = _after(*self._of(old), things.indptr, things.indices, self.when, new, start)
        return int(moved), int(all_of_them)

    def _of(self, thing: int) -> tuple[NDArray[np.uint32], Dates]:
        place = slice(int(self.users.indptr[thing]), int(self.users.indptr[thing + 1]))
        return self.users.indices[place], self.since[place]


def dated(users: Csr) -> Dated | None:
    """The uses whose date is known; None if there are none.

    Args:
        users: (t, n) the accounts of each thing.
    """
    if users.since is None or not users.since.any():
        return None
    known = users.since > 0
    bounds = np.concatenate([[0], np.cumsum(known)])[users.indptr].astype(np.int64)
    since = users.since[known]
    kept = Csr(bounds, users.indices[known], users.columns, since)
    things = kept.flipped
    when = np.empty(0, np.uint32) if things.since is None else things.since
    return Dated(kept, since, things, when, since[np.lexsort((since, kept.sources()))])


@njit(cache=True, nogil=True)
def _order(bounds, dates, old, new, out):  # type: ignore[no-untyped-def]
    begin, end = bounds[old], bounds[old + 1]
    for place in range(len(new)):
        start, stop = bounds[new[place]], bounds[new[place] + 1]
        below, upto, earlier = begin, begin, 0
        for at in range(start, stop):
            while below < end and dates[below] < dates[at]:
                below += 1
            while upto < end and dates[upto] <= dates[at]:
                upto += 1
            earlier += below + upto - 2 * begin
        out[place] = earlier / (2 * (end - begin) * (stop - start))


@njit(cache=True, nogil=True)
def _count(accounts, began, indptr, indices, when, out):  # type: ignore[no-untyped-def]
    for place in range(len(accounts)):
        for at in range(indptr[accounts[place]], indptr[accounts[place] + 1]):
            if when[at] > began[place]:
                out[indices[at]] += 1


@njit(cache=True, nogil=True)
def _after(accounts, began, indptr, indices, when, new, start):  # type: ignore[no-untyped-def]
    moved, total = 0, 0
    for place in range(len(accounts)):
        for at in range(indptr[accounts[place]], indptr[accounts[place] + 1]):
            if when[at] > began[place] and when[at] >= start:
                total += 1
                moved += indices[at] == new
    return moved, total
