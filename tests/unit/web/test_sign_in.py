"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, client_of, cookie, make_app

from havenwall.app import App
from havenwall.model import Role
from havenwall.web import create_server
from havenwall.web.security import CSRF_HEADER, csrf_token
from havenwall.web.sign_in import Door

PASSWORD = "correct horse battery"
ROBIN = {"name": "robin", "password": PASSWORD}


@pytest.fixture(scope="module")
def robin(app: App) -> str:
    return app.store.people.add("robin", Role.ANALYST, PASSWORD).name


@pytest.fixture
def client(app: App, robin: str) -> TestClient:
    """A client of a new server: nobody failed to sign in yet."""
    return client_of(create_server(app, worker=False))


def sign_in(client: TestClient, **fields: str) -> int:
    return int(client.post("/sign-in", data=ROBIN | fields, headers=SAME_SITE).status_code)


def test_name_and_password_open_the_console(client: TestClient) -> None:
    answer = client.post("/sign-in", data=ROBIN, headers=SAME_SITE)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/").status_code == 200


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: TestClient) -> None:
    sent = client.post("/sign-in", data=ROBIN, headers=SAME_SITE).headers["set-cookie"]
    assert sent.startswith("havenwall=hw_session_")
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= {part.strip() for part in sent.split(";")}
    assert "Secure" not in sent
    assert "Domain" not in sent


def test_with_https_the_cookie_is_secure(tmp_path: Path) -> None:
    app = make_app(tmp_path, public_url="https://haven.example")
    try:
        app.store.people.add("robin", Role.ANALYST, PASSWORD)
        client = client_of(create_server(app, worker=False))
        answer = client.post("/sign-in", data=ROBIN, headers={"Origin": "https://haven.example"})
        assert answer.headers["set-cookie"].startswith("__Host-havenwall=hw_session_")
        assert "Secure" in answer.headers["set-cookie"]
        assert "strict-transport-security" in answer.headers
    finally:
        app.close()


@pytest.mark.parametrize(
    "fields",
    [
        {"password": "wrong horse battery"},
        {"name": "nobody"},
        {"password": ""},
        {"name": ""},
        {"name": "\x00"},
    ],
)
def test_a_wrong_name_or_password_looks_the_same(client: TestClient, fields: dict[str, str]) -> None:
    answer = client.post("/sign-in", data=ROBIN | fields, headers=SAME_SITE)
    assert answer.status_code == 401
    assert "password is wrong" in answer.text
    assert "set-cookie" not in answer.headers


def test_another_site_cannot_sign_us_in(client: TestClient) -> None:
    for headers in ({}, {"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post("/sign-in", data=ROBIN, headers=headers).status_code == 403
        assert client.post("/sign-in/link", data={"code": "x"}, headers=headers).status_code == 403


def test_guessing_is_slowed(app: App, robin: str) -> None:
    server = create_server(app, worker=False)
    client, door = client_of(server), server.state.door
    assert [door.wait("testclient", robin) for _ in range(9)] == [0] * 9
    assert sign_in(client, password="guess") == 401
    answer = client.post("/sign-in", data=ROBIN, headers=SAME_SITE)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 600
    assert "set-cookie" not in answer.headers
    assert sign_in(client, name="somebody-else") == 401


def test_success_forgets_the_failures(app: App, robin: str) -> None:
    server = create_server(app, worker=False)
    client, door = client_of(server), server.state.door
    for _ in range(2):
        assert [door.wait("testclient", robin) for _ in range(9)] == [0] * 9
        assert sign_in(client) == 303


def test_many_names_from_one_address_are_slowed_too() -> None:
    door = Door()
    assert [door.wait("10.0.0.1", f"name{n}") for n in range(100)] == [0] * 100
    assert door.wait("10.0.0.1", "another") > 0
    assert door.wait("10.0.0.2", "another") == 0


def test_a_password_too_long_to_be_one_is_not_hashed(client: TestClient) -> None:
    assert sign_in(client, password="x" * 2000) == 422


def test_signing_in_ends_the_session_before(app: App, client: TestClient) -> None:
    before = add_person(app, Role.ADMINISTRATOR)
    client.post("/sign-in", data=ROBIN, headers=SAME_SITE | cookie(app, before))
    client.cookies.clear()
    assert client.get("/v1/figures", headers=cookie(app, before)).status_code == 401


def test_signing_out_ends_the_session_itself(app: App, client: TestClient) -> None:
    session = add_person(app, Role.ANALYST)
    headers = cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}
    answer = client.post("/sign-out", headers=headers)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert client.get("/v1/figures", headers=cookie(app, session)).status_code == 401


def new_link(app: App) -> str:
    return app.store.people.new_link(app.store.people.person("robin"))


def use(client: TestClient, code: str) -> int:
    return int(client.post("/sign-in/link", data={"code": code}, headers=SAME_SITE).status_code)


def test_a_link_works_once(app: App, client: TestClient) -> None:
    code = new_link(app)
    assert [use(client, code), use(client, code)] == [303, 401]


def test_looking_at_a_link_does_not_use_it(app: App, client: TestClient) -> None:
    code = new_link(app)
    for _ in range(3):
        assert client.get("/sign-in/link").status_code == 200
    assert use(client, code) == 303


def test_a_pasted_address_does_as_well(app: App, client: TestClient) -> None:
    assert use(client, f" {app.config.url}/sign-in/link#{new_link(app)}\n") == 303


def test_a_link_is_no_session_and_no_session_is_a_link(app: App, client: TestClient) -> None:
    assert client.get("/v1/figures", headers=cookie(app, new_link(app))).status_code == 401
    assert use(client, add_person(app, Role.ANALYST)) == 401


def test_the_links_of_a_person_shut_out_are_dead(app: App, client: TestClient) -> None:
    people = app.store.people
    code = people.new_link(people.add("gone", Role.ANALYST))
    people.disable("gone")
    late = people.new_link(people.person("gone"))
    assert [use(client, code), use(client, late)] == [401, 401]


def test_secrets_stay_out_of_the_log(app: App, client: TestClient, logged: Callable[[], str]) -> None:
    use(client, new_link(app))
    use(client, "hw_link_wrong")
    sign_in(client)
    sign_in(client, password="my old password")
    lines = logged()
    assert "signed in" in lines
    assert "hw_" not in lines
    assert "password" not in lines
