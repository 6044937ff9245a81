"""/v1/keys: API keys of programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from havenwall.model import ApiKey, Right
from havenwall.web.access import PeopleManager, Served
from havenwall.web.api.codec import Page, body, describe, page, reply


class NewKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A key to make."""

    name: str
    """What it is for."""
    scopes: frozenset[Right]
    """What it may do; no right that its maker has not."""
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None
    """With a time zone; without it the key holds until it is revoked."""


class MadeKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was just made."""

    key: ApiKey
    secret: str
    """Shown here only; send it as `Authorization: Bearer SECRET`."""


router = APIRouter(prefix="/v1/keys", tags=["people"])


@router.get("", openapi_extra=describe(Page))
def keys(viewer: PeopleManager, app: Served) -> Response:
    """Every key, the newest first, with its last use; also those that ended."""
    found = app.store.keys.all()
    return page(found, max(len(found), 1), 0)


@router.post("", openapi_extra=describe(MadeKey, NewKey, 201))
def make(viewer: PeopleManager, app: Served, wanted: Annotated[NewKey, Depends(body(NewKey))]) -> Response:
    """Make a key; its secret is in this answer and nowhere else."""
    key, secret = app.store.keys.add(wanted.name, wanted.scopes, expires_at=wanted.expires_at, by=viewer)
    return reply(MadeKey(key=key, secret=secret), 201)


@router.delete("/{key_id}", openapi_extra=describe(ApiKey))
def revoke(viewer: PeopleManager, app: Served, key_id: str) -> Response:
    """End a key. Servers that have just heard it may take it for another second."""
    return reply(app.store.keys.revoke(key_id, by=viewer))
