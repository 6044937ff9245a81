"""Nobody gets in who should not: every route says who may come in, and keeps everybody else out."""

from __future__ import annotations

import re

import pytest
from fastapi import APIRouter, FastAPI
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, cookie, key

from havenwall.app import App
from havenwall.errors import HavenwallError
from havenwall.model import ROLE_RIGHTS, Right, Role
from havenwall.web.access import Entrance, entrances
from havenwall.web.security import CSRF_HEADER, csrf_token

OPEN = {
    ("/v1/health", "GET"),
    ("/sign-in", "GET"),
    ("/sign-in", "POST"),
    ("/sign-in/link", "GET"),
    ("/sign-in/link", "POST"),
}
"""Whoever adds to these must say here that it is meant."""


def calls(entrance: Entrance) -> list[tuple[str, str]]:
    path = re.sub(r"\{[^}]+\}", "x", entrance.path)
    return [(method, path) for method in sorted(entrance.methods)]


def guarded(server: FastAPI) -> list[Entrance]:
    return [e for e in entrances(server.routes) if e.need]


def test_only_the_listed_routes_are_open(server: FastAPI) -> None:
    found = {(e.path, method) for e in entrances(server.routes) if not e.need for method in e.methods}
    assert found == OPEN


def test_the_walk_sees_the_routes_of_included_routers(server: FastAPI) -> None:
    paths = {entrance.path for entrance in entrances(server.routes)}
    assert {"/v1/events", "/v1/cases/{case_id}/decisions", "/metrics", "/sign-out", "/"} <= paths


def test_a_route_that_says_nothing_is_found(server: FastAPI) -> None:
    extra = APIRouter(prefix="/extra")
    extra.add_api_route("/hole", lambda: None)
    server.include_router(extra)
    with pytest.raises(HavenwallError, match="/extra/hole"):
        entrances(server.routes)


def test_a_plain_starlette_route_is_found(server: FastAPI) -> None:
    server.add_route("/hole", lambda request: None)
    with pytest.raises(HavenwallError, match="/hole"):
        entrances(server.routes)


def test_a_mounted_application_is_found(server: FastAPI) -> None:
    server.mount("/other", FastAPI())
    with pytest.raises(HavenwallError, match="/other"):
        entrances(server.routes)


def test_without_credentials_nobody_comes_in(server: FastAPI, client: TestClient) -> None:
    for entrance in guarded(server):
        for method, path in calls(entrance):
            assert client.request(method, path).status_code == 401, f"{method} {path}"


def test_browsers_without_a_session_are_sent_to_sign_in(server: FastAPI, client: TestClient) -> None:
    for entrance in guarded(server):
        for method, path in calls(entrance):
            answer = client.request(method, path, headers={"Accept": "text/html"})
            if method == "GET" and not path.startswith(("/v1/", "/metrics")):
                assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in"), path
            else:
                assert answer.status_code == 401, f"{method} {path}"


def test_a_key_with_every_other_right_is_kept_out(app: App, server: FastAPI, client: TestClient) -> None:
    headers = {right: key(app, *(set(Right) - {right})) for right in Right}
    checked = 0
    for entrance in guarded(server):
        right = entrance.need and entrance.need.right
        for method, path in calls(entrance) if right else ():
            answer = client.request(method, path, headers=headers[right])
            assert answer.status_code == 403, f"{method} {path}"
            checked += 1
    assert checked > 15


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_a_role_without_the_right_is_kept_out(
    app: App, server: FastAPI, client: TestClient, role: Role
) -> None:
    session = add_person(app, role)
    headers = cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}
    checked = 0
    for entrance in guarded(server):
        right = entrance.need and entrance.need.right
        for method, path in calls(entrance) if right and right not in ROLE_RIGHTS[role] else ():
            assert client.request(method, path, headers=headers).status_code == 403, f"{method} {path}"
            checked += 1
    assert checked


def test_a_session_alone_changes_nothing(app: App, server: FastAPI, client: TestClient) -> None:
    headers = cookie(app, add_person(app, Role.ADMINISTRATOR))
    checked = 0
    for entrance in guarded(server):
        for method, path in calls(entrance) if "GET" not in entrance.methods else ():
            assert client.request(method, path, headers=headers).status_code == 403, f"{method} {path}"
            checked += 1
    assert checked >= 5


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer hw_key_wrong", "Basic aHc6aHc=", "Bearer \x00", "bearer hw_session_x"],
)
def test_a_bad_authorization_header_is_nobody(client: TestClient, header: str) -> None:
    assert client.get("/v1/figures", headers={"Authorization": header}).status_code == 401
