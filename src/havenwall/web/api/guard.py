"""/v1/guard: what may be shown where, for recommenders that ask over the wire."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.errors import BadInput
from havenwall.guard import Filtered, Outcome, Surface, Verdict, ViewerClass
from havenwall.model import Standing, split_entity
from havenwall.web.access import GuardAsker, Served
from havenwall.web.api.codec import body, describe, reply
from havenwall.web.api.hot import HotRoute

MOST_CANDIDATES = 10_000
"""In one request."""
MOST_CHANGES = 10_000
"""In one answer."""


class FilterRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Candidates for one surface."""

    surface: Surface
    candidates: list[str]
    """Entity names (`kind:id`), at most 10,000."""
    viewer: str | None = None
    """The account that will see them."""
    viewer_class: ViewerClass | None = None
    """Who looks, where the platform knows; a standing of the viewer counts besides."""
    tied: list[str] = []
    """Those of the candidates the viewer is tied to already: only they survive `no_new_edge`."""


class ContactRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account reaches for another."""

    surface: Surface
    """`follow`, `message` or `comment`."""
    sender: str
    receiver: str
    sender_class: ViewerClass | None = None
    receiver_class: ViewerClass | None = None
    tied: bool = False
    """The two are connected already."""


class StandingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force on one entity."""

    entity: str
    standing: Standing | None
    """None when nothing was ever decided about it."""
    outcomes: dict[Surface, Outcome]
    """What the guard says of it, by surface."""


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the feed of standing changes."""

    changes: list[Standing]
    after: int
    """Ask for what comes after this next."""


hot = APIRouter(prefix="/v1/guard", tags=["guard"], route_class=HotRoute)
router = APIRouter(prefix="/v1/guard", tags=["guard"])


@hot.post("/filter", openapi_extra=describe(Filtered, FilterRequest))
async def filter_candidates(
    asker: GuardAsker, app: Served, wanted: Annotated[FilterRequest, Depends(body(FilterRequest))]
) -> Response:
    """Which candidates to show on a surface: places to keep, and a verdict for each that is not allowed."""
    if len(wanted.candidates) > MOST_CANDIDATES:
        raise BadInput(f"are more than {MOST_CANDIDATES:,}", field="candidates", hint="ask in parts")
    # The guard answers from memory in well under a millisecond: a thread would cost more than the work.
    found = app.guard.filter(
        wanted.candidates,
        wanted.surface,
        viewer=wanted.viewer,
        viewer_class=wanted.viewer_class,
        tied=wanted.tied,
    )
    app.tally.note(wanted.surface, len(wanted.candidates), found.verdicts)
    return reply(found)


@hot.post("/contact", openapi_extra=describe(Verdict, ContactRequest))
async def contact(
    asker: GuardAsker, app: Served, wanted: Annotated[ContactRequest, Depends(body(ContactRequest))]
) -> Response:
    """Whether one account may follow, message or comment on another; factor 0 means no."""
    found = app.guard.contact(
        wanted.sender,
        wanted.receiver,
        wanted.surface,
        sender_class=wanted.sender_class,
        receiver_class=wanted.receiver_class,
        tied=wanted.tied,
    )
    app.tally.note(wanted.surface, 1, [] if found.outcome is Outcome.ALLOW else [found])
    return reply(found)


@router.get("/standing/{entity:path}", openapi_extra=describe(StandingAnswer))
def standing(asker: GuardAsker, app: Served, entity: str) -> Response:
    """What is in force on one entity, and what the guard says of it on each surface."""
    split_entity(entity)
    found = app.store.casework.standings([entity]).get(entity)
    outcomes = {surface: app.guard.check(entity, surface).outcome for surface in Surface}
    return reply(StandingAnswer(entity=entity, standing=found, outcomes=outcomes))


@router.get("/changes", openapi_extra=describe(Changes))
def changes(
    asker: GuardAsker,
    app: Served,
    after: Annotated[int, Query(ge=0, lt=1 << 62)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST_CHANGES)] = 1000,
) -> Response:
    """Standing changes after a position, oldest first; an empty list says that there are none yet."""
    found = app.store.guard.changes(after, limit)
    return reply(Changes(changes=found, after=found[-1].seq if found else after))
