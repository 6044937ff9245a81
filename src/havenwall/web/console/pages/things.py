"""Groups, tags, live streams, domains and media that members use, from the newest scoring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request

from havenwall.model import Risk, ThingKind
from havenwall.web.access import CaseViewer, Served
from havenwall.web.console.bars import share_bar
from havenwall.web.console.paging import Choice, address, member_path, paged
from havenwall.web.console.render import show

_SIZE = 25
_LABELS = {
    ThingKind.GROUP: "Groups",
    ThingKind.TAG: "Tags",
    ThingKind.LIVE: "Live streams",
    ThingKind.DOMAIN: "Domains",
    ThingKind.MEDIA: "Media",
}


class UserLink(msgspec.Struct, frozen=True, kw_only=True):
    """An account; without an address if it is in no case."""

    entity: str
    href: str


class ThingRow(msgspec.Struct, frozen=True, kw_only=True):
    """A thing as the list shows it."""

    risk: Risk
    bar: Markup
    users: tuple[UserLink, ...]


def show_things(
    request: Request,
    app: Served,
    viewer: CaseViewer,
    kind: ThingKind | None = None,
    q: str = "",
    page: int = 1,
) -> HTMLResponse:
    """The page. `kind` and `q`, a part of a name, narrow it."""
    run, every = app.things(viewer)
    chosen, wanted = kind.value if kind else "", q.strip().casefold()
    found = [risk for risk in every if chosen in ("", _kind(risk)) and wanted in risk.entity.casefold()]
    paging = paged(page, _SIZE, len(found), lambda n: address("/things", kind=chosen, q=q, page=n))
    shown = found[paging.offset : paging.offset + _SIZE]
    named = {entity for risk in shown if risk.use for entity in risk.use.top}
    view = app.store.communities(viewer)
    view.note("users of things" if named else "")
    return show(
        request,
        viewer,
        "things.html",
        run=run,
        rows=thing_rows(shown, view.cases_of(named)),
        paging=paging,
        filters=_filters(every, chosen),
        kind=chosen,
        q=q,
    )


def thing_rows(risks: Sequence[Risk], cases: dict[str, str]) -> list[ThingRow]:
    """Risks of things with what is drawn and said about them; `cases` has the case of each account in one."""
    return [
        ThingRow(
            risk=risk,
            bar=share_bar(risk.probability),
            users=tuple(_user(entity, cases) for entity in (risk.use.top if risk.use else ())),
        )
        for risk in risks
    ]


def _user(entity: str, cases: dict[str, str]) -> UserLink:
    return UserLink(entity=entity, href=member_path(cases[entity], entity) if entity in cases else "")


def _filters(every: Sequence[Risk], chosen: str) -> list[Choice]:
    counts = Counter(_kind(risk) for risk in every)
    all_kinds = Choice(label="All", href="/things", count=len(every), here=not chosen)
    return [all_kinds, *(_filter(kind, counts[kind.value], chosen) for kind in ThingKind)]


def _filter(kind: ThingKind, count: int, chosen: str) -> Choice:
    href = address("/things", kind=kind.value)
    return Choice(label=_LABELS[kind], href=href, count=count, here=chosen == kind.value)


def _kind(risk: Risk) -> str:
    return risk.entity.partition(":")[0]
