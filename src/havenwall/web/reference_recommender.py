"""A recommender behind the six routes that the audit asks over HTTP: an example to copy.

It speaks as `docs/reference/audit-http.openapi.yaml` says. What it serves is any adapter of the audit.
"""

from __future__ import annotations

import secrets
import socket
import threading
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.requests import Request
from starlette.responses import Response

from havenwall.audit.adapter import Adapter
from havenwall.audit.adapters import wire
from havenwall.errors import BadInput, Unauthenticated
from havenwall.web.api.codec import body, components, describe, reply
from havenwall.web.limits import BodyLimit
from havenwall.web.problems import add_handlers

PREFIX = "/audit/v1"


class Recommender(FastAPI):
    """The application, with the description of its routes."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description, with the shapes of what the routes take and answer."""
        described = get_openapi(title="Recommender under audit", version="1", routes=self.routes)
        kinds = [*wire.REQUESTS.values(), *wire.ANSWERS.values()]
        described.setdefault("components", {})["schemas"] = components(kinds)
        described["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        described["security"] = [{"token": []}]
        return described


def reference_recommender(adapter: Adapter, token: str = "") -> FastAPI:
    """A recommender as a web application.

    Args:
        adapter: what answers; asked by one request at a time.
        token: what every request must bring; anybody may ask where it is empty.
    """
    server = Recommender(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    _add_routes(server, adapter, _doorkeeper(token))
    add_handlers(server)
    server.add_middleware(BodyLimit)
    return server


def serve_recommender(adapter: Adapter, at: socket.socket, token: str = "") -> None:
    """Serve on a socket of `listening` until interrupted."""
    server = reference_recommender(adapter, token)
    uvicorn.Server(uvicorn.Config(server, log_level="warning", server_header=False)).run([at])


def listening(host: str, port: int) -> socket.socket:
    """A socket to serve on; port 0 takes any that is free.

    Raises:
        BadInput: the address is taken or not ours.
    """
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as problem:
        message = f"cannot listen on {host}:{port}: {problem.strerror}"
        raise BadInput(message, field="port", hint="give another --port") from problem


def _doorkeeper(token: str) -> Any:
    async def check(request: Request) -> None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token and not secrets.compare_digest(given.encode(), token.encode()):
            raise Unauthenticated("the token is missing or wrong")

    return Depends(check)


def _add_routes(server: FastAPI, adapter: Adapter, door: Any) -> None:
    one_at_a_time = threading.Lock()

    @server.post(f"{PREFIX}/reset", dependencies=[door], openapi_extra=describe(wire.Done, wire.ResetRequest))
    def reset(wanted: Annotated[wire.ResetRequest, Depends(body(wire.ResetRequest))]) -> Response:
        """Forget all test accounts."""
        with one_at_a_time:
            adapter.reset(wanted.seed)
        return reply(wire.Done())

    @server.post(
        f"{PREFIX}/accounts",
        dependencies=[door],
        openapi_extra=describe(wire.AccountsAnswer, wire.AccountsRequest),
    )
    def accounts(wanted: Annotated[wire.AccountsRequest, Depends(body(wire.AccountsRequest))]) -> Response:
        """Make test accounts. May not be asked twice: the first time may have counted."""
        with one_at_a_time:
            return reply(wire.AccountsAnswer(accounts=adapter.create_accounts(wanted.profiles)))

    @server.post(
        f"{PREFIX}/recommend",
        dependencies=[door],
        openapi_extra=describe(wire.RecommendAnswer, wire.RecommendRequest),
    )
    def recommend(
        wanted: Annotated[wire.RecommendRequest, Depends(body(wire.RecommendRequest))],
    ) -> Response:
        """What test accounts are shown."""
        with one_at_a_time:
            return reply(wire.RecommendAnswer(answers=adapter.recommend(wanted.asks)))

    @server.post(f"{PREFIX}/acts", dependencies=[door], openapi_extra=describe(wire.Done, wire.ActsRequest))
    def acts(wanted: Annotated[wire.ActsRequest, Depends(body(wire.ActsRequest))]) -> Response:
        """Let test accounts do things, in order. May not be asked twice: the first time may have counted."""
        with one_at_a_time:
            adapter.act(wanted.acts)
        return reply(wire.Done())

    @server.get(f"{PREFIX}/snapshot", dependencies=[door], openapi_extra=describe(wire.SnapshotAnswer))
    def snapshot() -> Response:
        """Which state of model and data answers."""
        return reply(wire.SnapshotAnswer(snapshot=adapter.snapshot_id()))

    @server.get(f"{PREFIX}/surfaces", dependencies=[door], openapi_extra=describe(wire.SurfacesAnswer))
    def surfaces() -> Response:
        """The surfaces that can be asked for."""
        return reply(wire.SurfacesAnswer(surfaces=sorted(adapter.surfaces)))
