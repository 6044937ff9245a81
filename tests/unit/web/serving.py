"""What the web tests share: an application, those who call it, and clients that speak to it."""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from havenwall.app import App, Config
from havenwall.engine import Output
from havenwall.intake import check_event
from havenwall.model import SYSTEM, CaseTopic, Decision, Right, Role, Verb, Viewer, new_id, now
from havenwall.web.access import cookie_name

with warnings.catch_warnings():
    # Starlette asks for httpx2 in its test client; httpx still works, and is what the lock file has.
    warnings.simplefilter("ignore")
    from starlette.testclient import TestClient

BASE = "http://havenwall.test"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


def make_app(folder: Path, **settings: Any) -> App:
    return App(Config(data=folder / "data", **settings))


def client_of(server: FastAPI, *, crash: bool = True) -> TestClient:
    """A client without credentials; with `crash=False` it sees what a real one would see of a crash."""
    return TestClient(server, BASE, raise_server_exceptions=crash, follow_redirects=False)


def key(app: App, *rights: Right) -> dict[str, str]:
    """The header of a new API key with some rights."""
    return {"Authorization": f"Bearer {app.store.people.new_key('test', frozenset(rights))}"}


def add_person(app: App, role: Role, name: str | None = None) -> str:
    """A new person without a password; the secret of a session of theirs."""
    name = name or f"p-{uuid.uuid4().hex[:12]}"
    return app.store.people.new_session(app.store.people.add(name, role))


def cookie(app: App, session: str) -> dict[str, str]:
    """The header of a browser that is signed in."""
    return {"Cookie": f"{cookie_name(app.config)}={session}"}


def confirmed(app: App, entity: str) -> str:
    """An account that users reported and a person confirmed; the id of its case."""
    app.ingest_events([check_event(raw) for raw in reports(entity)])
    app.run()
    somebody = Viewer(name="user:robin", rights=frozenset(Right))
    view = app.store.cases(somebody)
    case = next(c for c in view.cases() if any(m.entity == entity for m in view.members(c.id)))
    app.decide(somebody, case.id, case.version, Verb.CONFIRM, [entity], "seen")
    return case.id


def together(app: App, *entities: str) -> str:
    """One case of several accounts, as a machine opens it; its id."""
    decision = Decision(
        id=new_id(),
        verb=Verb.OPEN_CASE,
        entities=entities,
        by="policy:alike",
        why="alike",
        at=now(),
        topic=CaseTopic.COMMUNITY,
    )
    app.store.streams.commit(app.stages[0], {}, Output(decisions=(decision,)))
    app.run()
    return app.store.cases(SYSTEM).cases_of(entities)[entities[0]]


def event(n: int, **fields: Any) -> dict[str, Any]:
    """A valid report, ready for JSON."""
    return {
        "source": "forum",
        "source_id": f"e{n}",
        "type": "report",
        "at": "2026-01-01T00:00:00Z",
        "entity": f"account:m{n}",
    } | fields


def reports(entity: str, count: int = 3) -> Iterable[dict[str, Any]]:
    """As many reports of one account as it takes to open a case."""
    return (event(n, source_id=f"{entity}-{n}", entity=entity) for n in range(count))
