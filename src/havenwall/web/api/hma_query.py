"""What the look-ups of HMA take in their address, read without a solver."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from starlette.requests import Request

_TELLS: Final = {
    "signal": "The hash.",
    "signal_type": "pdq (as when it is left out) or video_md5.",
    "banks": "Names of banks with commas; empty asks all.",
    "include_distance": "true: with the distance of each match.",
    "types": "Signal types with commas; empty asks all.",
    "url": "Refused: nothing is fetched from an address.",
}
_YES: Final = frozenset({"true", "1", "yes", "on"})


class HmaQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A look-up; what it does not take is passed over, as HMA does."""

    signal: str
    signal_type: str
    banks: str
    types: str
    url: str
    include_distance: bool


async def query_of(request: Request) -> HmaQuery:
    """The look-up that a request's address asks for."""
    told = request.query_params
    return HmaQuery(
        signal=told.get("signal", ""),
        signal_type=told.get("signal_type", "pdq"),
        banks=told.get("banks", ""),
        types=told.get("types", ""),
        url=told.get("url", ""),
        include_distance=told.get("include_distance", "").lower() in _YES,
    )


def parameters(*names: str) -> dict[str, Any]:
    """The parameters of a route, as `openapi_extra`."""
    return {
        "parameters": [
            {"name": name, "in": "query", "schema": {"type": "string"}, "description": _TELLS[name]}
            for name in names
        ]
    }
