"""Setting up a second factor and signing in with it, as a browser without script does."""

from __future__ import annotations

import re
from datetime import timedelta

import pyotp
import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, client_of, cookie

from havenwall.app import App
from havenwall.model import Role, now
from havenwall.store.people import People
from havenwall.web import create_server
from havenwall.web.security import CSRF_HEADER, csrf_token

PASSWORD = "correct horse battery"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def hashed(app: App) -> str:
    return app.store.people.add("template", Role.TRIAGE, PASSWORD).name


@pytest.fixture
def client(app: App) -> TestClient:
    """A browser at a new server: nobody failed to sign in yet."""
    return client_of(create_server(app, worker=False))


def code(seed: str, steps: int = 0) -> str:
    return pyotp.TOTP(seed).at(now() + timedelta(seconds=30 * steps))


def signed_in(client: TestClient, people: People, name: str, role: Role = Role.ANALYST) -> None:
    client.cookies.clear()
    client.cookies.set("havenwall", people.new_session(people.add(name, role)))


def step(client: TestClient, what: str, sent: str = ""):
    form = {"what": what, "code": sent, "csrf": csrf_token(client.cookies["havenwall"])}
    return client.post("/account/second-factor", data=form, headers=SAME_SITE | HTML)


def enrol(app: App, client: TestClient, name: str, role: Role = Role.ANALYST) -> tuple[str, list[str]]:
    """Seed and recovery codes of somebody new; the browser is signed out again."""
    signed_in(client, app.store.people, name, role)
    shown = re.search(r'class="id">([A-Z2-7 ]{32,})<', step(client, "begin").text)
    assert shown
    seed = shown.group(1).replace(" ", "")
    page = step(client, "confirm", code(seed, -1)).text
    client.cookies.clear()
    return seed, re.findall(r"<li>([a-z2-7-]{19})</li>", page)


def by_link(app: App, client: TestClient, name: str) -> str:
    """Pass the first factor; where it leads."""
    link = app.store.people.new_link(app.store.people.person(name))
    answer = client.post("/sign-in/link", data={"code": link}, headers=SAME_SITE)
    return str(answer.headers["location"])


def send(client: TestClient, sent: str) -> int:
    return int(client.post("/sign-in/code", data={"code": sent}, headers=SAME_SITE).status_code)


def test_the_picture_is_drawn_here_and_the_seed_is_text_too(app: App, client: TestClient) -> None:
    signed_in(client, app.store.people, "ana")
    page = step(client, "begin").text
    assert '<svg role="img" aria-label="QR code for an authenticator"' in page
    assert "style=" not in page[page.index("<svg role") :]
    assert "hw_" not in page
    assert step(client, "confirm", "123").status_code == 422
    assert app.store.people.person("ana").second_factor is False


def test_with_it_the_first_factor_alone_opens_nothing(app: App, client: TestClient) -> None:
    seed, recovery = enrol(app, client, "ben")
    assert len(recovery) == 10
    assert by_link(app, client, "ben") == "/sign-in/code"
    assert client.get("/account", headers=HTML).headers["location"] == "/sign-in"
    half = client.cookies["havenwall-half"]
    assert client.get("/v1/figures", headers={"Cookie": f"havenwall={half}"}).status_code == 401
    assert client.get("/v1/figures", headers={"Authorization": f"Bearer {half}"}).status_code == 401
    assert [send(client, "000000"), send(client, code(seed))] == [401, 303]
    assert client.get("/account", headers=HTML).status_code == 200
    again = client_of(client.app)
    again.cookies.set("havenwall-half", half)
    assert send(again, code(seed, 1)) == 401


def test_a_code_seen_over_a_shoulder_is_of_no_use(app: App, client: TestClient) -> None:
    seed, _ = enrol(app, client, "cleo")
    by_link(app, client, "cleo")
    assert send(client, code(seed)) == 303
    client.cookies.clear()
    by_link(app, client, "cleo")
    assert [send(client, code(seed)), send(client, code(seed, 1))] == [401, 303]


def test_a_password_leads_to_the_code_too_and_a_recovery_code_does_once(
    app: App, client: TestClient, hashed: str
) -> None:
    _, recovery = enrol(app, client, "dora")
    app.store.people.set_password("dora", PASSWORD)
    for expected in (303, 401):
        client.cookies.clear()
        form = {"name": "dora", "password": PASSWORD}
        answer = client.post("/sign-in", data=form, headers=SAME_SITE)
        assert answer.headers["location"] == "/sign-in/code"
        assert send(client, recovery[0]) == expected


def test_guessing_codes_is_slowed_for_the_person_whatever_the_address(app: App, client: TestClient) -> None:
    seed, _ = enrol(app, client, "emil")
    for _ in range(5):
        by_link(app, client, "emil")
        assert send(client, "000000") == 401
    by_link(app, client, "emil")
    answer = client.post("/sign-in/code", data={"code": code(seed)}, headers=SAME_SITE)
    assert answer.status_code == 401
    assert "Too many tries" in answer.text


def test_another_site_sends_no_code(client: TestClient) -> None:
    assert client.post("/sign-in/code", data={"code": "1"}).status_code == 403
    assert client.post("/sign-in/code", data={"code": "1"}, headers=SAME_SITE).status_code == 401


def test_who_must_have_one_can_only_set_it_up(app: App, client: TestClient) -> None:
    rights = app.store.roles.role(Role.AUDITOR).rights
    app.store.roles.change(Role.AUDITOR, rights, 0, second_factor=True)
    signed_in(client, app.store.people, "finn", Role.AUDITOR)
    assert client.get("/figures", headers=HTML).status_code == 403
    assert "Your role demands one" in client.get("/account/second-factor", headers=HTML).text
    shown = re.search(r'class="id">([A-Z2-7 ]{32,})<', step(client, "begin").text)
    assert shown
    step(client, "confirm", code(shown.group(1).replace(" ", "")))
    assert client.get("/figures", headers=HTML).status_code == 200


def test_it_is_ended_by_a_code_or_by_who_manages_people(app: App, client: TestClient) -> None:
    seed, recovery = enrol(app, client, "gina")
    by_link(app, client, "gina")
    send(client, code(seed))
    assert step(client, "end", "000000").status_code == 401
    renewed = re.findall(r"<li>([a-z2-7-]{19})</li>", step(client, "codes", recovery[0]).text)
    assert len(renewed) == 10
    assert step(client, "end", renewed[0]).status_code == 200
    assert not app.store.people.person("gina").second_factor
    enrol(app, client, "hugo")
    boss = add_person(app, Role.ADMINISTRATOR)
    headers = cookie(app, boss) | SAME_SITE | {CSRF_HEADER: csrf_token(boss)}
    client.cookies.clear()
    answer = client.delete("/v1/people/hugo/second-factor", headers=headers)
    assert answer.json()["second_factor"] is False
    assert by_link(app, client, "hugo") == "/"
