"""A picture as an answer."""

from __future__ import annotations

from starlette.responses import Response


def picture_answer(jpeg: bytes) -> Response:
    """A JPEG, made by us. `no-store`, `nosniff` and a strict policy stand on it, as on every answer."""
    return Response(jpeg, media_type="image/jpeg")
