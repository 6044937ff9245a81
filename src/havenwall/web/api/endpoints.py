"""/v1/endpoints and /v1/deliveries: where the platform takes notices, and what became of each."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from havenwall.model import ActionKind, CaseClass
from havenwall.model.delivery import Delivery, DeliveryState, DeliveryTry, Endpoint
from havenwall.web.access import Manager, Served
from havenwall.web.api.codec import Page, body, describe, page, reply


class NewEndpoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An endpoint to be made."""

    name: str
    url: str
    kinds: list[ActionKind] = []
    """None means all that a platform has a part in."""
    classes: list[CaseClass] = []
    """None means all."""


class EndpointChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Settings to change; what is left out stays."""

    url: str | None = None
    kinds: list[ActionKind] | None = None
    classes: list[CaseClass] | None = None
    on: bool | None = None


class EndpointSecret(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint with its secret, which is shown this once."""

    endpoint: Endpoint
    secret: str


Limit = Annotated[int, Query(ge=1, le=500)]
Offset = Annotated[int, Query(ge=0, le=1_000_000_000)]
router = APIRouter(prefix="/v1", tags=["endpoints"])


@router.get("/endpoints", openapi_extra=describe(Page))
def endpoints(viewer: Manager, app: Served) -> Response:
    """All endpoints, and how deliveries to them stand."""
    found = app.deliveries.endpoints(viewer)
    return page(found, len(found), 0)


@router.post("/endpoints", status_code=201, openapi_extra=describe(EndpointSecret, NewEndpoint, 201))
def add(viewer: Manager, app: Served, wanted: Annotated[NewEndpoint, Depends(body(NewEndpoint))]) -> Response:
    """Make an endpoint; it is told of what is planned already. The secret is shown this once."""
    endpoint, secret = app.deliveries.add(viewer, wanted.name, wanted.url, wanted.kinds, wanted.classes)
    return reply(EndpointSecret(endpoint=endpoint, secret=secret), 201)


@router.patch("/endpoints/{name}", openapi_extra=describe(Endpoint, EndpointChange))
def change(
    viewer: Manager,
    app: Served,
    name: str,
    wanted: Annotated[EndpointChange, Depends(body(EndpointChange))],
) -> Response:
    """Change an endpoint's settings, switch it on or off; its circuit is closed again."""
    settings = msgspec.structs.asdict(wanted)
    return reply(app.deliveries.change(viewer, name, **settings))


@router.post("/endpoints/{name}/secret", openapi_extra=describe(EndpointSecret))
def renew(viewer: Manager, app: Served, name: str) -> Response:
    """Give an endpoint a fresh secret, in force at once."""
    secret = app.deliveries.renew(viewer, name)
    return reply(EndpointSecret(endpoint=app.store.endpoints.endpoint(name)[0], secret=secret))


@router.post("/endpoints/{name}/test", openapi_extra=describe(DeliveryTry))
def test(viewer: Manager, app: Served, name: str) -> Response:
    """Send a signed message that asks for nothing, and tell what came of it."""
    return reply(app.deliveries.test(viewer, name))


@router.get("/deliveries", openapi_extra=describe(Page))
def deliveries(
    viewer: Manager,
    app: Served,
    endpoint: str = "",
    state: DeliveryState | None = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> Response:
    """Deliveries, newest first."""
    narrowed = {"endpoint": endpoint, "state": state.value if state else ""}
    return page(app.deliveries.log(viewer, **narrowed, limit=limit + 1, offset=offset), limit, offset)


@router.get("/deliveries/{delivery_id}/tries", openapi_extra=describe(Page))
def tries(viewer: Manager, app: Served, delivery_id: str) -> Response:
    """Every try at a delivery, oldest first."""
    found = app.deliveries.tries(viewer, delivery_id)
    return page(found, len(found), 0)


@router.post("/deliveries/{delivery_id}/replay", openapi_extra=describe(Delivery))
def replay(viewer: Manager, app: Served, delivery_id: str) -> Response:
    """Let a delivery be sent once more, with the idempotency key it had."""
    return reply(app.deliveries.replay(viewer, delivery_id))
