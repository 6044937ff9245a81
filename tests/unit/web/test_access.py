"""Who a request comes from: a key, a session, or nobody."""

from __future__ import annotations

from pathlib import Path

from tests.unit.web.serving import SAME_SITE, TestClient, add_person, client_of, cookie, key, make_app

from havenwall.app import App
from havenwall.model import Right, Role
from havenwall.web import create_server
from havenwall.web.access import cookie_name, is_https
from havenwall.web.security import CSRF_HEADER, csrf_token


def test_a_key_comes_in(app: App, client: TestClient) -> None:
    assert client.get("/v1/figures", headers=key(app, Right.SEE_FIGURES)).status_code == 200


def test_a_session_comes_in(app: App, client: TestClient) -> None:
    session = add_person(app, Role.AUDITOR)
    assert client.get("/v1/figures", headers=cookie(app, session)).status_code == 200


def test_a_session_secret_is_not_a_key(app: App, client: TestClient) -> None:
    secret = add_person(app, Role.ADMINISTRATOR)
    assert client.get("/v1/figures", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_key_is_not_a_session(app: App, client: TestClient) -> None:
    secret = app.store.people.new_key("k", frozenset(Right))
    assert client.get("/v1/figures", headers=cookie(app, secret)).status_code == 401


def test_an_unknown_key_is_not_helped_by_a_good_session(app: App, client: TestClient) -> None:
    headers = cookie(app, add_person(app, Role.AUDITOR)) | {"Authorization": "Bearer hw_key_wrong"}
    assert client.get("/v1/figures", headers=headers).status_code == 401


def test_an_ended_session_is_nobody(app: App, client: TestClient) -> None:
    session = add_person(app, Role.AUDITOR)
    app.store.people.end(session)
    assert client.get("/v1/figures", headers=cookie(app, session)).status_code == 401


def test_a_person_shut_out_is_nobody_at_once(app: App, client: TestClient) -> None:
    session = add_person(app, Role.AUDITOR, "robin")
    app.store.people.disable("robin")
    assert client.get("/v1/figures", headers=cookie(app, session)).status_code == 401


def test_a_key_needs_no_csrf_token_and_a_session_does(app: App, client: TestClient) -> None:
    session = add_person(app, Role.ADMINISTRATOR)
    headers = cookie(app, session) | SAME_SITE
    assert client.post("/v1/events", json=[], headers=key(app, Right.SEND_EVENTS)).status_code == 200
    assert client.post("/v1/events", json=[], headers=headers).status_code == 403
    with_token = headers | {CSRF_HEADER: csrf_token(session)}
    assert client.post("/v1/events", json=[], headers=with_token).status_code == 200


def test_the_cookie_is_bound_to_the_host_where_there_is_https(tmp_path: Path) -> None:
    app = make_app(tmp_path, public_url="https://haven.example/")
    try:
        assert is_https(app.config)
        assert cookie_name(app.config) == "__Host-havenwall"
        session = add_person(app, Role.AUDITOR)
        client = client_of(create_server(app, worker=False))
        assert client.get("/v1/figures", headers=cookie(app, session)).status_code == 200
        plain = {"Cookie": f"havenwall={session}"}
        assert client.get("/v1/figures", headers=plain).status_code == 401
    finally:
        app.close()


def test_a_key_with_all_rights_is_no_person(app: App, client: TestClient) -> None:
    answer = client.post("/v1/cases/x/referral", headers=key(app, *Right))
    assert (answer.status_code, answer.json()["detail"]) == (403, "a person must decide this")
