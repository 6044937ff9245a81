from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.web.serving import client_of, key, make_app

from havenwall.model import Right
from havenwall.web import create_server

COLUMNS = "/v1/guard/columns"
QUESTION = {"surface": "trends", "ids": ["account:1"]}


@pytest.fixture
def served(tmp_path: Path):
    app = make_app(tmp_path)
    yield app, client_of(create_server(app, worker=False), crash=False)
    app.close()


def test_a_hot_route_answers_with_its_id_and_the_headers_of_all(served) -> None:
    app, client = served
    answer = client.post(COLUMNS, json=QUESTION, headers=key(app, Right.ASK_GUARD))
    assert answer.status_code == 200
    assert len(answer.headers["x-request-id"]) == 26
    assert answer.headers["cache-control"] == "no-store"


def test_who_may_not_come_in_does_not(served) -> None:
    app, client = served
    assert client.post(COLUMNS, json=QUESTION).status_code == 401
    refused = client.post(COLUMNS, json=QUESTION, headers=key(app, Right.SEND_EVENTS))
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"


def test_other_methods_and_paths_go_to_the_router(served) -> None:
    app, client = served
    assert client.get(COLUMNS, headers=key(app, Right.ASK_GUARD)).status_code == 405
    assert client.post(COLUMNS + "/", headers=key(app, Right.ASK_GUARD)).status_code == 404


def test_a_body_that_is_too_large_is_refused(served) -> None:
    app, client = served
    asked = client.post(COLUMNS, content=b" " * 10_000_001, headers=key(app, Right.ASK_GUARD))
    assert asked.status_code == 413


def test_a_crash_is_a_problem_that_says_nothing(served, monkeypatch: pytest.MonkeyPatch) -> None:
    app, client = served
    monkeypatch.setattr(app.guard, "filter", lambda *_args, **_more: 1 / 0)
    crashed = client.post(COLUMNS, json=QUESTION, headers=key(app, Right.ASK_GUARD))
    assert crashed.status_code == 500
    assert "ZeroDivision" not in crashed.text
    assert crashed.json()["request_id"] == crashed.headers["x-request-id"]
