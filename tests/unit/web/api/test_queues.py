"""/v1/queues, the lease of a case, and steps on the whole of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, cookie, key, together

from havenwall.app import App
from havenwall.model import Right, Role, now
from havenwall.web.security import CSRF_HEADER, csrf_token

Headers = dict[str, str]


def headers(app: App, role: Role, name: str | None = None) -> Headers:
    session = add_person(app, role, name)
    return cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}


@pytest.fixture(scope="module")
def case_id(app: App) -> str:
    """A case with three members to review."""
    return together(app, "account:out", "account:m0", "account:m1")


@pytest.fixture(scope="module")
def mira(app: App) -> Headers:
    return headers(app, Role.INVESTIGATOR, "mira")


@pytest.fixture(scope="module")
def robin(app: App) -> Headers:
    return headers(app, Role.SPECIALIST, "robin")


@pytest.fixture(scope="module")
def manager(app: App) -> Headers:
    return headers(app, Role.MANAGER, "max")


def take_next(client: TestClient, who: Headers, queue: str = "child-safety", **wanted: str) -> str | None:
    answer = client.post(f"/v1/queues/{queue}/next", json=wanted, headers=who)
    assert answer.status_code == 200, answer.text
    case = answer.json()["case"]
    return case["id"] if case else None


def test_queues_are_seen_by_class(app: App, client: TestClient, manager: Headers, case_id: str) -> None:
    def names(who: Headers) -> list[str]:
        return [item["queue"]["name"] for item in client.get("/v1/queues", headers=who).json()["items"]]

    assert names(headers(app, Role.REVIEWER)) == ["general"]
    assert names(manager) == ["child-safety", "general"]
    assert client.get("/v1/queues", headers=headers(app, Role.AUDITOR)).status_code == 403
    counts = {
        i["queue"]["name"]: i["count"] for i in client.get("/v1/queues", headers=manager).json()["items"]
    }
    assert counts["child-safety"]["waiting"] == 1


def test_a_manager_sets_queues_up_and_takes_them_away(
    client: TestClient, manager: Headers, mira: Headers, case_id: str
) -> None:
    wanted = {"case_class": "child_safety", "position": 5, "rule": {"kinds": ["account"]}, "policy": "Read."}
    assert client.put("/v1/queues/first", json=wanted, headers=mira).status_code == 403
    made = client.put("/v1/queues/first", json=wanted, headers=manager).json()
    assert (made["moved"], made["new"]["policy"]) == (1, "Read.")
    assert client.get("/v1/cases?queue=first", headers=mira).json()["items"][0]["id"] == case_id
    assert client.get(f"/v1/cases/{case_id}", headers=manager).status_code == 403
    wrong = client.put("/v1/queues/first", json=wanted | {"hours": -1}, headers=manager)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "hours")
    assert client.delete("/v1/queues/first", headers=manager).json()["moved"] == 1
    assert client.delete("/v1/queues/child-safety", headers=manager).status_code == 409
    assert len(client.get("/v1/queues/changes", headers=manager).json()["items"]) == 2


def test_a_case_is_in_one_pair_of_hands(
    client: TestClient, mira: Headers, robin: Headers, case_id: str
) -> None:
    assert take_next(client, mira) == case_id
    assert take_next(client, robin) is None
    path = f"/v1/cases/{case_id}"
    case = client.get(path, headers=robin).json()
    assert case["held_by"] == "user:mira"
    beat = client.post(f"{path}/lease/heartbeat", headers=mira)
    assert beat.json()["held_until"] >= case["held_until"]
    for refused in (
        client.post(f"{path}/lease", headers=robin),
        client.post(f"{path}/lease/heartbeat", headers=robin),
        client.delete(f"{path}/lease", headers=robin),
        client.post(f"{path}/close", json={"why": "no"}, headers=robin),
        client.post(
            f"{path}/decisions",
            json={"verb": "clear", "entities": ["account:m0"], "why": "no", "version": case["version"]},
            headers=robin,
        ),
    ):
        assert refused.status_code == 409
    assert "mira works on this case now" in refused.json()["detail"]
    over = client.post(f"{path}/hand-over", json={"to": "robin", "why": "knows it"}, headers=mira)
    assert over.status_code == 200
    assert [c["id"] for c in client.get("/v1/cases?mine=true", headers=robin).json()["items"]] == [case_id]
    assert client.delete(f"{path}/lease", headers=robin).status_code == 204


@pytest.mark.parametrize("to", ["nobody", "max", "tina", ""])
def test_hand_over_only_to_who_may_work_on_it(
    app: App, client: TestClient, mira: Headers, manager: Headers, case_id: str, to: str
) -> None:
    if to == "tina":
        add_person(app, Role.TRIAGE, "tina")
    answer = client.post(f"/v1/cases/{case_id}/hand-over", json={"to": to, "why": "x"}, headers=mira)
    assert (answer.status_code, answer.json()["field"]) == (422, "to")


def test_who_may_not_work_on_the_class_gets_nothing(app: App, client: TestClient, case_id: str) -> None:
    triage, analyst = headers(app, Role.TRIAGE), headers(app, Role.ANALYST)
    assert client.post("/v1/queues/child-safety/next", json={}, headers=triage).status_code == 403
    assert client.post("/v1/queues/child-safety/next", json={}, headers=analyst).status_code == 403
    assert client.post(f"/v1/cases/{case_id}/lease", headers=triage).status_code == 404
    assert client.post(f"/v1/cases/{case_id}/lease", headers=analyst).status_code == 403
    assert client.get(f"/v1/cases/{case_id}", headers=triage).status_code == 404
    assert client.get("/v1/cases?q=account:m0", headers=triage).json()["items"] == []
    assert take_next(client, triage, "general") is None
    everything = key(app, *Right)
    assert client.post("/v1/queues/general/next", json={}, headers=everything).status_code == 403


def test_a_case_is_put_off_and_moved(
    client: TestClient, mira: Headers, manager: Headers, case_id: str
) -> None:
    path, later = f"/v1/cases/{case_id}", (now() + timedelta(hours=1)).isoformat()
    body = {"until": later, "why": "waits"}
    assert client.post(f"{path}/snooze", json=body, headers=mira).status_code == 204
    assert take_next(client, mira) is None
    far = {"until": (now() + timedelta(days=20)).isoformat(), "why": "waits"}
    assert client.post(f"{path}/snooze", json=far, headers=mira).json()["field"] == "until"
    assert (
        client.post(f"{path}/queue", json={"queue": "general", "why": "x"}, headers=mira).status_code == 404
    )
    wanted = {"case_class": "child_safety", "rule": {"kinds": ["live"]}}
    client.put("/v1/queues/special", json=wanted, headers=manager)
    moved = client.post(f"{path}/queue", json={"queue": "special", "why": "hard"}, headers=mira)
    assert moved.status_code == 204
    assert take_next(client, mira, "special") == case_id
    assert take_next(client, mira, "special", but=case_id) is None
    client.delete(f"{path}/lease", headers=mira)
    client.delete("/v1/queues/special", headers=manager)
    whats = [line["what"] for line in client.get(f"{path}/history", headers=mira).json()["items"]]
    assert whats[:5] == ["queue", "given_back", "taken", "queue", "snoozed"]


def test_notes_splits_mergers_and_gaps(
    client: TestClient, mira: Headers, robin: Headers, case_id: str
) -> None:
    path = f"/v1/cases/{case_id}"
    note = client.post(f"{path}/notes", json={"text": "We look into it.", "outward": True}, headers=mira)
    assert note.json()["outward"] is True
    split = {"entities": ["account:m1"], "title": "Apart", "why": "another ring"}
    assert client.post(f"{path}/split", json=split, headers=robin).status_code == 403
    new = client.post(f"{path}/split", json=split, headers=mira).json()
    assert (new["title"], new["members"], new["split_from"]) == ("Apart", 1, case_id)
    gap = client.post(
        f"/v1/cases/{new['id']}/no-rule", json={"why": "Nothing on this.", "owner": "mira"}, headers=robin
    )
    assert (gap.status_code, gap.json()["owner"]) == (201, "user:mira")
    assert client.get(f"/v1/cases/{new['id']}", headers=mira).json()["state"] == "closed"
    (listed,) = client.get("/v1/gaps", headers=mira).json()["items"]
    close = f"/v1/gaps/{listed['id']}/close"
    assert client.post(close, json={"outcome": "It is banned."}, headers=robin).status_code == 403
    assert client.post(close, json={"outcome": "It is banned."}, headers=mira).status_code == 200
    assert client.get("/v1/gaps", headers=mira).json()["items"] == []
    again = client.post(f"/v1/cases/{new['id']}/reopen", json={"why": "a rule now"}, headers=robin)
    assert again.json()["state"] == "open"
    merged = client.post(
        f"/v1/cases/{new['id']}/merge", json={"into": case_id, "why": "the same ring"}, headers=mira
    )
    assert (merged.json()["id"], merged.json()["members"]) == (case_id, 3)
    assert client.post(f"{path}/close", json={"why": " "}, headers=mira).json()["field"] == "why"
    assert client.post(f"{path}/close", json={"why": "done"}, headers=mira).json()["state"] == "closed"


def test_overdue_answers_are_told_to_monitoring(app: App, client: TestClient, manager: Headers) -> None:
    text = client.get("/metrics", headers=key(app, Right.SEE_FIGURES)).text
    assert 'havenwall_queue_waiting{queue="general"} 0.0' in text
    assert 'havenwall_queue_overdue{queue="child-safety"} 0.0' in text
    assert 'havenwall_policy_gaps{state="overdue"} 0.0' in text
    check = {check.name: check for check in app.doctor()}["queues"]
    assert (check.ok, check.detail) == (True, "0 cases wait, none overdue")
