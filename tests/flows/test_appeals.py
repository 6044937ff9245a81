"""From a restriction to the answer of an appeal, with a guard that runs elsewhere; and nothing is lost."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import TestClient, client_of, confirmed, cookie, key, make_app

from havenwall.app import App
from havenwall.guard import Guard, Surface
from havenwall.model import ActionKind, MemberState, Right, Role, Viewer
from havenwall.model.appeal import AppealDraft, AppealState, Finding
from havenwall.web import create_server

WHO = "account:shop"
FORUM = Viewer(name="key:forum", rights=frozenset({Right.SEND_REPORTS}))
OTHER = Viewer(name="user:other", rights=frozenset(Right))


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = make_app(tmp_path)
    confirmed(app, WHO)
    yield app
    app.close()


@pytest.fixture
def client(app: App) -> Iterator[TestClient]:
    return client_of(create_server(app, worker=False))


def action(app: App) -> str:
    return next(a.id for a in app.store.casework.actions([WHO]) if a.kind is ActionKind.SUPPRESS)


def recommended(guard: Guard) -> bool:
    return bool(guard.filter([WHO], Surface.RECOMMENDED_ACCOUNTS).keep)


def test_by_api_an_upheld_appeal_is_live_in_a_guard_elsewhere(app: App, client: TestClient) -> None:
    platform = key(app, Right.SEND_REPORTS, Right.READ_ACTIONS)
    senior = cookie(app, session(app, "senior"))
    with Guard.open(app.config.guard_folder) as guard:
        assert not recommended(guard)
        told = client.get(f"/v1/actions/{action(app)}/statement", headers=platform).json()
        assert told["may_appeal"]
        assert told["code"]
        sent = {"source_id": "42", "action_id": told["reference"], "text": "That is my shop."}
        first = client.post("/v1/appeals", headers=platform, json=sent)
        again = client.post("/v1/appeals", headers=platform, json=sent)
        assert (first.status_code, again.status_code) == (201, 200)
        assert first.json()["number"] == again.json()["number"]
        where = f"/v1/appeals/{first.json()['id']}"
        answer = {"finding": "no_breach", "why": "an ordinary shop"}
        refused = client.post(f"{where}/decision", headers=platform, json=answer)
        assert refused.status_code == 403
        decided = client.post(f"{where}/decision", headers=senior | same_site(app, "senior"), json=answer)
        assert decided.status_code == 200, decided.text
        guard.refresh()
        assert recommended(guard)
    seen = client.get(where, headers=platform).json()
    assert seen["state"] == "upheld"
    assert "no rule" in seen["statement"]["facts"]
    assert "decided_by" not in seen, "who decided is not told"


def session(app: App, name: str) -> str:
    if name not in _SESSIONS:
        _SESSIONS[name] = app.store.people.new_session(app.store.people.add(name, Role.SPECIALIST))
    return _SESSIONS[name]


def same_site(app: App, name: str) -> dict[str, str]:
    from havenwall.web.security import CSRF_HEADER, csrf_token

    return {"Sec-Fetch-Site": "same-origin", CSRF_HEADER: csrf_token(session(app, name))}


_SESSIONS: dict[str, str] = {}


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    _SESSIONS.clear()
    return


def test_by_the_public_page_with_reference_and_secret(app: App, client: TestClient) -> None:
    told = app.appeals.statement(Viewer(name="key:p", rights=frozenset({Right.READ_ACTIONS})), action(app))
    given = {"reference": told.reference, "code": told.code.lower()}
    assert client.get("/appeal").status_code == 200
    assert client.post("/appeal", data=given | {"code": "wrong"}).status_code == 404
    assert "Why account:shop is restricted" in client.post("/appeal", data=given).text
    linked = client.post("/appeal", data={"code": f"{told.reference}.{told.code}", "language": "de"})
    assert "Warum account:shop" in linked.text
    empty = client.post("/appeal/send", data=given | {"text": " "})
    assert empty.status_code == 422
    done = client.post("/appeal/send", data=given | {"text": "Please <look> again."})
    assert done.status_code == 200
    assert app.store.appeals.counts().waiting == 1
    client.post("/appeal/send", data=given | {"text": "Twice."})
    assert app.store.appeals.counts().waiting == 1, "pressing twice sends once"
    appeal = app.store.appeals_for(OTHER).appeals()[0]
    assert appeal.text == "Please <look> again."
    app.appeals.decide(OTHER, appeal.id, Finding.STANDS, "holds")
    assert "Your appeal was turned down" in client.post("/appeal", data=given).text
    elsewhere = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/appeal/send", data=given, headers=elsewhere).status_code == 403


def test_the_page_does_not_go_on_saying_what_was_taken_back(app: App, client: TestClient) -> None:
    viewer = Viewer(name="key:p", rights=frozenset({Right.READ_ACTIONS}))
    told = app.appeals.statement(viewer, action(app))
    newest = app.store.access_log(1)[0]
    assert (newest.by, newest.what, newest.subject) == ("key:p", "statement", told.reference)
    given = {"reference": told.reference, "code": told.code}
    client.post("/appeal/send", data=given | {"text": "That is my shop."})
    assert "You can appeal until" not in client.post("/appeal", data=given).text, "it was appealed"
    (appeal,) = app.store.appeals_for(OTHER).appeals()
    app.appeals.decide(OTHER, appeal.id, Finding.NO_BREACH, "an ordinary shop")
    page = client.post("/appeal", data=given).text
    assert "Your appeal was right" in page
    assert "was taken back on" in page
    assert "is not shown" not in page
    assert "no person has looked yet" not in page
    again = client.post("/appeal/send", data=given | {"text": "Once more."})
    assert again.status_code == 200, "sending again gives the same"


def test_in_the_console_somebody_else_decides(app: App, client: TestClient) -> None:
    standing = app.appeals.send(FORUM, AppealDraft(source_id="1", action_id=action(app), text="<b>no</b>"))
    page = f"/appeals/{standing.id}"
    headers = cookie(app, session(app, "senior")) | same_site(app, "senior") | {"Accept": "text/html"}
    listed = client.get("/appeals", headers=headers)
    assert standing.number in listed.text
    shown = client.get(page, headers=headers)
    assert "&lt;b&gt;no&lt;/b&gt;" in shown.text
    fault = client.post(page, headers=headers, data={"finding": "", "why": "typed"})
    assert fault.status_code == 422
    assert "typed" in fault.text
    assert client.post(page, headers=headers, data={"finding": "mistaken", "why": "x"}).status_code == 303
    assert "Another account was meant." in client.get(page, headers=headers).text
    reviewer = cookie(app, app.store.people.new_session(app.store.people.add("rev", Role.REVIEWER)))
    assert client.get("/appeals", headers=reviewer | {"Accept": "text/html"}).status_code == 403


_CHILD = """
import os, signal, sys
from havenwall.app import App, Config
from havenwall.model import Right, Viewer
from havenwall.model.appeal import Finding
from pathlib import Path

