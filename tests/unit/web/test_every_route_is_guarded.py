"""Nobody gets in who should not: every route says who may come in, and keeps everybody else out."""

from __future__ import annotations

import asyncio
import re

import pytest
from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, cookie, key

from havenwall.app import App
from havenwall.errors import Forbidden, HavenwallError
from havenwall.model import ROLE_RIGHTS, Right, Role
from havenwall.web.access import Entrance, entrances
from havenwall.web.security import CSRF_HEADER, csrf_token

OPEN = {
    ("/v1/health", "GET"),
    ("/sign-in", "GET"),
    ("/sign-in", "POST"),
    ("/sign-in/code", "GET"),
    ("/sign-in/code", "POST"),
    ("/sign-in/link", "GET"),
    ("/sign-in/oidc", "GET"),
    ("/sign-in/oidc/callback", "GET"),
    ("/sign-in/link", "POST"),
    ("/appeal", "GET"),
    ("/appeal", "POST"),
    ("/appeal/send", "POST"),
    ("/report", "GET"),
    ("/report", "POST"),
    ("/report/status", "GET"),
    ("/report/status", "POST"),
    ("/report/status/contest", "POST"),
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


def test_a_route_that_says_nothing_is_found(own_server: FastAPI) -> None:
    extra = APIRouter(prefix="/extra")
    extra.add_api_route("/hole", lambda: None)
    own_server.include_router(extra)
    with pytest.raises(HavenwallError, match="/extra/hole"):
        entrances(own_server.routes)


def test_a_plain_starlette_route_is_found(own_server: FastAPI) -> None:
    own_server.add_route("/hole", lambda request: None)
    with pytest.raises(HavenwallError, match="/hole"):
        entrances(own_server.routes)


def test_a_mounted_application_is_found(own_server: FastAPI) -> None:
    own_server.mount("/other", FastAPI())
    with pytest.raises(HavenwallError, match="/other"):
        entrances(own_server.routes)


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


def opens(entrance: Entrance) -> set[Right]:
    """The rights of which one is enough; none where being signed in is."""
    need = entrance.need
    return {need.right, *need.others} if need and need.right else set()


def test_a_key_with_every_other_right_is_kept_out(app: App, server: FastAPI, client: TestClient) -> None:
    known: dict[frozenset[Right], dict[str, str]] = {}
    checked = 0
    for entrance in guarded(server):
        rest = frozenset(set(Right) - opens(entrance))
        headers = known.get(rest) or known.setdefault(rest, key(app, *rest))
        for method, path in calls(entrance) if opens(entrance) else ():
            answer = client.request(method, path, headers=headers)
            assert answer.status_code == 403, f"{method} {path}"
            checked += 1
    assert checked > 40


def test_a_key_without_scopes_comes_in_nowhere(app: App, server: FastAPI, client: TestClient) -> None:
    headers = key(app)
    for entrance in guarded(server):
        for method, path in calls(entrance) if opens(entrance) else ():
            assert client.request(method, path, headers=headers).status_code == 403, f"{method} {path}"


@pytest.mark.parametrize("role", Role)
def test_a_role_without_the_right_is_kept_out(
    app: App, server: FastAPI, client: TestClient, role: Role
) -> None:
    session = add_person(app, role)
    headers = cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}
    checked = 0
    for entrance in guarded(server):
        shut = opens(entrance) and not opens(entrance) & ROLE_RIGHTS[role]
        for method, path in calls(entrance) if shut else ():
            assert client.request(method, path, headers=headers).status_code == 403, f"{method} {path}"
            checked += 1
    assert checked or role is Role.ADMINISTRATOR


def come_in(server: FastAPI, entrance: Entrance, headers: dict[str, str]) -> bool:
    """Whether the route's own gate lets a request in. What stands behind the gate does not run."""
    assert entrance.need
    raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": min(entrance.methods), "path": "/", "headers": raw, "app": server}
    try:
        asyncio.run(entrance.need(Request(scope | {"query_string": b"", "client": ("testclient", 1)})))
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("role", Role)
def test_a_role_comes_in_exactly_where_one_of_its_rights_does(app: App, server: FastAPI, role: Role) -> None:
    session = add_person(app, role)
    headers = cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}
    let_in = {(e.path, min(e.methods)) for e in guarded(server) if come_in(server, e, headers)}
    may = ROLE_RIGHTS[role]
    assert let_in == {(e.path, min(e.methods)) for e in guarded(server) if not opens(e) or opens(e) & may}


@pytest.mark.parametrize("role", Role)
def test_what_a_role_may_look_at_is_shown(app: App, server: FastAPI, client: TestClient, role: Role) -> None:
    headers = cookie(app, add_person(app, role))
    for entrance in guarded(server):
        allowed = "GET" in entrance.methods and (not opens(entrance) or opens(entrance) & ROLE_RIGHTS[role])
        if allowed:
            path = dict(calls(entrance))["GET"]
            assert client.get(path, headers=headers).status_code in (200, 303, 404, 409, 422), path


def test_rights_taken_from_a_role_shut_its_routes_at_once(app: App, server: FastAPI) -> None:
    session = add_person(app, Role.TRIAGE)
    headers = cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}
    before = sum(come_in(server, entrance, headers) for entrance in guarded(server))
    app.store.roles.change(Role.TRIAGE, frozenset(), 0, second_factor=False)
    after = [entrance for entrance in guarded(server) if come_in(server, entrance, headers)]
    assert before > len(after)
    assert not any(opens(entrance) for entrance in after)
    app.store.roles.change(Role.TRIAGE, ROLE_RIGHTS[Role.TRIAGE], 1, second_factor=False)


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
