"""From events to a verdict through the API alone: what a platform and its reviewers would do."""

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
    event,
    key,
    make_app,
    reports,
)

from havenwall.app import App
from havenwall.model import Right, Role
from havenwall.web import create_server
from havenwall.web.security import CSRF_HEADER, csrf_token

TRADER, BYSTANDER, STRANGER = "account:trader", "account:journalist", "account:stranger"
CANDIDATES = [TRADER, BYSTANDER, STRANGER]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = make_app(tmp_path)
    yield app
    app.close()


@pytest.fixture
def client(app: App) -> TestClient:
    return client_of(create_server(app, worker=False))


@pytest.fixture
def platform(app: App) -> dict[str, str]:
    """The platform's key."""
    return key(app, Right.SEND_EVENTS, Right.ASK_GUARD)


@pytest.fixture
def reviewer(app: App) -> dict[str, str]:
    """A specialist's browser."""
    session = add_person(app, Role.SPECIALIST)
    return cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}


def kept(client: TestClient, platform: dict[str, str]) -> list[str]:
    wanted = {"surface": "recommended_accounts", "candidates": CANDIDATES}
    body = client.post("/v1/guard/filter", json=wanted, headers=platform).json()
    assert body["stale"] is False
    return [CANDIDATES[place] for place in body["keep"]]


def decide(
    client: TestClient, reviewer: dict[str, str], case_id: str, verb: str, entity: str
) -> dict[str, object]:
    case = client.get(f"/v1/cases/{case_id}", headers=reviewer).json()
    wanted = {"verb": verb, "entities": [entity], "why": "looked at it", "version": case["version"]}
    answer = client.post(f"/v1/cases/{case_id}/decisions", json=wanted, headers=reviewer)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def open_cases(
    client: TestClient, app: App, platform: dict[str, str], reviewer: dict[str, str]
) -> dict[str, str]:
    """The case of each account."""
    sent = [*reports(TRADER), *reports(BYSTANDER), event(1, source_id="once", entity=STRANGER)]
    assert client.post("/v1/events", json=sent, headers=platform).json()["accepted"] == len(sent)
    app.run()
    cases = client.get("/v1/cases", headers=reviewer).json()["items"]
    return {str(case["key"]): str(case["id"]) for case in cases}


def test_from_events_to_verdicts(
    app: App, client: TestClient, platform: dict[str, str], reviewer: dict[str, str]
) -> None:
    cases = open_cases(client, app, platform, reviewer)
    assert cases.keys() == {TRADER, BYSTANDER}
    case_id = cases[TRADER]
    members = client.get(f"/v1/cases/{case_id}/members", headers=reviewer).json()["items"]
    assert [member["entity"] for member in members] == [TRADER]
    assert kept(client, platform) == CANDIDATES

    decision = decide(client, reviewer, case_id, "confirm", TRADER)
    assert kept(client, platform) == [BYSTANDER, STRANGER]
    standing = client.get(f"/v1/guard/standing/{TRADER}", headers=platform).json()["standing"]
    assert standing["decision_id"] == decision["id"]

    decide(client, reviewer, cases[BYSTANDER], "clear", BYSTANDER)
    decide(client, reviewer, case_id, "clear", TRADER)
    assert kept(client, platform) == CANDIDATES

    history = client.get(f"/v1/cases/{case_id}/history", headers=reviewer).json()["items"]
    assert [line["what"] for line in history if line["by"].startswith("user:")] == [
        "cleared",
        "confirmed",
    ]


def test_who_may_not_see_a_case_cannot_tell_that_there_is_one(
    app: App, client: TestClient, platform: dict[str, str], reviewer: dict[str, str]
) -> None:
    case_id = open_cases(client, app, platform, reviewer)[TRADER]
    auditor = cookie(app, add_person(app, Role.AUDITOR))
    for path in (f"/v1/cases/{case_id}", "/v1/cases/none", f"/v1/cases/{case_id}/members"):
        answer = client.get(path, headers=auditor)
        assert answer.status_code == 403
        assert case_id not in answer.text
        assert TRADER not in answer.text
    figures = client.get("/v1/figures", headers=auditor)
    assert figures.status_code == 200
    assert TRADER not in figures.text


def test_an_analyst_looks_and_does_not_decide(
    app: App, client: TestClient, platform: dict[str, str], reviewer: dict[str, str]
) -> None:
    case_id = open_cases(client, app, platform, reviewer)[TRADER]
    session = add_person(app, Role.ANALYST)
    analyst = cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}
    assert client.get(f"/v1/cases/{case_id}", headers=analyst).status_code == 200
    wanted = {"verb": "confirm", "entities": [TRADER], "why": "seen", "version": 1}
    assert client.post(f"/v1/cases/{case_id}/decisions", json=wanted, headers=analyst).status_code == 403
    assert kept(client, platform) == CANDIDATES


def test_the_platform_key_sees_no_case(
    app: App, client: TestClient, platform: dict[str, str], reviewer: dict[str, str]
) -> None:
    case_id = open_cases(client, app, platform, reviewer)[TRADER]
    for path in ("/v1/cases", f"/v1/cases/{case_id}", "/v1/figures", "/v1/config", "/metrics"):
        assert client.get(path, headers=platform).status_code == 403
