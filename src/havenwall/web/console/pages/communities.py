"""Communities found without confirmed accounts, and their accounts."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from fastapi.responses import HTMLResponse
from markupsafe import Markup
from starlette.requests import Request

from havenwall.store.views.communities import ToldCommunity, ToldMember
from havenwall.web.access import CaseViewer, Served
from havenwall.web.console.bars import parts_bar, share_bar
from havenwall.web.console.paging import address, member_path, paged
from havenwall.web.console.render import show

_SIZE = 8
_FIRST = 6
_MEMBERS = 50
_STATES = ("confirmed", "proposed", "cleared")


class MemberRow(msgspec.Struct, frozen=True, kw_only=True):
    """An account of a community; without an address if it is in no case."""

    member: ToldMember
    state: str
    href: str


class CommunityRow(msgspec.Struct, frozen=True, kw_only=True):
    """A community as the list shows it."""

    community: ToldCommunity
    href: str
    counts: dict[str, int]
    first: tuple[MemberRow, ...]
    more: int
    strength_bar: Markup
    parts_bar: Markup


def show_communities(request: Request, app: Served, viewer: CaseViewer, page: int = 1) -> HTMLResponse:
    """The page: those on which somebody has yet to decide, strongest first."""
    view = app.store.communities(viewer)
    found = view.communities()
    paging = paged(page, _SIZE, len(found), lambda n: address("/communities", page=n))
    shown = view.with_cases(found[paging.offset : paging.offset + _SIZE])
    return show(
        request,
        viewer,
        "communities.html",
        rows=[community_row(each) for each in shown],
        paging=paging,
        run=app.store.figures.newest_run(),
    )


def show_community(
    request: Request, app: Served, viewer: CaseViewer, community_id: str, page: int = 1
) -> HTMLResponse:
    """The page of one community, decided or not."""
    found = app.store.communities(viewer).community(community_id)
    here = community_path(found.id)
    paging = paged(page, _MEMBERS, len(found.members), lambda n: address(here, page=n))
    rows = member_rows(found.members[paging.offset : paging.offset + _MEMBERS])
    return show(request, viewer, "community.html", row=community_row(found), rows=rows, paging=paging)


def community_path(name: str) -> str:
    """Where a community's page is."""
    return f"/communities/{name}"


def community_row(community: ToldCommunity) -> CommunityRow:
    """A community with what is drawn and said about it."""
    counts = {state: community.counts.get(state, 0) for state in _STATES}
    return CommunityRow(
        community=community,
        href=community_path(community.id),
        counts=counts,
        first=member_rows(community.members[:_FIRST]),
        more=len(community.members[_FIRST:]),
        strength_bar=share_bar(community.strength),
        parts_bar=parts_bar(list(counts.items())),
    )


def member_rows(members: Sequence[ToldMember]) -> tuple[MemberRow, ...]:
    """Accounts with what was decided on them, and where their page is."""
    return tuple(
        MemberRow(
            member=member,
            state=member.label or "proposed",
            href=member_path(member.case_id, member.entity) if member.case_id else "",
        )
        for member in members
    )
