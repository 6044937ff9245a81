"""How the server itself stands: /v1/health, /v1/status, /v1/config, /metrics, /v1/openapi.json."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

import msgspec
from fastapi import APIRouter, Depends
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from havenwall.app import App
from havenwall.app.doctor import Check
from havenwall.model import now
from havenwall.store import Trouble
from havenwall.web.access import Anyone, FiguresViewer, Manager, Served, public
from havenwall.web.api.codec import describe, reply
from havenwall.web.worker import JobStatus


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """That the server answers; nothing more, since anybody may ask."""

    status: str


class GuardStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How the server's own guard stands."""

    version: str
    entries: int
    age_seconds: float | None
    """Since the publisher's last sign of life; null before the first."""
    problem: str | None


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """How the server stands."""

    version: str
    now: datetime
    events: int
    """In the journal."""
    guard: GuardStatus
    jobs: list[JobStatus]
    """Empty when the worker does not run in this process."""
    cursors: dict[str, dict[str, int]]
    """Position of each stage in the streams it reads."""
    troubles: list[Trouble]
    """What fails now, longest first."""
    set_aside: dict[str, int]
    """Records that a stage could not work on, by stage: see /v1/aside."""


class Checks(msgspec.Struct, frozen=True, kw_only=True):
    """Checks of every part."""

    ok: bool
    checks: list[Check]


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The settings in force, by name."""

    settings: dict[str, Any]


router = APIRouter(tags=["system"])


@router.get("/v1/health", dependencies=[Depends(public)], openapi_extra=describe(Health))
def health() -> Response:
    """Whether the server answers. Open to anybody."""
    return reply(Health(status="ok"))


@router.get("/v1/status", openapi_extra=describe(Status))
def status(viewer: FiguresViewer, app: Served, request: Request) -> Response:
    """How guard, stages and journal stand, and what fails."""
    worker = request.app.state.worker
    return reply(
        Status(
            version=request.app.version,
            now=now(),
            events=app.store.journal.count(),
            guard=_guard_status(app),
            jobs=worker.status() if worker else [],
            cursors=_cursors(app),
            troubles=app.store.ledger.troubles(),
            set_aside=app.store.asides.counts(),
        )
    )


@router.get("/v1/doctor", openapi_extra=describe(Checks))
def doctor(manager: Manager, app: Served) -> Response:
    """Short checks of every part, as `havenwall doctor` makes them."""
    checks = app.doctor()
    return reply(Checks(ok=all(check.ok for check in checks), checks=checks))


@router.get("/v1/config", openapi_extra=describe(Settings))
def config(manager: Manager, app: Served) -> Response:
    """The settings in force. Of the database only its kind: its address may hold a password."""
    values = msgspec.structs.asdict(app.config) | {"database": app.store.dialect}
    return reply(Settings(settings={name: _plain(value) for name, value in values.items()}))


@router.get("/metrics")
def metrics(viewer: FiguresViewer, app: Served, request: Request) -> Response:
    """Figures for Prometheus, which can send a key as `authorization: credentials`."""
    return Response(request.app.state.metrics.render(app), media_type=CONTENT_TYPE_LATEST)


@router.get("/v1/openapi.json", include_in_schema=False)
def openapi(viewer: Anyone, request: Request) -> Response:
    """This API's description."""
    return reply(request.app.openapi())


def _guard_status(app: App) -> GuardStatus:
    found = app.guard.status()
    age = round(found.age, 3) if math.isfinite(found.age) else None
    entries = found.entries + found.changes
    return GuardStatus(version=found.version, entries=entries, age_seconds=age, problem=found.problem)


def _cursors(app: App) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for stage, stream, position in app.store.streams.cursors():
        found.setdefault(stage, {})[stream] = position
    return found


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
