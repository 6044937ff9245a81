"""A group and a live stream as cases: what a reviewer is shown, and hiding a stream with one press."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, client_of, cookie, key, make_app

from havenwall.app import App
from havenwall.engine import Output
from havenwall.guard import Outcome, Surface
from havenwall.model import (
    SYSTEM,
    Decision,
    Event,
    EventType,
    LinkKind,
    Right,
    Role,
    Signal,
    Verb,
    new_id,
    now,
)
from havenwall.web import create_server
from havenwall.web.security import CSRF_HEADER, csrf_token

AT = datetime(2026, 1, 5, tzinfo=UTC)
GROUP, STREAM = "group:lantern-makers", "live:evening"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = make_app(tmp_path)
    yield app
    app.close()


@pytest.fixture
def client(app: App) -> TestClient:
    return client_of(create_server(app, worker=False))


@pytest.fixture
def session(app: App) -> str:
    return add_person(app, Role.SPECIALIST, "robin")


@pytest.fixture
def browser(app: App, session: str) -> dict[str, str]:
    return cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}


def joins(account: str, day: int) -> Event:
    return Event(
        source="forum",
        source_id=f"{account}-{day}",
        type=EventType.LINK,
        at=AT + timedelta(days=day),
        entity=account,
        target=GROUP,
        link=LinkKind.MEMBER,
    )


def opened(app: App, entity: str, signals: tuple[Signal, ...] = ()) -> str:
    decision = Decision(
        id=new_id(), verb=Verb.OPEN_CASE, entities=(entity,), by="policy:test", why="seen", at=now()
    )
    app.store.streams.commit(app.stages[0], {}, Output(decisions=(decision,), signals=signals))
    app.run()
    return next(case.id for case in app.store.cases(SYSTEM).cases() if case.key == entity)


def test_a_group_shows_its_size_and_growth(app: App, client: TestClient, browser: dict[str, str]) -> None:
    app.ingest_events([joins("account:a", 0), joins("account:b", 1), joins("account:c", 9)])
    case_id = opened(app, GROUP)
    facts = client.get(f"/v1/cases/{case_id}/subject", headers=browser).json()["group"]
    assert facts["size"] == 3
    assert [week["size"] for week in facts["weeks"]] == [2, 3]
    page = client.get(f"/cases/{case_id}", headers=browser).text
    assert GROUP in page
    assert "week of 2026-01-12: 3 accounts" in page


def test_one_press_hides_and_preserves_a_stream(
    app: App, client: TestClient, browser: dict[str, str], session: str
) -> None:
    signal = Signal(
        id="s1",
        entity=STREAM,
        detector="live-match",
        version="1",
        strength=0.3,
        at=now() - timedelta(seconds=3),
        evidence={"audience": "412", "level": "1", "bank": "own", "distance": "8"},
    )
    case_id = opened(app, STREAM, (signal,))
    page = client.get(f"/cases/{case_id}", headers=browser).text
    assert "not hidden" in page
    assert "412" in page
    assert '<button data-do="hide">Hide and preserve now <kbd>h</kbd></button>' in page
    assert 'data-act="hide" data-key="h"' in page
    case = client.get(f"/v1/cases/{case_id}", headers=browser).json()
    form = {
        "csrf": csrf_token(session),
        "version": str(case["version"]),
        "verb": "suppress",
        "entity": STREAM,
        "why": "Hidden while it is looked at.",
    }
    answer = client.post(f"/cases/{case_id}/decisions", data=form, headers=browser)
    assert answer.status_code == 303, answer.text
    assert app.guard.check(STREAM, Surface.RECOMMENDED_ACCOUNTS).outcome is Outcome.DROP
    facts = client.get(f"/v1/cases/{case_id}/subject", headers=browser).json()["stream"]
    assert 3.0 <= facts["seconds_to_hidden"] < 600
    kinds = {action.kind for action in app.store.subjects.actions(STREAM)}
    assert {"preserve", "suppress"} <= kinds
    again = client.post(f"/cases/{case_id}/decisions", data=form, headers=browser)
    assert again.status_code in (409, 422)


def test_a_case_about_an_account_has_no_subject(
    app: App, client: TestClient, browser: dict[str, str]
) -> None:
    case_id = opened(app, "account:x")
    assert client.get(f"/v1/cases/{case_id}/subject", headers=browser).status_code == 404
    stranger = key(app, Right.SEE_GENERAL)
    assert client.get(f"/v1/cases/{case_id}/subject", headers=stranger).status_code == 404
