"""/v1/live: frames of live streams, as they are shown. Nothing of them is kept or logged."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from havenwall.app.live import Frame, LiveAnswer
from havenwall.web.access import MediaViewer, Served
from havenwall.web.api.codec import reply
from havenwall.web.api.media import Sent, takes_bytes

router = APIRouter(prefix="/v1/live", tags=["live"])


@router.post("/{stream_id}/frames", openapi_extra=takes_bytes(LiveAnswer))
def take_frame(
    viewer: MediaViewer,
    app: Served,
    data: Sent,
    stream_id: str,
    account: Annotated[str, Query(description="Who streams, as account:ID.")],
    at: Annotated[float | None, Query(ge=0, description="Seconds from the beginning of the stream.")] = None,
    audience: Annotated[int | None, Query(ge=0, description="How many watch.")] = None,
) -> Response:
    """What a picture or a segment of `live:{stream_id}` is known as, and how the stream stands.

    `stand.next_in` says when the next one is wanted. The first match is in the journal when this answers. A
    picture of a new scene that is not known goes to the operator's classifiers after that.
    """
    frame = Frame(stream=f"live:{stream_id}", account=account, at=at, audience=audience)
    answer = app.live.take(frame, data)
    app.pictures.offer_frame(frame, data, answer)
    return reply(answer)
