"""/v1/media: hashes of a file's bytes, and what it is known as. Nothing of it is kept or logged."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from havenwall.detect.banks import AskedHash
from havenwall.detect.classifiers import check_shown
from havenwall.detect.media.matching import HashedMedia, MatchedMedia, asked_given
from havenwall.errors import BadInput
from havenwall.web.access import MediaViewer, Served
from havenwall.web.api.codec import describe, reply
from havenwall.web.uploads import upload_of

router = APIRouter(prefix="/v1/media", tags=["media"])
_FORM = "multipart/form-data"
_BYTES = {"type": "string", "format": "binary"}


async def sent_bytes(request: Request) -> bytes:
    """The body as it is. Routes name it after their viewer, so that nobody else's bytes are read."""
    return await request.body()


Sent = Annotated[bytes, Depends(sent_bytes)]


async def sent_media(request: Request) -> tuple[bytes, list[AskedHash]]:
    """The body as it is; or the field `file` of a form, and the hashes in its fields `hash`.

    Raises:
        BadInput: the form has no file or something that is no hash, or a hash stands in the address.
    """
    if "hash" in request.query_params:
        hint = "send a form with the fields file and hash; addresses are kept in logs"
        raise BadInput("does not belong in the address", field="hash", hint=hint)
    if not request.headers.get("content-type", "").lower().startswith(_FORM):
        return await request.body(), []
    upload = await upload_of(request)
    if "file" not in upload.files:
        raise BadInput("the form has no such file", field="file", hint="name the file's field file")
    return upload.files["file"], asked_given(value for name, value in upload.texts if name == "hash")


Account = Annotated[str, Query(description="Who showed it, as account:ID: a picture is then classified.")]
Media = Annotated[str, Query(description="Where, as media:ID or post:ID; stands in what classifiers find.")]
SentMedia = Annotated[tuple[bytes, list[AskedHash]], Depends(sent_media)]


def takes_bytes(answer: type) -> dict[str, Any]:
    """What a route that takes a file's bytes says of itself."""
    content = {"application/octet-stream": {"schema": _BYTES}}
    return describe(answer) | {"requestBody": {"required": True, "content": content}}


def _takes_media(answer: type) -> dict[str, Any]:
    told = takes_bytes(answer)
    hashes = {"type": "array", "items": {"type": "string"}, "maxItems": 8}
    form = {"type": "object", "properties": {"file": _BYTES, "hash": hashes}, "required": ["file"]}
    told["requestBody"]["content"][_FORM] = {"schema": form}
    return told


@router.post("/hash", openapi_extra=takes_bytes(HashedMedia))
def hash_media(viewer: MediaViewer, app: Served, data: Sent) -> Response:
    """Exact hashes of the body, and PDQ of the picture or of the video's frames."""
    return reply(app.media.hash_bytes(data))


@router.post("/match", openapi_extra=_takes_media(MatchedMedia))
def match_media(
    viewer: MediaViewer, app: Served, sent: SentMedia, account: Account = "", media: Media = ""
) -> Response:
    """What the body is known as: list, entry, distance, and what was undone to find it.

    The body is the file's bytes, or a form: the file in the field `file`, and up to eight hashes of it that
    were made elsewhere in fields `hash`, each as `photodna:…`. With `account`, a picture that is not known
    goes to the operator's classifiers after this answer.
    """
    if account or media:
        check_shown(account, media)
    answer = app.media.match_bytes(*sent)
    if account:
        app.pictures.offer_matched(account, media, sent[0], answer)
    return reply(answer)
