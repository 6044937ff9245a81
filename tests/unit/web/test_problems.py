"""Every error has one shape, and none tells what it should not."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from fastapi import Depends, FastAPI
from tests.unit.web.serving import TestClient, client_of, key

from havenwall import errors
from havenwall.app import App
from havenwall.errors import HavenwallError
from havenwall.model import Right
from havenwall.web.access import public
from havenwall.web.problems import problem_of

KINDS = [
    kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, HavenwallError)
]
HTML = {"Accept": "text/html,*/*"}


def crash() -> None:
    raise ZeroDivisionError("the secret of the vault")


@pytest.fixture
def crashing(own_server: FastAPI) -> TestClient:
    own_server.add_api_route("/v1/crash", crash, dependencies=[Depends(public)])
    own_server.add_api_route("/crash", crash, dependencies=[Depends(public)])
    return client_of(own_server, crash=False)


@pytest.mark.parametrize("kind", KINDS)
def test_each_error_of_ours_becomes_a_problem(kind: type[HavenwallError]) -> None:
    problem = problem_of(kind("what happened", hint="what to do"))
    assert problem.status == kind.status
    assert problem.type == f"urn:havenwall:problem:{kind().slug}"
    assert problem.title
    assert (problem.detail == "what happened") == (kind.status < 500)
    assert (problem.hint == "what to do") == (kind.status < 500)


def test_the_field_is_named() -> None:
    assert problem_of(errors.BadInput("is wrong", field="surface")).field == "surface"


def assert_problem(
    client: TestClient, method: str, path: str, status: int, **sent: object
) -> dict[str, object]:
    answer = client.request(method, path, **sent)  # type: ignore[arg-type]
    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "request_id"} <= body.keys()
    assert body["request_id"] == answer.headers["x-request-id"]
    assert body.keys() <= {"type", "title", "status", "detail", "hint", "field", "request_id", "rejected"}
    return dict(body)


def test_one_shape_for_all(app: App, client: TestClient) -> None:
    everything = key(app, *Right)
    assert_problem(client, "GET", "/v1/nowhere", 404)
    assert_problem(client, "DELETE", "/v1/health", 405)
    assert_problem(client, "GET", "/v1/figures", 401)
    assert_problem(client, "GET", "/v1/figures", 403, headers=key(app, Right.ASK_GUARD))
    assert_problem(client, "GET", "/v1/cases/none", 404, headers=everything)
    assert_problem(client, "POST", "/v1/guard/filter", 422, headers=everything, content=b"{")


def test_a_bad_parameter_is_named(app: App, client: TestClient) -> None:
    problem = assert_problem(client, "GET", "/v1/cases?limit=0", 422, headers=key(app, *Right))
    assert problem["field"] == "limit"


def test_what_may_be_done_instead_is_said(client: TestClient) -> None:
    assert client.delete("/v1/health").headers["allow"] == "GET"
    assert client.get("/v1/figures").headers["www-authenticate"] == "Bearer"


def test_a_crash_tells_nothing(crashing: TestClient) -> None:
    problem = assert_problem(crashing, "GET", "/v1/crash", 500)
    assert "secret" not in str(problem)
    assert "Zero" not in str(problem)


def test_a_crash_is_answered_with_the_security_headers(crashing: TestClient) -> None:
    assert "content-security-policy" in crashing.get("/v1/crash").headers


def test_a_crash_is_logged_with_its_request(crashing: TestClient, logged: Callable[[], str]) -> None:
    request_id = crashing.get("/v1/crash").headers["x-request-id"]
    crash_line = next(line for line in map(json.loads, logged().splitlines()) if line["event"] == "crashed")
    assert crash_line["request"] == request_id
    assert "ZeroDivisionError" in crash_line["exception"]


def test_people_get_pages(app: App, client: TestClient, crashing: TestClient) -> None:
    for answer in (client.get("/nowhere", headers=HTML), crashing.get("/crash", headers=HTML)):
        assert answer.headers["content-type"].startswith("text/html")
        assert "secret" not in answer.text
    assert client.get("/nowhere", headers=HTML).status_code == 404
    assert crashing.get("/crash", headers=HTML).status_code == 500


def test_the_api_never_answers_with_pages(client: TestClient) -> None:
    for path in ("/v1/nowhere", "/v1/figures", "/metrics"):
        assert client.get(path, headers=HTML).headers["content-type"] == "application/problem+json"


def test_the_log_names_routes_and_not_accounts(
    app: App, client: TestClient, logged: Callable[[], str]
) -> None:
    client.get("/v1/guard/standing/account:somebody?x=private", headers=key(app, Right.ASK_GUARD))
    lines = logged()
    assert "/v1/guard/standing/{entity:path}" in lines
    assert "somebody" not in lines
    assert "private" not in lines
