"""/v1/queues: where cases wait, and taking the next of one."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from havenwall.model import Case, CaseClass, Queue, QueueRule
from havenwall.store.queues import QueueChange, QueueCount
from havenwall.web.access import AnyCaseViewer, QueueManager, QueueViewer, Served, person
from havenwall.web.api.codec import Page, body, describe, page, reply


class QueueSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a queue is set to; its name stands in the address."""

    case_class: CaseClass
    position: int = 100
    rule: QueueRule = QueueRule()
    hours: float | None = None
    policy: str = ""


class QueueState(msgspec.Struct, frozen=True, kw_only=True):
    """A queue and what waits in it."""

    queue: Queue
    count: QueueCount


class Took(msgspec.Struct, frozen=True, kw_only=True):
    """The case that was taken; null where nothing waits."""

    case: Case | None


class TakeNext(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which case not to give."""

    but: str = ""


router = APIRouter(prefix="/v1/queues", tags=["queues"])


@router.get("", openapi_extra=describe(Page))
def queues(viewer: QueueViewer, app: Served) -> Response:
    """The queues of the classes one may see, in the order in which they are asked, and what waits there."""
    found = [QueueState(queue=queue, count=count) for queue, count in app.queues.queues(viewer)]
    return page(found, max(1, len(found)), 0)


@router.get("/changes", openapi_extra=describe(Page))
def changes(viewer: QueueManager, app: Served) -> Response:
    """Who changed which queue, newest first."""
    found = app.store.queues.changes()
    return page(found, max(1, len(found)), 0)


@router.put("/{name}", openapi_extra=describe(QueueChange, QueueSettings))
def save(
    viewer: QueueManager,
    app: Served,
    name: str,
    wanted: Annotated[QueueSettings, Depends(body(QueueSettings))],
) -> Response:
    """Set up or change a queue; cases go at once where the rules then want them."""
    queue = Queue(name=name, **{field: getattr(wanted, field) for field in QueueSettings.__struct_fields__})
    return reply(app.queues.save(viewer, queue))


@router.delete("/{name}", openapi_extra=describe(QueueChange))
def delete(viewer: QueueManager, app: Served, name: str) -> Response:
    """Take a queue away; its cases go where the other rules bring them. Default queues stay."""
    return reply(app.queues.delete(viewer, name))


@router.post("/{name}/next", openapi_extra=describe(Took, TakeNext))
def take_next(
    viewer: AnyCaseViewer, app: Served, name: str, wanted: Annotated[TakeNext, Depends(body(TakeNext))]
) -> Response:
    """Take the most urgent case that nobody works on. Persons only."""
    return reply(Took(case=app.queues.take_next(person(viewer), name, wanted.but)))
