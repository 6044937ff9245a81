"""POST /v1/events: what happened on the platform. Answered only once it is durable."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from havenwall.errors import BadInput
from havenwall.intake import check_event
from havenwall.model import Event
from havenwall.web.access import EventSender, Served
from havenwall.web.api.codec import decoded, describe, reply
from havenwall.web.problems import Rejected, answer, problem_of

MOST_EVENTS = 10_000
"""In one request."""
_LINES = ("application/x-ndjson", "application/jsonl")


class EventBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Events in an object; a bare array of them does as well, and so do lines of JSON."""

    events: list[Event]


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the events sent."""

    accepted: int
    """New ones, now in the journal."""
    duplicates: int
    """Ones the journal or the same request had already."""
    rejected: list[Rejected]


class _Raw(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    events: list[msgspec.Raw]


_DECODER: msgspec.json.Decoder[list[msgspec.Raw] | _Raw] = msgspec.json.Decoder(list[msgspec.Raw] | _Raw)

router = APIRouter(prefix="/v1/events", tags=["events"])


async def _sent(request: Request) -> list[bytes]:
    content = await request.body()
    if request.headers.get("content-type", "").startswith(_LINES):
        return [line for line in content.split(b"\n") if line.strip()]
    found = decoded(_DECODER, content)
    return [bytes(raw) for raw in (found.events if isinstance(found, _Raw) else found)]


@router.post("", openapi_extra=describe(Taken, EventBatch))
def send_events(
    sender: EventSender, app: Served, request: Request, sent: Annotated[list[bytes], Depends(_sent)]
) -> Response:
    """Journal up to 10,000 events; bad ones come back with the reason and do not stop the others."""
    if len(sent) > MOST_EVENTS:
        raise BadInput(f"are more than {MOST_EVENTS:,}", field="events", hint="send them in parts")
    events, rejected = _checked(sent)
    if rejected and not events:
        bad = problem_of(BadInput("none of these can be taken", field="events", hint="see `rejected`"))
        return answer(request, msgspec.structs.replace(bad, rejected=tuple(rejected)))
    accepted = app.ingest_events(events)
    request.app.state.metrics.events(accepted)
    return reply(Taken(accepted=accepted, duplicates=len(events) - accepted, rejected=rejected))


def _checked(sent: Iterable[bytes]) -> tuple[list[Event], list[Rejected]]:
    events: list[Event] = []
    rejected: list[Rejected] = []
    for index, raw in enumerate(sent):
        try:
            events.append(check_event(raw))
        except BadInput as fault:
            rejected.append(_rejected(index, fault))
    return events, rejected


def _rejected(index: int, fault: BadInput) -> Rejected:
    reason = fault.plain
    return Rejected(
        index=index, field=fault.field or "", reason=f"{reason}; {fault.hint}" if fault.hint else reason
    )