app = App(Config(data=Path(sys.argv[1])))
# The answer is durable, and the process dies before anything is carried out.
app.appeals._after = lambda: os.kill(os.getpid(), signal.SIGKILL)
app.appeals.decide(Viewer(name="user:other", rights=frozenset(Right)), sys.argv[2], Finding.NOT_SHOWN, "x")
"""


def test_kill_between_the_answer_and_carrying_it_out_loses_nothing(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    case_id = confirmed(app, WHO)
    standing = app.appeals.send(FORUM, AppealDraft(source_id="1", action_id=action(app), text="mine"))
    app.close()
    command = [sys.executable, "-c", _CHILD, str(tmp_path / "data"), standing.id]
    killed = subprocess.run(command, check=False, capture_output=True, timeout=60)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    app = make_app(tmp_path)
    try:
        assert app.store.appeals_for(OTHER).appeal(standing.id).state is AppealState.UPHELD
        app.run()
        app.run()
        assert app.store.casework.members(case_id)[WHO].state is MemberState.CLEARED
        assert WHO in app.store.network.cleared()
        assert recommended(app.guard)
        cleared = [d for d in app.store.cases(OTHER).decisions(case_id) if d.rule == "appeal"]
        assert len(cleared) == 1, "and nothing is done twice"
    finally:
        app.close()
