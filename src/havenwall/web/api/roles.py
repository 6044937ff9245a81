"""/v1/roles: what each role may do."""

from __future__ import annotations

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends
from starlette.responses import Response

from havenwall.model import Right, Role, RoleRights
from havenwall.web.access import PeopleManager, Served
from havenwall.web.api.codec import Page, body, describe, page, reply


class RoleSetting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a role is to be allowed."""

    rights: frozenset[Right]
    """These and no others."""
    version: int
    """Of the role, as the caller saw it."""
    second_factor: bool = False
    """Whether its persons must have a second factor."""


router = APIRouter(prefix="/v1/roles", tags=["people"])


@router.get("", openapi_extra=describe(Page))
def roles(viewer: PeopleManager, app: Served) -> Response:
    """Every role with its rights."""
    found = app.store.roles.all()
    return page(found, len(found), 0)


@router.put("/{role}", openapi_extra=describe(RoleRights, RoleSetting))
def change(
    viewer: PeopleManager, app: Served, role: Role, wanted: Annotated[RoleSetting, Depends(body(RoleSetting))]
) -> Response:
    """Give a role these rights and no others; from the next request of all in it. Persons only."""
    second = wanted.second_factor
    return reply(app.store.roles.change(role, wanted.rights, wanted.version, second_factor=second, by=viewer))
