"""/v1/reports and /v1/reporters: taken in, listed, answered, contested; and who may do which."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, client_of, cookie, key

from havenwall.app import App
from havenwall.model import SYSTEM, Right, Role, Verb, Viewer
from havenwall.web import create_server
from havenwall.web.security import CSRF_HEADER, csrf_token

MIRA = Viewer(name="user:mira", rights=frozenset(Right))


@pytest.fixture
def client(fresh_app: App) -> TestClient:
    return client_of(create_server(fresh_app, worker=False))


@pytest.fixture
def forum(fresh_app: App) -> dict[str, str]:
    return key(fresh_app, Right.SEND_REPORTS)


def signed_in(app: App, role: Role) -> dict[str, str]:
    session = add_person(app, role)
    return cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}


def told(n: int = 1, **fields: Any) -> dict[str, Any]:
    return {"source_id": f"r{n}", "subject": "group:g1", "reason": "child_group", "text": "words"} | fields


def decide(app: App, verb: Verb, name: str = "mira") -> None:
    app.run(("reports", "casework"))
    (case,) = app.store.cases(SYSTEM).cases()
    viewer = Viewer(name=f"user:{name}", rights=frozenset(Right))
    app.decide(viewer, case.id, case.version, verb, ["group:g1"], "looked")


def test_one_report_gets_a_receipt_and_again_the_same(client: TestClient, forum: dict[str, str]) -> None:
    first = client.post("/v1/reports", json=told(), headers=forum)
    again = client.post("/v1/reports", json=told(), headers=forum)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() | {"new": False} == again.json()
    assert first.json()["number"].startswith("HW-")


@pytest.mark.parametrize("wrapped", [False, True])
def test_of_many_each_gets_a_result(client: TestClient, forum: dict[str, str], wrapped: bool) -> None:
    many = [told(1), told(2, subject="planet:x"), {"subject": 3}, told(1), told(3, reason="dislike")]
    answer = client.post("/v1/reports", json={"reports": many} if wrapped else many, headers=forum).json()
    assert (answer["accepted"], answer["rejected"]) == (2, 3)
    assert [one["index"] for one in answer["results"]] == [0, 1, 2, 3, 4]
    assert [one.get("field", "") for one in answer["results"]] == ["", "subject", "subject", "", "reason"]
    assert answer["results"][0]["receipt"]["number"] == answer["results"][3]["receipt"]["number"]
    assert not answer["results"][3]["receipt"]["new"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (told(subject="x"), "subject"),
        (told(reason="x"), "reason"),
        (told(unknown=1), "body"),
        ({}, "body"),
        (1, "body"),
        ([told()] * 1001, "reports"),
    ],
)
def test_bad_input_names_the_field(client: TestClient, forum: dict[str, str], sent: Any, field: str) -> None:
    answer = client.post("/v1/reports", json=sent, headers=forum)
    assert answer.status_code == 422
    assert answer.json()["field"] == field


def test_a_key_needs_the_right_and_sees_its_own(
    client: TestClient, forum: dict[str, str], fresh_app: App
) -> None:
    receipt = client.post("/v1/reports", json=told(), headers=forum).json()
    other = {
        "Authorization": f"Bearer {fresh_app.store.people.new_key('b', frozenset({Right.SEND_REPORTS}))}"
    }
    assert (
        client.post("/v1/reports", json=told(), headers=key(fresh_app, Right.SEND_EVENTS)).status_code == 403
    )
    for path in (f"/v1/reports/{receipt['id']}", f"/v1/reports/{receipt['number']}"):
        assert client.get(path, headers=forum).json()["report"]["subject"] == "group:g1"
        assert client.get(path, headers=other).status_code == 404
    assert client.get("/v1/reports", headers=other).json()["items"] == []


def test_people_see_their_classes(client: TestClient, forum: dict[str, str], fresh_app: App) -> None:
    client.post("/v1/reports", json=[told(1), told(2, reason="spam")], headers=forum)
    seen = {
        role: [one["reason"] for one in client.get("/v1/reports", headers=headers).json()["items"]]
        for role in (Role.REVIEWER, Role.SPECIALIST)
        for headers in [signed_in(fresh_app, role)]
    }
    assert seen == {Role.REVIEWER: ["spam"], Role.SPECIALIST: ["spam", "child_group"]}
    assert client.get("/v1/reports", headers=signed_in(fresh_app, Role.AUDITOR)).status_code == 403
    narrowed = client.get("/v1/reports?reason=spam&state=received&source=platform", headers=forum).json()
    assert [one["source_id"] for one in narrowed["items"]] == ["r2"]


def test_the_feed_tells_what_became_of_reports(
    client: TestClient, forum: dict[str, str], fresh_app: App
) -> None:
    receipt = client.post("/v1/reports", json=told(), headers=forum).json()
    assert client.get("/v1/reports/outcomes", headers=forum).json() == {"items": [], "next": 0}
    decide(fresh_app, Verb.CLEAR)
    feed = client.get("/v1/reports/outcomes", headers=forum).json()
    assert [(one["source_id"], one["state"]) for one in feed["items"]] == [("r1", "turned_down")]
    assert client.get(f"/v1/reports/outcomes?after={feed['next']}", headers=forum).json()["items"] == []
    path = f"/v1/reports/{receipt['id']}/contest"
    assert client.post(path, json={"why": ""}, headers=forum).status_code == 422
    assert client.post(path, json={"why": "look again"}, headers=forum).json()["state"] == "contested"
    assert client.post(path, json={"why": "look again"}, headers=forum).status_code == 409
    decide(fresh_app, Verb.CONFIRM, "robin")
    shown = client.get(f"/v1/reports/{receipt['id']}", headers=forum).json()
    assert [one["second_look"] for one in shown["outcomes"]] == [False, True]


def test_a_key_is_not_told_who_decided_nor_what_is_thought_of_the_reporter(
    client: TestClient, forum: dict[str, str], fresh_app: App
) -> None:
    receipt = client.post("/v1/reports", json=told(1, reporter="account:r"), headers=forum).json()
    decide(fresh_app, Verb.CLEAR)
    path = f"/v1/reports/{receipt['id']}"
    mine = [client.get("/v1/reports", headers=forum).json()["items"][0]]
    mine += [client.get(path, headers=forum).json()["report"]]
    mine += [client.post(f"{path}/contest", json={"why": "Look again."}, headers=forum).json()]
    for seen in mine:
        assert [seen[name] for name in ("decided_by", "case_id", "again_of")] == [None] * 3
        assert (seen["muted"], seen["reporter"]) == (False, "")
    whole = client.get(path, headers=signed_in(fresh_app, Role.SPECIALIST)).json()["report"]
    assert whole["decided_by"] == "user:mira"
    assert whole["case_id"]
    assert whole["reporter"]


def test_contact_is_shown_to_a_person_on_demand(
    client: TestClient, forum: dict[str, str], fresh_app: App
) -> None:
    receipt = client.post(
        "/v1/reports", json=told(contact="ada@example.org", reporter="account:ada"), headers=forum
    ).json()
    mira = signed_in(fresh_app, Role.SPECIALIST)
    plain = client.get(f"/v1/reports/{receipt['id']}", headers=mira)
    assert "ada" not in plain.text
    path = f"/v1/reports/{receipt['id']}/reveal"
    assert client.post(path, headers=mira).json() == {"contact": "ada@example.org", "account": "account:ada"}
    assert client.post(path, headers=key(fresh_app, Right.SEE_CHILD_SAFETY)).status_code == 403
    assert client.post(path, headers=signed_in(fresh_app, Role.REVIEWER)).status_code == 404


def test_reporters_are_seen_and_muted(client: TestClient, forum: dict[str, str], fresh_app: App) -> None:
    client.post("/v1/reports", json=told(reporter="account:r", reason="spam"), headers=forum)
    boss = signed_in(fresh_app, Role.ADMINISTRATOR)
    (one,) = client.get("/v1/reporters", headers=boss).json()["items"]
    path = f"/v1/reporters/{one['reporter']}"
    mira = signed_in(fresh_app, Role.SPECIALIST)
    assert client.post(f"{path}/mute", json={"days": 3, "why": "false"}, headers=mira).status_code == 403
    assert client.post(f"{path}/mute", json={"days": 3, "why": "false"}, headers=boss).status_code == 200
    assert client.get(path, headers=mira).json()["mute"]["why"] == "false"
    later = client.post(
        "/v1/reports", json=told(2, reporter="account:r", reason="spam"), headers=forum
    ).json()
    assert client.get(f"/v1/reports/{later['id']}", headers=mira).json()["report"]["state"] == "set_aside"


def test_flaggers_are_set_by_name(client: TestClient, forum: dict[str, str], fresh_app: App) -> None:
    boss = signed_in(fresh_app, Role.ADMINISTRATOR)
    answer = client.put("/v1/reporters/flaggers/test", json={"trusted": True}, headers=boss)
    assert answer.json()["items"] == ["test"]
    receipt = client.post("/v1/reports", json=told(), headers=forum).json()
    shown = client.get(f"/v1/reports/{receipt['id']}", headers=boss).json()["report"]
    assert shown["source"] == "flagger"
