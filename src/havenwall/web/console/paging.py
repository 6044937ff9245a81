"""Pages of long lists and filters of them, as plain links."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote, urlencode

import msgspec

_FURTHEST = 100_000
"""Of pages of a list that nobody counts."""


class Paging(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a list."""

    number: int
    """From 1."""
    size: int
    total: int
    """Less than 0 where nobody counts; then `shown` says how many rows this page has."""
    shown: int = 0
    previous: str | None = None
    next: str | None = None

    @property
    def offset(self) -> int:
        """How many rows come before this page."""
        return (self.number - 1) * self.size

    @property
    def first(self) -> int:
        """Number of the first row on this page."""
        return self.offset + min(1, self._here)

    @property
    def last(self) -> int:
        """Number of the last row on this page."""
        return self.offset + self._here

    @property
    def _here(self) -> int:
        return min(self.size, self.total - self.offset) if self.total >= 0 else self.shown


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One filter a list can be narrowed by."""

    label: str
    href: str
    count: int
    """Less than 0 where it is not told."""
    here: bool
    more: bool = False
    """Whether there may be more than were counted."""


def paged(number: int, size: int, total: int, href: Callable[[int], str]) -> Paging:
    """The page with that number, or the last there is. `href` gives a page's address."""
    last = max(1, -(-total // size))
    number = min(max(1, number), last)
    return Paging(
        number=number,
        size=size,
        total=total,
        previous=href(number - 1) if number > 1 else None,
        next=href(number + 1) if number < last else None,
    )


def page_number(asked: int) -> int:
    """The number of a page as an address may ask for it; a database counts no further than it must."""
    return min(max(1, asked), _FURTHEST)


def one_more(number: int, size: int, found: int, href: Callable[[int], str]) -> Paging:
    """A page of a list that nobody counts.

    Args:
        number: from `page_number`.
        found: how many rows came when one more than a page was asked for.
    """
    return Paging(
        number=number,
        size=size,
        total=-1,
        shown=min(found, size),
        previous=href(number - 1) if number > 1 else None,
        next=href(number + 1) if found > size and number < _FURTHEST else None,
    )


def address(path: str, fragment: str = "", /, **query: str | int) -> str:
    """A path with those of the query's values that say something; page 1 does not."""
    said = {name: value for name, value in query.items() if value not in ("", 1)}
    return path + ("?" + urlencode(said) if said else "") + ("#" + fragment if fragment else "")


def case_path(case_id: str) -> str:
    """Where a case's page is."""
    return f"/cases/{quote(case_id, safe='')}"


def member_path(case_id: str, entity: str) -> str:
    """Where a member's page is. Ids of the platform may hold any character."""
    return f"{case_path(case_id)}/members/{quote(entity, safe=':')}"
