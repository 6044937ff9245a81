"""/v1/lists: banks of known media. Where a list comes from, and its secrets, are set on the machine only."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from havenwall.errors import BadInput, NotFound
from havenwall.model.bank import Backfill, Bank, BankSource, BankStatus, SourceKind, Verification
from havenwall.model.bank_entry import BankEntry, EntryState
from havenwall.web.access import CaseViewer, FiguresViewer, Manager, Served
from havenwall.web.api.codec import Page, body, describe, reply


class ListSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings of a list; what is left out stays, or has its default in a new list."""

    kinds: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    radius: int | msgspec.UnsetType = msgspec.UNSET
    verification: Verification | msgspec.UnsetType = msgspec.UNSET
    purposes: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    opt_outs: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET
    negative: bool | msgspec.UnsetType = msgspec.UNSET
    enabled: bool | msgspec.UnsetType = msgspec.UNSET
    flood: int | msgspec.UnsetType = msgspec.UNSET


class EntrySetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry's new state: `active` or `set_aside`."""

    state: EntryState
    why: str = ""


class Lookup(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A hash to look up: `kind:digits`, or the digits alone."""

    hash: str
    purpose: str = ""
    use: str = ""
    without: tuple[str, ...] = ()


class FoundMatch(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that matches a hash."""

    list: str
    entry: int
    source_id: str
    kind: str
    distance: float
    verification: Verification
    labels: tuple[str, ...]
    set_aside: bool


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a look-up found."""

    acts: bool
    """Whether a machine may go by the matches."""
    matches: tuple[FoundMatch, ...]
    vetoes: tuple[FoundMatch, ...]


class FoundInFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a list file holds, as an import would read it."""

    items: int
    hashes: dict[str, int]
    withdrawn: int
    rejected: int
    rejects: tuple[dict[str, str], ...]


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did, in hashes."""

    list: str
    added: int
    changed: int
    withdrawn: int
    same: int
    rejected: int
    skipped: int
    from_beginning: bool


class Searched(msgspec.Struct, frozen=True, kw_only=True):
    """A search of what was seen, for entries that are new."""

    search: Backfill | None
    """None when there was none, or no entry is new."""


router = APIRouter(prefix="/v1/lists", tags=["lists"])
_Csv = Annotated[bool, Query(description="A CSV file with a header.")]


async def _content(request: Request) -> bytes:
    return await request.body()


Content = Annotated[bytes, Depends(_content)]


@router.get("", openapi_extra=describe(Page))
def lists(viewer: FiguresViewer, app: Served) -> Response:
    """All lists as they stand: settings, counts, and when they were imported."""
    found = app.banks.statuses(viewer)
    return reply(Page(items=[*found], limit=len(found), offset=0, more=False))


@router.post("/check", openapi_extra=describe(FoundInFile))
def check(manager: Manager, app: Served, content: Content, csv: _Csv = False) -> Response:
    """Read a list file as an import would, and tell what is malformed in it; keeps nothing."""
    found = app.banks.check(BankSource(kind=SourceKind.CSV if csv else SourceKind.FILE), content)
    return reply(found)


@router.post("/find", openapi_extra=describe(Found, Lookup))
def find(viewer: CaseViewer, app: Served, asked: Annotated[Lookup, Depends(body(Lookup))]) -> Response:
    """Look a hash up in all lists that may be asked."""
    from havenwall.detect.banks import Asking, BankMatch

    def told(match: BankMatch) -> FoundMatch:
        fields = msgspec.structs.asdict(match)
        return FoundMatch(list=fields.pop("bank"), **{k: v for k, v in fields.items() if k != "form"})

    asking = Asking(purpose=asked.purpose, use=asked.use, without=asked.without)
    found = app.banks.find(viewer, asked.hash, asking)
    matches, vetoes = tuple(map(told, found.matches)), tuple(map(told, found.vetoes))
    return reply(Found(acts=found.acts, matches=matches, vetoes=vetoes))


@router.post("/search", openapi_extra=describe(Searched))
def search(manager: Manager, app: Served) -> Response:
    """Search all media seen so far for entries that are new; answers when it is done."""
    return reply(Searched(search=app.banks.search_seen()))


@router.get("/search", openapi_extra=describe(Searched))
def searched(viewer: FiguresViewer, app: Served) -> Response:
    """How far the newest search of what was seen is."""
    return reply(Searched(search=app.store.bank_backfills.newest()))


@router.get("/{name}", openapi_extra=describe(BankStatus))
def show(viewer: FiguresViewer, app: Served, name: str) -> Response:
    """A list as it stands."""
    return reply(app.store.bank_view.status(name))


@router.get("/{name}/entries", openapi_extra=describe(Page))
def entries(
    manager: Manager,
    app: Served,
    name: str,
    state: EntryState | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=1_000_000_000)] = 0,
) -> Response:
    """Entries of a list, newest first."""
    view = app.store.bank_view
    found = view.entries(view.bank(name).name, state, limit + 1, offset)
    more = len(found) > limit
    return reply(Page(items=[*found[:limit]], limit=limit, offset=offset, more=more))


@router.put("/{name}", openapi_extra=describe(BankStatus, ListSettings))
def save(
    manager: Manager, app: Served, name: str, told: Annotated[ListSettings, Depends(body(ListSettings))]
) -> Response:
    """Make a list of plain files, or change the settings of a list."""
    try:
        old = app.store.bank_view.bank(name)
    except NotFound:
        old = Bank(name=name)
    given = {k: v for k, v in msgspec.structs.asdict(told).items() if v is not msgspec.UNSET}
    return reply(app.banks.save(manager, msgspec.structs.replace(old, **given)))


@router.post("/{name}/import", openapi_extra=describe(Imported))
def import_list(
    manager: Manager,
    app: Served,
    name: str,
    content: Content,
    allow_shrink: Annotated[bool, Query(description="Withdraw what is told of no more.")] = False,
) -> Response:
    """Import a list: from the file in the body, or without one from the list's own source."""
    result = app.banks.bring_in(manager, name, content or None, allow_shrink=allow_shrink)
    counts = {k: v for k, v in msgspec.structs.asdict(result.done).items() if k in Imported.__struct_fields__}
    return reply(Imported(list=result.bank, from_beginning=result.from_beginning, **counts))


@router.post("/{name}/entries/{entry}", openapi_extra=describe(BankEntry, EntrySetting))
def set_entry(
    manager: Manager,
    app: Served,
    name: str,
    entry: int,
    told: Annotated[EntrySetting, Depends(body(EntrySetting))],
) -> Response:
    """Set an entry aside, or let it count again."""
    if told.state is EntryState.WITHDRAWN:
        raise BadInput("only its source withdraws an entry", field="state", hint="set it aside instead")
    return reply(app.banks.set_entry(manager, name, entry, told.state, told.why))
