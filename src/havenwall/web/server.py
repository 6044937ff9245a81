"""Puts the parts together: routes, middleware, error answers and the worker."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.staticfiles import StaticFiles

from havenwall.app import App
from havenwall.web import sign_in, sign_in_oidc
from havenwall.web.access import entrances, is_https
from havenwall.web.api import add_api, openapi
from havenwall.web.console import STATIC, add_console
from havenwall.web.express import Express
from havenwall.web.keyring import Keyring
from havenwall.web.limits import MEDIA_PATHS, MULTIPART, BodyLimit, Throttle
from havenwall.web.metrics import Metrics
from havenwall.web.observe import Observe
from havenwall.web.problems import add_handlers
from havenwall.web.public import appeal_router
from havenwall.web.public import router as report_pages
from havenwall.web.public.pages import MOST_REPORTS, WITHIN
from havenwall.web.security import SecurityHeaders
from havenwall.web.tongue import Tongues
from havenwall.web.warm import warm_media
from havenwall.web.worker import Worker, build_worker


class Server(FastAPI):
    """FastAPI with our own description of the API and none of its pages from elsewhere."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description, made once."""
        if not self.openapi_schema:
            self.openapi_schema = openapi(self)
        return self.openapi_schema


def create_server(app: App, *, worker: bool = True) -> FastAPI:
    """The API and the console over an application, as an ASGI application.

    Args:
        app: stays the caller's, to close after the server has ended.
        worker: run the stages in this process. Without it somebody else must, or the guard goes stale.
    """
    runs = build_worker(app) if worker else None
    server = Server(
        title="Havenwall",
        version=version("havenwall"),
        openapi_url=None,
        redirect_slashes=False,
        lifespan=_lifespan(app, runs),
    )
    server.state.havenwall, server.state.worker = app, runs
    server.state.metrics, server.state.door = Metrics(), sign_in.Door()
    server.state.reporting = Throttle(most=MOST_REPORTS, within=WITHIN)
    server.state.keyring = Keyring(app.store.people.key_viewer)
    _add_routes(server)
    add_handlers(server)
    server.add_middleware(Tongues)
    server.add_middleware(Express, routes=server.routes)
    # The last one added is the outermost: headers stand on every answer, the crash answer included.
    most = app.config.media_most_bytes + MULTIPART
    server.add_middleware(BodyLimit, larger=dict.fromkeys(MEDIA_PATHS, most))
    server.add_middleware(Observe, metrics=server.state.metrics)
    server.add_middleware(SecurityHeaders, https=is_https(app.config))
    return server


def _add_routes(server: FastAPI) -> None:
    add_api(server)
    server.include_router(sign_in.router)
    server.include_router(sign_in_oidc.router)
    server.include_router(report_pages)
    server.include_router(appeal_router)
    add_console(server)
    server.mount("/static", StaticFiles(directory=STATIC), name="static")
    # Deny by default: a route that does not say who may come in stops the server from being made.
    entrances(server.routes)


def _lifespan(app: App, worker: Worker | None) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def run(_server: Any) -> AsyncIterator[None]:
        guard = await run_in_threadpool(lambda: app.guard)
        guard.follow()
        app.tally.follow()
        warming = warm_media(app)
        if worker:
            worker.start()
        try:
            yield
        finally:
            if worker:
                await run_in_threadpool(worker.stop)
            await run_in_threadpool(app.tally.close)
            # What it makes is the application's to close, so it must have ended.
            await run_in_threadpool(warming.join)
            guard.close()

    return run
