"""People, roles, keys and the access log over the API."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, cookie, key

from havenwall.app import App
from havenwall.model import Right, Role
from havenwall.web.security import CSRF_HEADER, csrf_token


@pytest.fixture(scope="module")
def boss(app: App) -> dict[str, str]:
    secret = add_person(app, Role.ADMINISTRATOR, "root")
    return cookie(app, secret) | SAME_SITE | {CSRF_HEADER: csrf_token(secret)}


def sent(client: TestClient, boss: dict[str, str], method: str, path: str, json: Any = None) -> Any:
    answer = client.request(method, path, json=json, headers=boss)
    assert answer.status_code < 300, answer.text
    return answer.json()


def test_a_person_is_added_changed_shut_out_and_let_in(
    app: App, client: TestClient, boss: dict[str, str]
) -> None:
    made = sent(client, boss, "POST", "/v1/people", {"name": "nora", "role": "analyst"})
    assert app.store.people.use_link(made["link"].rpartition("#")[2]).name == "nora"
    assert sent(client, boss, "PUT", "/v1/people/nora/role", {"role": "auditor"})["role"] == "auditor"
    app.store.people.new_session(app.store.people.person("nora"), "Firefox")
    (session,) = sent(client, boss, "GET", "/v1/people/nora/sessions")["items"]
    assert (session["device"], session["person"]) == ("Firefox", "nora")
    assert sent(client, boss, "DELETE", "/v1/people/nora/sessions") == {"ended": 1}
    assert sent(client, boss, "POST", "/v1/people/nora/disable")["disabled_at"]
    assert not sent(client, boss, "POST", "/v1/people/nora/enable")["disabled_at"]
    link = sent(client, boss, "POST", "/v1/people/nora/link")["link"]
    assert app.store.people.use_link(link.rpartition("#")[2]).name == "nora"
    listed = sent(client, boss, "GET", "/v1/people")
    assert "nora" in [person["name"] for person in listed["items"]]
    assert "hash" not in repr(listed)
    lines = sent(client, boss, "GET", "/v1/access-log?limit=3")
    assert lines["more"]
    assert [line["what"] for line in lines["items"]] == [
        "sign-in link made",
        "person let in again",
        "person shut out",
    ]


def test_the_matrix_is_read_and_changed_but_not_over_somebody_else(
    client: TestClient, boss: dict[str, str]
) -> None:
    triage = next(r for r in sent(client, boss, "GET", "/v1/roles")["items"] if r["role"] == "triage")
    wanted = {"rights": ["refer"], "version": triage["version"], "second_factor": True}
    changed = sent(client, boss, "PUT", "/v1/roles/triage", wanted)
    assert (changed["rights"], changed["second_factor"], changed["version"]) == (["refer"], True, 1)
    again = client.put("/v1/roles/triage", json=wanted | {"rights": []}, headers=boss)
    assert (again.status_code, again.json()["type"]) == (409, "urn:havenwall:problem:conflict")
    last = {"rights": [], "version": 0}
    assert client.put("/v1/roles/administrator", json=last, headers=boss).status_code == 409
    assert client.put("/v1/roles/queen", json=last, headers=boss).status_code == 422


def test_a_key_is_made_shown_once_used_and_revoked(client: TestClient, boss: dict[str, str]) -> None:
    wanted = {"name": "gate", "scopes": ["see_figures"], "expires_at": "2100-01-01T00:00:00Z"}
    made = sent(client, boss, "POST", "/v1/keys", wanted)
    bearer = {"Authorization": f"Bearer {made['secret']}"}
    assert client.get("/v1/figures", headers=bearer).status_code == 200
    listed = client.get("/v1/keys", headers=boss).text
    assert made["secret"] not in listed
    (mine,) = (one for one in client.get("/v1/keys", headers=boss).json()["items"] if one["name"] == "gate")
    assert mine["last_used"]
    sent(client, boss, "DELETE", f"/v1/keys/{mine['id']}")
    for bad in ("2020-01-01T00:00:00Z", "2100-01-01T00:00:00"):
        assert client.post("/v1/keys", json=wanted | {"expires_at": bad}, headers=boss).status_code == 422


def test_nobody_makes_a_key_that_may_more_than_they(app: App, client: TestClient) -> None:
    clerk = key(app, Right.MANAGE_PEOPLE)
    wanted = {"name": "gate", "scopes": ["see_child_safety"]}
    assert client.post("/v1/keys", json=wanted, headers=clerk).status_code == 403


def test_managing_stages_is_not_managing_people(app: App, client: TestClient) -> None:
    machine = key(app, Right.MANAGE)
    for path in ("/v1/people", "/v1/roles", "/v1/keys", "/v1/access-log"):
        assert client.get(path, headers=machine).status_code == 403
    assert client.get("/people", headers=cookie(app, add_person(app, Role.MANAGER))).status_code == 403
    assert client.get("/access-log", headers=cookie(app, add_person(app, Role.MANAGER))).status_code == 200


def test_no_key_makes_itself_a_person(app: App, client: TestClient) -> None:
    machine = key(app, *Right)
    app.store.people.add("vera", Role.ANALYST)
    for method, path, json in (
        ("POST", "/v1/people", {"name": "evil", "role": "administrator"}),
        ("POST", "/v1/people/vera/link", None),
        ("PUT", "/v1/people/vera/role", {"role": "administrator"}),
        ("POST", "/v1/people/vera/enable", None),
        ("DELETE", "/v1/people/vera/second-factor", None),
    ):
        assert client.request(method, path, json=json, headers=machine).status_code == 403, path
    for what in ("link", "enable", "forget_factor"):
        assert client.post("/people/named/vera", data={"what": what}, headers=machine).status_code == 403, (
            what
        )
    assert client.post("/v1/people/vera/disable", headers=machine).status_code == 200
    assert "evil" not in {person.name for person in app.store.people.all()}


def test_no_key_changes_what_roles_may_do(app: App, client: TestClient) -> None:
    machine, before = key(app, *Right), app.store.roles.all()
    for role in Role:
        wanted = {"rights": [], "version": app.store.roles.role(role).version}
        answer = client.put(f"/v1/roles/{role.value}", json=wanted, headers=machine)
        assert (answer.status_code, answer.json()["hint"]) == (403, "sign in; an API key cannot")
    boxes = {f"{row.role.value}.version": str(row.version) for row in before}
    assert client.post("/people/roles", data=boxes, headers=machine).status_code == 403
    assert client.put("/v1/people/vera/role", json={"role": "triage"}, headers=machine).status_code == 403
    role = {"what": "role", "role": "administrator"}
    assert client.post("/people/named/vera", data=role, headers=machine).status_code == 403
    assert app.store.roles.all() == before
