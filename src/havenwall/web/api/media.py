"""/v1/media: hashes of a file's bytes, and what it is known as. Nothing of it is kept or logged."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from havenwall.detect.media.matching import HashedMedia, MatchedMedia, asked_given
from havenwall.web.access import MediaViewer, Served
from havenwall.web.api.codec import describe, reply

router = APIRouter(prefix="/v1/media", tags=["media"])


async def sent_bytes(request: Request) -> bytes:
    """The body as it is. Routes name it after their viewer, so that nobody else's bytes are read."""
    return await request.body()


Sent = Annotated[bytes, Depends(sent_bytes)]


def takes_bytes(answer: type) -> dict[str, Any]:
    """What a route that takes a file's bytes says of itself."""
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return describe(answer) | {"requestBody": {"required": True, "content": content}}


@router.post("/hash", openapi_extra=takes_bytes(HashedMedia))
def hash_media(viewer: MediaViewer, app: Served, data: Sent) -> Response:
    """Exact hashes of the body, and PDQ of the picture or of the video's frames."""
    return reply(app.media.hash_bytes(data))


@router.post("/match", openapi_extra=takes_bytes(MatchedMedia))
def match_media(
    viewer: MediaViewer,
    app: Served,
    data: Sent,
    hash: Annotated[
        list[str] | None,
        Query(description="Hashes of the body that were made elsewhere: `photodna:…`.", max_length=8),
    ] = None,
) -> Response:
    """What the body is known as: list, entry, distance, and what was undone to find it."""
    return reply(app.media.match_bytes(data, asked_given(hash or ())))
