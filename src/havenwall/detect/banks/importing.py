"""One import of a bank: page after page, each kept whole together with where to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from havenwall.errors import Conflict
from havenwall.model.bank import Bank, ImportState
from havenwall.model.bank_entry import Applied, BankChange, BankReject

MOST_SHRINK = 0.2
"""Share of a bank that a fetch from the beginning may withdraw without a person's word."""
_FEW = 100
"""So few withdrawals need no word."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What a source told at once."""

    cursor: str
    """Where to go on after this page."""
    changes: tuple[BankChange, ...] = ()
    rejects: tuple[BankReject, ...] = ()
    skipped: int = 0
    """Records that are no hashes of media."""
    done: int = 0
    total: int = 0
    """How far the fetch is, in the source's own measure; 0 when it does not say."""


class Feed(Protocol):
    """A source as the import sees it."""

    @property
    def whole(self) -> bool:
        """Whether a fetch from the beginning tells of everything, so that what is missing is gone."""
        ...

    def stale(self, cursor: str, fetched_at: datetime | None, now: datetime) -> bool:
        """Whether to fetch from the beginning: the source has forgotten what was withdrawn since, or the
        file is another one."""
        ...

    def pages(self, cursor: str, now: datetime) -> Iterator[Page]:
        """Pages from a cursor on (empty: the beginning) until there is nothing further.

        Raises:
            SourceFailed: the source does not answer as documented.
        """
        ...


class Keeper(Protocol):
    """Where entries are kept."""

    def state(self, bank: str) -> ImportState:
        """How far the import of a bank is."""
        ...

    def set_state(self, seen: ImportState, state: ImportState) -> None:
        """Keep how far it is; Conflict when it is not at `seen` any more."""
        ...

    def apply(
        self,
        seen: ImportState,
        state: ImportState,
        changes: Sequence[BankChange],
        rejects: Sequence[BankReject] = (),
    ) -> Applied:
        """Keep a page and how far it is, all or nothing."""
        ...

    def unseen(self, bank: str, sweep: int) -> tuple[int, int]:
        """How many entries a sweep did not tell of, and how many there are."""
        ...

    def end_sweep(self, seen: ImportState, state: ImportState) -> int:
        """Withdraw what the sweep did not tell of; returns how many."""
        ...


class ImportResult(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did."""

    bank: str
    pages: int
    done: Applied
    from_beginning: bool
    """Whether everything was fetched anew, so that what is gone was withdrawn."""


def run_import(
    bank: Bank,
    feed: Feed,
    keeper: Keeper,
    clock: Callable[[], datetime],
    *,
    tell: Callable[[Page, Applied], None] | None = None,
    allow_shrink: bool = False,
) -> ImportResult:
    """Import until the source has nothing further. May be cut off anywhere: the next import goes on after the
    last page that was kept, and a page told twice changes nothing.

    Args: `tell` hears of each page and of all that was done up to it.

    Raises:
        SourceFailed: the source does not answer as documented; what was kept stays.
        Conflict: somebody else imports this bank; or a fetch from the beginning tells of so little that
            withdrawing the rest needs `allow_shrink`.
    """
    state = _begin(keeper, feed, bank.name, clock())
    began_sweeping, done, pages = state.sweeping, Applied(), 0
    for page in feed.pages(state.cursor, clock()):
        seen, changes = state, [_taken(bank, change) for change in page.changes]
        state = msgspec.structs.replace(seen, cursor=page.cursor, fetched_at=clock())
        skipped = page.skipped + sum(len(old.hashes) for old in page.changes)
        skipped -= sum(len(new.hashes) for new in changes)
        done += keeper.apply(seen, state, changes, page.rejects) + Applied(skipped=skipped)
        pages += 1
        if tell:
            tell(page, done)
    done += _end(keeper, state, clock(), allow_shrink)
    return ImportResult(bank=bank.name, pages=pages, done=done, from_beginning=began_sweeping)


def _begin(keeper: Keeper, feed: Feed, bank: str, now: datetime) -> ImportState:
    state = keeper.state(bank)
    if state.cursor and not feed.stale(state.cursor, state.fetched_at, now):
        return state
    fresh = msgspec.structs.replace(
        state, cursor="", sweep=state.sweep + 1, sweeping=feed.whole, fetched_at=now
    )
    keeper.set_state(state, fresh)
    return fresh


def _end(keeper: Keeper, state: ImportState, now: datetime, allow_shrink: bool) -> Applied:
    complete = msgspec.structs.replace(state, sweeping=False, completed_at=now)
    if not state.sweeping:
        keeper.set_state(state, complete)
        return Applied()
    missing, there = keeper.unseen(state.bank, state.sweep)
    if missing > max(_FEW, MOST_SHRINK * there) and not allow_shrink:
        raise Conflict(
            f"the source tells of {there - missing:,} entries of {there:,}; nothing is withdrawn",
            hint="look at the source; if it is right, import again with --allow-shrink",
        )
    return Applied(withdrawn=keeper.end_sweep(state, complete))


def _taken(bank: Bank, change: BankChange) -> BankChange:
    """The change without hashes of kinds that the bank does not take."""
    if not bank.kinds or not change.hashes:
        return change
    taken = tuple(each for each in change.hashes if each.kind in bank.kinds)
    why = change.why if taken else "the bank takes none of its kinds"
    return msgspec.structs.replace(change, hashes=taken, why=why)
