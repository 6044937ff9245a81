"""JSON in and out by msgspec, and the same types as schemas for OpenAPI."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from havenwall.errors import BadInput

T = TypeVar("T")
_REF = "#/components/schemas/{name}"
_encode = msgspec.json.Encoder().encode


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Part of a list."""

    items: list[Any]
    limit: int
    offset: int
    more: bool
    """Whether there is something after this part."""


def reply(value: object, status: int = 200) -> Response:
    """A record as a JSON answer."""
    return Response(_encode(value), status, media_type="application/json")


def page(items: Sequence[Any], limit: int, offset: int) -> Response:
    """A part of a list as a JSON answer; `items` holds one more than `limit` when there is more."""
    return reply(Page(items=list(items[:limit]), limit=limit, offset=offset, more=len(items) > limit))


def body(kind: type[T]) -> Callable[[Request], Awaitable[T]]:
    """A dependency that reads the request's JSON body as `kind`.

    Raises, when it runs:
        BadInput: the body is not JSON or not of that shape; names the field.
    """
    decoder = msgspec.json.Decoder(kind)

    async def read(request: Request) -> T:
        return decoded(decoder, await request.body())

    return read


def decoded(decoder: msgspec.json.Decoder[T], content: bytes) -> T:
    """What the decoder makes of the content.

    Raises:
        BadInput: the content is not JSON or not of that shape; names the field.
    """
    try:
        return decoder.decode(content)
    except msgspec.ValidationError as problem:
        reason, _, place = str(problem).partition(" - at `$")
        raise BadInput(reason, field=place.strip("`.") or "body") from problem
    except (msgspec.DecodeError, UnicodeError, RecursionError) as problem:
        raise BadInput(f"is not JSON ({problem})", field="body", hint="send a JSON document") from problem


def describe(answer: type | None = None, takes: type | None = None, status: int = 200) -> dict[str, Any]:
    """What a route takes and answers, as `openapi_extra`; the types belong in `schemas.SCHEMAS`."""
    content = {"application/json": {"schema": _ref(answer)}} if answer else {}
    extra: dict[str, Any] = {
        "responses": {str(status): {"description": _first_line(answer), "content": content}}
    }
    if takes:
        schema = {"application/json": {"schema": _ref(takes)}}
        extra["requestBody"] = {"required": True, "content": schema}
    return extra


def components(kinds: Sequence[type]) -> dict[str, Any]:
    """JSON Schemas of types by name, for OpenAPI's `components`."""
    return msgspec.json.schema_components(kinds, ref_template=_REF)[1]


def _ref(kind: type) -> dict[str, str]:
    return {"$ref": _REF.format(name=kind.__name__)}


def _first_line(kind: type | None) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0] if kind else "Done."
