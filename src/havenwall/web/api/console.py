"""/v1/me/console, /v1/filters, presence on a case, bulk steps on cases, and message templates."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from havenwall.app.bulk import Bulk
from havenwall.model.console import ConsoleChoice, MessageTemplate, SavedFilter
from havenwall.web.access import AnyCaseViewer, Anyone, QueueManager, Served, person
from havenwall.web.api.codec import Page, body, describe, page, reply
from havenwall.web.console.keymap import checked


class NewFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A narrowed list of cases, to be kept under a name."""

    name: str
    query: str
    """The part of the list's address after the question mark."""
    shared: bool = False
    """Whether others of one's role have it too."""


class MessageText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a message says; `{number}` stands for the reference number."""

    subject: str
    body: str


router = APIRouter(prefix="/v1", tags=["console"])


@router.get("/me/console", openapi_extra=describe(ConsoleChoice))
def choice(viewer: Anyone, app: Served) -> Response:
    """Colours, language and keys of one's own console. Persons only."""
    return reply(app.console.choice(person(viewer)))


@router.put("/me/console", openapi_extra=describe(ConsoleChoice, ConsoleChoice))
def choose(
    viewer: Anyone, app: Served, wanted: Annotated[ConsoleChoice, Depends(body(ConsoleChoice))]
) -> Response:
    """Set them; what is left out is as it comes. Persons only."""
    wanted = msgspec.structs.replace(wanted, keys=checked(wanted.keys))
    return reply(app.console.choose(person(viewer), wanted))


@router.get("/filters", openapi_extra=describe(Page))
def filters(viewer: AnyCaseViewer, app: Served) -> Response:
    """One's own filters of cases, and those shared with one's role."""
    found = app.console.filters(viewer)
    return page(found, max(1, len(found)), 0)


@router.post("/filters", openapi_extra=describe(SavedFilter, NewFilter), status_code=201)
def save_filter(
    viewer: AnyCaseViewer, app: Served, new: Annotated[NewFilter, Depends(body(NewFilter))]
) -> Response:
    """Keep a filter; an own one of that name is replaced. Persons only."""
    return reply(app.console.save_filter(viewer, new.name, new.query, shared=new.shared), 201)


@router.delete("/filters/{filter_id}", status_code=204)
def drop_filter(viewer: AnyCaseViewer, app: Served, filter_id: str) -> Response:
    """Delete a filter of one's own."""
    app.console.drop_filter(viewer, filter_id)
    return Response(status_code=204)


@router.post("/cases/{case_id}/presence", openapi_extra=describe(Page))
def look(viewer: AnyCaseViewer, app: Served, case_id: str) -> Response:
    """Say that one has a case open, for 90 seconds, and hear who else has. Persons only."""
    found = app.console.look(viewer, case_id)
    return page(found, max(1, len(found)), 0)


@router.post("/cases/bulk/preview", openapi_extra=describe(Page, Bulk))
def preview_bulk(viewer: AnyCaseViewer, app: Served, bulk: Annotated[Bulk, Depends(body(Bulk))]) -> Response:
    """What one step would do to each of many cases; nothing happens."""
    found = app.bulk.preview(viewer, bulk)
    return page(found, len(found), 0)


@router.post("/cases/bulk", openapi_extra=describe(Page, Bulk))
def run_bulk(viewer: AnyCaseViewer, app: Served, bulk: Annotated[Bulk, Depends(body(Bulk))]) -> Response:
    """One step on many cases; decisions wait for a second person. Persons only."""
    found = app.bulk.run(person(viewer), bulk)
    return page(found, len(found), 0)


@router.get("/messages", openapi_extra=describe(Page))
def templates(viewer: QueueManager, app: Served) -> Response:
    """The operator's messages to people outside, which take the place of those that come with Havenwall."""
    found = app.console.templates(viewer)
    return page(found, max(1, len(found)), 0)


@router.put("/messages/{name}/{language}", openapi_extra=describe(MessageTemplate, MessageText))
def keep_template(
    viewer: QueueManager,
    app: Served,
    name: str,
    language: str,
    text: Annotated[MessageText, Depends(body(MessageText))],
) -> Response:
    """Keep a message; one with a placeholder that nothing fills is refused."""
    return reply(app.console.keep_template(viewer, name, language, text.subject, text.body))


@router.delete("/messages/{name}/{language}", status_code=204)
def drop_template(viewer: QueueManager, app: Served, name: str, language: str) -> Response:
    """Go back to the message that comes with Havenwall."""
    app.console.drop_template(viewer, name, language)
    return Response(status_code=204)
