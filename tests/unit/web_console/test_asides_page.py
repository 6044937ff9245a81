"""What is set aside is shown to who runs stages, by page, API and command line, and tried again there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import (
    SAME_SITE,
    TestClient,
    add_person,
    client_of,
    cookie,
    key,
    make_app,
    reports,
)
from typer.testing import CliRunner

from havenwall.app import App
from havenwall.cli import cli
from havenwall.engine import Batch, Output, Stage, Stream
from havenwall.engine.aside import LEAST, TRIES
from havenwall.intake import check_event
from havenwall.model import Right, Role
from havenwall.web import create_server
from havenwall.web.security import csrf_token


class Moody(Stage):
    """Fails on all there is while it is in a mood."""

    name = "moody"
    reads = (Stream.EVENT,)
    notice_only = False
    bad = True

    def run(self, batch: Batch) -> Output:
        if self.bad:
            raise ValueError("tin-lantern")
        return Output(spent={"moody": len(batch)})


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = make_app(tmp_path)
    app.__dict__["stages"] = (Moody(),)
    app.ingest_events([check_event(raw) for raw in reports("account:m")])
    batch, positions = app.store.streams.read(app.stages[0], 1)
    app.store.streams.set_aside(app.stages[0], positions, Output(), [culprit(batch)])
    yield app
    app.close()


def culprit(batch: Batch):
    from havenwall.engine import Culprit

    return Culprit(stream=Stream.EVENT, record=batch, error="ValueError: tin-lantern")


@pytest.fixture
def client(app: App) -> TestClient:
    return client_of(create_server(app, worker=False))


def browser(app: App, role: Role) -> tuple[dict[str, str], str]:
    session = add_person(app, role)
    return cookie(app, session) | SAME_SITE | {"Accept": "text/html"}, csrf_token(session)


def test_the_page_shows_it_and_tries_it_again(app: App, client: TestClient) -> None:
    headers, csrf = browser(app, Role.ADMINISTRATOR)
    assert "1 record set aside" in client.get("/", headers=headers).text
    page = client.get("/aside", headers=headers).text
    assert "ValueError: tin-lantern" in page
    again = client.post("/aside", headers=headers, data={"csrf": csrf})
    assert again.headers["location"] == "/aside?failed=true"
    assert "Some still fail" in client.get("/aside?failed=true", headers=headers).text
    app.stages[0].bad = False  # type: ignore[attr-defined]
    [one] = app.store.asides.all()
    assert one.tries == 2
    done = client.post("/aside", headers=headers, data={"csrf": csrf, "id": one.id})
    assert done.headers["location"] == "/aside"
    assert "Nothing is set aside" in client.get("/aside", headers=headers).text
    assert client.post("/aside", headers=headers, data={"csrf": csrf, "id": one.id}).status_code == 404


def test_a_record_is_given_up_with_a_reason_that_stays(app: App, client: TestClient) -> None:
    headers, csrf = browser(app, Role.ADMINISTRATOR)
    [one] = app.store.asides.all()
    path = f"/aside/{one.id}/give-up"
    assert path in client.get("/aside", headers=headers).text
    refused = client.post(path, headers=headers, data={"csrf": csrf, "why": " "})
    assert refused.status_code == 422
    assert app.store.asides.counts() == {"moody": 1}
    done = client.post(path, headers=headers, data={"csrf": csrf, "why": "sent twice"})
    assert done.headers["location"] == "/aside"
    assert app.store.asides.counts() == {}
    [line] = [line for line in app.store.access_log(20) if line.what == "gave up"]
    assert line.subject == "moody: forum account:m-0: sent twice"
    assert client.post(path, headers=headers, data={"csrf": csrf, "why": "again"}).status_code == 404


def test_who_may_not_see_a_record_does_not_give_it_up(app: App, client: TestClient) -> None:
    [one] = app.store.asides.all()
    path = f"/v1/aside/{one.id}/give-up"
    told = {"why": "sent twice"}
    assert client.post(path, headers=key(app, Right.MANAGE), json=told).status_code == 403
    assert client.post(path, headers=key(app, Right.SEE_CHILD_SAFETY), json=told).status_code == 403
    full = key(app, Right.MANAGE, Right.SEE_CHILD_SAFETY)
    assert client.post(path, headers=full, json={}).status_code == 422
    assert client.post(path, headers=full, json=told).status_code == 204
    assert app.store.asides.counts() == {}


def test_who_sees_figures_only_hears_that_there_is_something(app: App, client: TestClient) -> None:
    headers, _ = browser(app, Role.AUDITOR)
    overview = client.get("/", headers=headers).text
    assert "1 record set aside" in overview
    assert "tin-lantern" not in overview
    assert "/aside" not in overview
    assert client.get("/aside", headers=headers).status_code == 403


def test_the_api_and_the_figures(app: App, client: TestClient) -> None:
    manager = key(app, Right.MANAGE, Right.SEE_FIGURES)
    full = key(app, Right.MANAGE, Right.SEE_CHILD_SAFETY)
    [one] = client.get("/v1/aside", headers=manager).json()["items"]
    assert (one["stage"], one["stream"], one["tries"]) == ("moody", "event", 1)
    assert (one["record"], one["error"]) == ("not shown", "not shown")
    [named] = client.get("/v1/aside", headers=full).json()["items"]
    assert (named["record"], named["error"]) == ("forum account:m-0", "ValueError: tin-lantern")
    assert client.get("/v1/status", headers=manager).json()["set_aside"] == {"moody": 1}
    assert 'havenwall_set_aside{stage="moody"} 1.0' in client.get("/metrics", headers=manager).text
    assert [c.detail for c in app.doctor() if c.name == "set aside" and not c.ok] == [
        "moody could not work on 1: see havenwall aside list, mend it, then havenwall aside retry"
    ]
    app.stages[0].bad = False  # type: ignore[attr-defined]
    told = client.post("/v1/aside/retry", headers=manager, json={"ids": [one["id"]]}).json()
    assert told == {"done": 1, "failed": 0}
    assert client.post("/v1/aside/retry", headers=manager, json={"ids": [one["id"]]}).status_code == 404
    assert client.post("/v1/aside/retry", headers=manager, json={}).json() == {"done": 0, "failed": 0}
    assert [check.ok for check in app.doctor() if check.name == "set aside"] == [True]


def test_the_command_line(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAVENWALL_DATA", str(app.config.data))
    shown = CliRunner().invoke(cli, ["aside", "list"])
    assert "tin-lantern" in shown.output
    # Of a process whose settings have no such stage.
    lost = CliRunner().invoke(cli, ["aside", "retry"])
    assert lost.exit_code == 3
    [one] = app.store.asides.all()
    assert CliRunner().invoke(cli, ["aside", "give-up", one.id]).exit_code == 2
    assert app.store.asides.counts() == {"moody": 1}
    gone = CliRunner().invoke(cli, ["aside", "give-up", one.id, "--why", "sent twice"])
    assert "given up" in gone.output
    assert CliRunner().invoke(cli, ["aside", "give-up", one.id, "--why", "again"]).exit_code == 3


def test_the_limits_are_those_of_the_docs() -> None:
    docs = Path("docs/how-to/run-in-production.md").read_text(encoding="utf-8")
    assert (TRIES, LEAST.total_seconds()) == (5, 10)
    assert "After five failures of a batch, over ten\nseconds at least" in docs
