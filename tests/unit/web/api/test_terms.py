"""/v1/terms: proposals, and who may decide on them."""

from __future__ import annotations

from tests.unit.web.serving import SAME_SITE, add_person, client_of, cookie, key
from tests.unit.web.talking import talk

from havenwall.app import App
from havenwall.model import Right, Role
from havenwall.web import create_server
from havenwall.web.security import CSRF_HEADER, csrf_token


def signed_in(app: App, role: Role) -> dict[str, str]:
    session = add_person(app, role)
    return cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}


def test_a_proposal_is_listed_decided_and_gone_from_the_open_ones(fresh_app: App) -> None:
    one = talk(fresh_app)
    client, mira = client_of(create_server(fresh_app, worker=False)), signed_in(fresh_app, Role.SPECIALIST)
    listed = client.get("/v1/terms/proposals?state=open", headers=mira).json()
    assert [(each["term"], each["evidence"]["network"]) for each in listed["items"]] == [("paperfinch", 4)]
    wanted = {"state": "accepted", "severity": "block", "why": "seen", "version": one.version}
    path = f"/v1/terms/proposals/{one.id}/decision"
    answer = client.post(path, json=wanted, headers=mira)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "accepted"
    assert client.post(path, json=wanted, headers=mira).status_code == 409
    assert client.get("/v1/terms/proposals?state=open", headers=mira).json()["items"] == []
    bad = wanted | {"version": 2, "state": "open"}
    assert client.post(path, json=bad, headers=mira).status_code == 422
    asker = key(fresh_app, Right.ASK_GUARD)
    query = {"text": "paper finch", "surface": "search_query"}
    assert client.post("/v1/guard/query", json=query, headers=asker).json()["outcome"] == "blocked"


def test_an_analyst_looks_and_no_key_decides(fresh_app: App) -> None:
    one = talk(fresh_app)
    client = client_of(create_server(fresh_app, worker=False))
    wanted = {"state": "rejected", "why": "seen", "version": one.version}
    path = f"/v1/terms/proposals/{one.id}/decision"
    analyst = signed_in(fresh_app, Role.ANALYST)
    assert client.get("/v1/terms/proposals", headers=analyst).status_code == 200
    assert client.post(path, json=wanted, headers=analyst).status_code == 403
    assert client.post("/v1/terms/search", headers=analyst).status_code == 403
    machine = key(fresh_app, Right.DECIDE_CHILD_SAFETY)
    assert client.post(path, json=wanted, headers=machine).status_code == 403
    auditor = signed_in(fresh_app, Role.AUDITOR)
    assert client.get("/v1/terms/proposals", headers=auditor).status_code == 403


def test_a_search_answers_with_what_waits(fresh_app: App) -> None:
    talk(fresh_app)
    client = client_of(create_server(fresh_app, worker=False))
    manager = key(fresh_app, Right.MANAGE, Right.SEE_CHILD_SAFETY)
    found = client.post("/v1/terms/search", headers=manager).json()
    assert [each["term"] for each in found["items"]] == ["paperfinch"]
    assert not found["more"]
