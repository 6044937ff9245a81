"""People, roles, keys and one's own account, as a browser without script would use them."""

from __future__ import annotations

import re

import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, client_of, cookie, make_app

from havenwall.app import App
from havenwall.model import ROLE_RIGHTS, Right, Role
from havenwall.web import create_server
from havenwall.web.console.accounts import RIGHT_WORDS, ROLES, device
from havenwall.web.security import csrf_token

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = make_app(tmp_path_factory.mktemp("people"))
    app.store.people.add("root", Role.ADMINISTRATOR, PASSWORD)
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app) -> TestClient:
    return client_of(create_server(app, worker=False))


def browser(app: App, name: str = "root", told: str = "") -> dict[str, str]:
    session = app.store.people.new_session(app.store.people.person(name), told)
    return cookie(app, session) | SAME_SITE | {"Accept": "text/html"}


def post(client: TestClient, headers: dict[str, str], path: str, **fields):
    fields["csrf"] = csrf_token(headers["Cookie"].partition("=")[2])
    return client.post(path, data=fields, headers=headers)


def form_of(page: str) -> dict[str, str]:
    """What a browser would send of the matrix as it stands."""
    found = dict(re.findall(r'<input type="hidden" name="([\w.]+)" value="(\w*)">', page))
    ticked = re.findall(r'<input type="checkbox" name="([\w.]+)" checked>', page)
    return found | dict.fromkeys(ticked, "on")


def test_each_role_and_right_has_words():
    assert {role.name for role in ROLES} == set(Role)
    assert set(RIGHT_WORDS) == set(Right)


def test_the_matrix_shows_what_is_kept_and_keeps_what_is_ticked(app, client):
    boss = browser(app)
    form = form_of(client.get("/people/roles", headers=boss).text)
    for role, rights in ROLE_RIGHTS.items():
        assert {r for r in Right if f"{role}.{r}" in form} == rights
    del form["analyst.match_media"]
    answer = post(
        client, boss, "/people/roles", **form, **{"analyst.refer": "on", "auditor.second_factor": "on"}
    )
    assert "Kept as ticked" in answer.text
    assert app.store.roles.role(Role.ANALYST).rights == (ROLE_RIGHTS[Role.ANALYST] | {Right.REFER}) - {
        Right.MATCH_MEDIA
    }
    assert app.store.roles.role(Role.AUDITOR).second_factor
    assert app.store.roles.role(Role.SENIOR).version == 0
    stale = post(client, boss, "/people/roles", **form)
    assert stale.status_code == 409


def test_the_last_right_to_manage_people_stays(app, client):
    boss = browser(app)
    form = form_of(client.get("/people/roles", headers=boss).text)
    del form["administrator.manage_people"]
    answer = post(client, boss, "/people/roles", **form)
    assert answer.status_code == 409
    assert "last person" in answer.text
    assert "administrator.manage_people" in form_of(answer.text)
    assert post(client, boss, "/people/roles").status_code == 422


def test_a_person_is_changed_on_their_page(app, client):
    boss = browser(app)
    app.store.people.add("nora", Role.ANALYST)
    browser(app, "nora", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    page = "/people/named/nora"
    assert "Firefox on Linux" in client.get(page, headers=boss).text
    assert post(client, boss, page, what="role", role="auditor").status_code == 200
    assert app.store.people.person("nora").role is Role.AUDITOR
    assert post(client, boss, page, what="role", role="queen").status_code == 422
    post(client, boss, page, what="sign_out")
    assert app.store.sessions.of("nora") == []
    shown = post(client, boss, page, what="link").text
    assert app.store.people.use_link(re.search(r"#(hw_link_[\w-]+)", shown).group(1)).name == "nora"
    post(client, boss, page, what="disable")
    assert app.store.people.person("nora").disabled_at
    post(client, boss, page, what="enable")
    assert not app.store.people.person("nora").disabled_at
    assert post(client, boss, page, what="").status_code == 422
    assert client.get("/people/named/nobody", headers=boss).status_code == 404


def test_a_key_is_shown_once_and_revoked(app, client):
    boss = browser(app)
    form = {"name": "gate", "scope": ["ask_guard"], "days": "30"}
    page = post(client, boss, "/people/keys", **form).text
    secret = re.search(r'value="(hw_key_[\w-]+)"', page).group(1)
    assert app.store.keys.viewer(secret).rights == {Right.ASK_GUARD}
    listed = client.get("/people/keys", headers=boss).text
    assert "hw_key" not in listed
    made = app.store.keys.all()[0]
    assert post(client, boss, f"/people/keys/{made.id}").status_code == 303
    assert app.store.keys.all()[0].revoked_at
    for wrong in ({"days": "31"}, {"scope": ["all"]}, {"name": ""}):
        assert post(client, boss, "/people/keys", **(form | wrong)).status_code == 422


def test_ones_own_sessions_are_listed_and_ended(app, client):
    app.store.people.add("mira", Role.TRIAGE)
    here, there = browser(app, "mira"), browser(app, "mira", "<b>odd</b>")
    page = client.get("/account", headers=here).text
    assert page.count("End<span") == 1
    assert "<b>odd" not in page
    other = next(s for s in app.store.sessions.of("mira") if s.device)
    assert post(client, browser(app, "root"), "/account/sessions", id=other.id).status_code == 404
    assert post(client, here, "/account/sessions", id=other.id).status_code == 200
    assert client.get("/account", headers=there).status_code == 303
    third = browser(app, "mira")
    post(client, here, "/account/sessions")
    assert client.get("/account", headers=third).status_code == 303
    assert client.get("/account", headers=here).status_code == 200


def test_a_password_is_changed_by_who_knows_the_present_one(app, client):
    app.store.people.add("tom", Role.TRIAGE)
    here, there = browser(app, "tom"), browser(app, "tom")
    assert post(client, here, "/account/password", wanted=PASSWORD).status_code == 200
    assert client.get("/account", headers=there).status_code == 303
    assert post(client, here, "/account/password", wanted="another good one").status_code == 401
    assert post(client, here, "/account/password", present=PASSWORD, wanted="short").status_code == 422
    assert (
        post(client, here, "/account/password", present=PASSWORD, wanted="another good one").status_code
        == 200
    )
    assert app.store.people.check_password("tom", "another good one").name == "tom"
    tries = [client.app.state.door.wait("testclient", "tom") for _ in range(10)]
    assert tries == [0] * 10
    answer = post(client, here, "/account/password", present="another good one", wanted="x" * 12)
    assert "too many tries" in answer.text.lower()


def test_an_account_page_is_for_persons_only(app, client):
    bearer = {"Authorization": f"Bearer {app.store.people.new_key('k', frozenset(Right))}"}
    assert client.get("/account", headers=bearer).status_code == 403


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/130 Safari/537 Edg/130", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone) Version/18 Safari/604", "Safari on iPhone"),
        ("curl/8", "unknown browser"),
        ("", "unknown browser"),
    ],
)
def test_browsers_have_names(told, words):
    assert device(told) == words
