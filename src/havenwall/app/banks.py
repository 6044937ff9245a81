"""Banks: their settings, imports, checks and look-ups, over the store and the index."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import structlog

from havenwall.app.bank_flood import FloodWatch, alarm_of
from havenwall.app.bank_index import BankIndex
from havenwall.app.bank_opaque import BankOpaque
from havenwall.app.bank_reader import BankMemory
from havenwall.connect.sources import open_feed
from havenwall.detect.banks import (
    AskedHash,
    Asking,
    BankSearch,
    ImportResult,
    Looked,
    Page,
    check_bank,
    run_import,
)
from havenwall.detect.detectors.bank_media import BankMedia
from havenwall.detect.media.opaque import Licensed
from havenwall.errors import Conflict, HavenwallError, NotFound
from havenwall.match import hash_kind
from havenwall.model import SYSTEM, Right, Viewer, now
from havenwall.model.bank import Backfill, Bank, BankSource, BankStatus, SourceKind
from havenwall.model.bank_entry import Applied, BankEntry, BankReject, EntryState
from havenwall.store import Store

_log = structlog.get_logger()
_EVENTS = 100_000
"""Events that a search of what was seen takes at once."""
_SHOWN = 100
"""Rejects that a check tells of."""


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a list file holds, as an import would read it."""

    items: int
    hashes: dict[str, int]
    """By kind."""
    withdrawn: int
    """Items the file says are withdrawn."""
    rejected: int
    rejects: tuple[BankReject, ...]
    """The first hundred malformed records."""


class BankDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A bank with its newest entries and rejects."""

    status: BankStatus
    entries: tuple[BankEntry, ...]
    rejects: tuple[BankReject, ...]


class BankDesk:
    """What people and programs do with banks."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        sleep: Callable[[float], None] = time.sleep,
        licensed: Sequence[Licensed] = (),
    ) -> None:
        """`folder`: where the index lies. `sleep` waits between tries at a source. `licensed`: how licensed
        hashes are compared."""
        self._store, self._sleep = store, sleep
        self.index = BankIndex(folder, store.bank_view)
        self._memory = BankMemory(store.bank_view, self.index)
        self.opaque = BankOpaque(store.bank_view, licensed)
        self._search = BankSearch(self._memory, self.index, self.opaque)
        self._flood = FloodWatch(store, limits=self._memory.limits, changed=self._memory.forget)

    def save(self, viewer: Viewer, bank: Bank) -> BankStatus:
        """Make a bank, or change its settings; both hold from the next look-up on, in other processes within
        a tenth of a second.

        Raises:
            Forbidden: the viewer may not manage.
            BadInput: a setting is not right.
        """
        viewer.need(Right.MANAGE)
        old = next((each for each in self._store.bank_view.all() if each.name == bank.name), bank)
        self._store.banks.save(check_bank(bank))
        if (old.kinds, old.source) != (bank.kinds, bank.source):
            # What was passed over so far, or another source: only a fetch from the beginning tells.
            state = self._store.banks.state(bank.name)
            self._store.banks.set_state(state, msgspec.structs.replace(state, cursor=""))
        self._memory.forget()
        _log.info("bank saved", bank=bank.name, by=viewer.name)
        return self._store.bank_view.status(bank.name)

    def statuses(self, viewer: Viewer) -> list[BankStatus]:
        """All banks as they stand. Raises Forbidden when the viewer may not see figures."""
        viewer.need(Right.SEE_FIGURES)
        return self._store.bank_view.statuses()

    def detail(
        self, viewer: Viewer, name: str, state: EntryState | None = None, limit: int = 20
    ) -> BankDetail:
        """A bank with its newest entries, of one state when told, and its newest rejects.

        Raises:
            Forbidden: the viewer may not manage.
            NotFound: there is no such bank.
        """
        viewer.need(Right.MANAGE)
        view = self._store.bank_view
        return BankDetail(
            status=view.status(name),
            entries=tuple(view.entries(name, state, limit)),
            rejects=tuple(view.rejects(name, limit)),
        )

    def bring_in(
        self,
        viewer: Viewer,
        name: str,
        content: bytes | None = None,
        *,
        tell: Callable[[Page, Applied], None] | None = None,
        allow_shrink: bool = False,
    ) -> ImportResult:
        """Import a bank from its source, or from the content of a file handed over.

        A bank that does not exist yet is made when there is a file, as one of plain files.

        Raises:
            Forbidden: the viewer may not manage.
            NotFound: there is no such bank, and no file.
            SourceFailed, Conflict, BadInput, BadConfig: as `run_import` and `open_feed`.
        """
        viewer.need(Right.MANAGE)
        bank = self._bank(viewer, name, may_make=content is not None)
        feed = open_feed(bank.source, content, sleep=self._sleep)
        result = run_import(bank, feed, self._store.banks, now, tell=tell, allow_shrink=allow_shrink)
        self.index.catch_up()
        self._memory.forget()
        _log.info("bank imported", bank=name, pages=result.pages, added=result.done.added, by=viewer.name)
        return result

    def bring_in_all(self) -> int:
        """Import every bank that is fetched from elsewhere; one that fails is told as trouble and stops
        no other. Returns how many banks were tried."""
        fetched = [bank for bank in self._store.bank_view.all() if bank.enabled and bank.source.address]
        for bank in fetched:
            what = f"list {bank.name}"
            try:
                self.bring_in(SYSTEM, bank.name)
            except HavenwallError as problem:
                _log.error("bank not imported", bank=bank.name, problem=problem.message)
                self._store.ledger.trouble(what, problem.message)
            else:
                self._store.ledger.well_again(what)
        return len(fetched)

    def check(self, source: BankSource, content: bytes) -> Checked:
        """What an import would read from a file; keeps nothing.

        Raises:
            SourceFailed: it is no list at all.
        """
        pages = list(open_feed(source, content).pages("", now()))
        items = {change.source_id: change for page in pages for change in page.changes}
        rejects = [reject for page in pages for reject in page.rejects]
        kinds = [known.kind for change in items.values() for known in change.hashes]
        return Checked(
            items=len(items),
            hashes={kind: kinds.count(kind) for kind in sorted(set(kinds))},
            withdrawn=sum(not change.hashes for change in items.values()),
            rejected=len(rejects),
            rejects=tuple(rejects[:_SHOWN]),
        )

    def find(self, viewer: Viewer, text: str, asking: Asking | None = None) -> Looked:
        """Entries that a hash matches: `hash` or `kind:hash`.

        Raises:
            Forbidden: the viewer may not see child-safety cases.
            BadInput: it is no hash.
        """
        viewer.need(Right.SEE_CHILD_SAFETY)
        label, colon, value = text.partition(":")
        asked = AskedHash(kind=label, value=value) if colon else AskedHash(kind=hash_kind(text), value=text)
        return self._search.look([asked], asking)

    def look(self, hashes: Sequence[AskedHash], asking: Asking | None = None) -> Looked:
        """Entries that the hashes of a piece of media match. What matches far too much is set aside.

        Raises:
            BadInput: one is no hash.
        """
        found = self._search.look(hashes, asking)
        self._flood.saw(found.matches)
        return found

    def look_many(
        self,
        media: Sequence[Sequence[AskedHash]],
        asking: Asking | None = None,
        among: tuple[int, int] | None = None,
    ) -> list[Looked]:
        """As `look`, for several pieces of media. See `BankSearch.look_many`."""
        found = self._search.look_many(media, asking, among)
        for each in found:
            self._flood.saw(each.matches)
        return found

    def search_seen(self, tell: Callable[[Backfill], None] | None = None) -> Backfill | None:
        """Search all that was already seen for entries that are new, going on where the last search ended.

        Returns the search as it then is, None when nothing was to be done; another process may do the rest.
        """
        self.index.catch_up()
        self._memory.forget()
        backfills = self._store.bank_backfills
        search = backfills.begin(self.index.followed())
        while search is not None and not search.done:
            if tell:
                tell(search)
            events, position = backfills.read(search, _EVENTS)
            # Not `self.look_many`: what was seen long ago is no flood of this hour.
            found = BankMedia(self._search, (search.after, search.upto), self.opaque.kinds).detect(events)
            try:
                search = backfills.step(search, position, tuple({each.id: each for each in found}.values()))
            except Conflict:
                return backfills.newest()
        return search

    def set_entry(self, viewer: Viewer, bank: str, entry: int, state: EntryState, why: str) -> BankEntry:
        """Set an entry aside or let it count again.

        Raises:
            Forbidden: the viewer may not manage.
            NotFound: there is no such entry in this bank.
        """
        viewer.need(Right.MANAGE)
        if [each.bank for each in self._store.bank_view.by_ids([entry])] != [bank]:
            raise NotFound(f"the bank {bank} has no entry {entry}")
        self._store.banks.set_entries([entry], state, f"{why or 'no reason given'} ({viewer.name})")
        self._memory.forget()
        if not self._store.bank_view.entries(bank, EntryState.SET_ASIDE, limit=1):
            self._store.ledger.well_again(alarm_of(bank))
        return self._store.bank_view.by_ids([entry])[0]

    def close(self) -> None:
        """Write down what was counted, and let another process write the index."""
        self._flood.write()
        self.index.close()

    def _bank(self, viewer: Viewer, name: str, *, may_make: bool) -> Bank:
        try:
            return self._store.bank_view.bank(name)
        except NotFound:
            if not may_make:
                raise
        return self.save(viewer, Bank(name=name, source=BankSource(kind=SourceKind.FILE))).bank
