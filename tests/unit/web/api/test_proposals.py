"""Previews, proposals and strikes over the API; two persons, never one."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, confirmed, cookie, key

from havenwall.app import App
from havenwall.model import ActionKind, ActionState, Right, Role
from havenwall.web.security import CSRF_HEADER, csrf_token

WHO = "account:two-persons"


@pytest.fixture(scope="module")
def case_id(app: App) -> str:
    return confirmed(app, WHO)


def by(app: App, role: Role = Role.SPECIALIST) -> dict[str, str]:
    session = add_person(app, role)
    return cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}


def decide(
    client: TestClient, headers: dict[str, str], case_id: str, verb: str, **more: Any
) -> tuple[int, dict[str, Any]]:
    version = client.get(f"/v1/cases/{case_id}", headers=headers).json()["version"]
    wanted = {"verb": verb, "entities": [WHO], "why": "seen", "version": version} | more
    answer = client.post(f"/v1/cases/{case_id}/decisions", json=wanted, headers=headers)
    return answer.status_code, answer.json()


def restriction(client: TestClient, app: App) -> str:
    answer = client.get(f"/v1/guard/standing/{WHO}", headers=key(app, Right.ASK_GUARD)).json()
    return str(answer["standing"]["restriction"] if answer.get("standing") else "none")


def test_a_preview_counts_and_decides_nothing(app: App, client: TestClient, case_id: str) -> None:
    headers = by(app)
    path = f"/v1/cases/{case_id}/preview"
    found = client.post(path, json={"entities": [WHO]}, headers=headers).json()
    assert (found["entities"], found["accounts"], found["in_force"]) == (1, 1, {"suppressed": 1})
    assert client.post(path, json={"entities": ["account:stranger"]}, headers=headers).status_code == 422
    assert client.post(path, json={"entities": []}, headers=headers).status_code == 422


def test_a_removal_takes_the_rungs_below_and_a_second_person(
    app: App, client: TestClient, case_id: str
) -> None:
    first, second = by(app), by(app)
    status, problem = decide(client, first, case_id, "remove")
    assert (status, "referral" in problem["detail"]) == (422, True)
    assert client.post(f"/v1/cases/{case_id}/referral", headers=first).status_code == 201
    status, proposal = decide(client, first, case_id, "remove")
    assert (status, proposal["state"]) == (202, "waiting")
    assert decide(client, first, case_id, "remove")[0] == 409
    path = f"/v1/proposals/{proposal['id']}"
    assert ActionKind.REMOVE not in {a.kind for a in app.store.casework.actions([WHO])}
    told = client.get(path, headers=second).json()
    assert [(line.what, line.subject) for line in app.store.access_log(1)] == [("proposal", proposal["id"])]
    client.get("/v1/proposals", headers=second)
    assert app.store.access_log(1)[0].what == "proposals"
    assert told["now"] == told["proposal"]["radius"]
    assert client.post(f"{path}/approve", json={"why": "yes"}, headers=first).status_code == 403
    assert client.post(f"{path}/approve", json={"why": " "}, headers=second).status_code == 422
    outsider = by(app, Role.SENIOR)
    assert client.post(f"{path}/approve", json={"why": "yes"}, headers=outsider).status_code == 404
    machine = key(app, *Right)
    assert client.post(f"{path}/approve", json={"why": "yes"}, headers=machine).status_code == 403
    done = client.post(f"{path}/approve", json={"why": "yes"}, headers=second)
    assert done.status_code == 200
    assert done.json()["approved_by"] != done.json()["by"]
    states = {a.kind: a.state for a in app.store.casework.actions([WHO])}
    assert states[ActionKind.REMOVE] is ActionState.PLANNED
    assert client.post(f"{path}/reject", json={"why": "no"}, headers=second).status_code == 409
    listed = client.get("/v1/proposals?state=approved", headers=second).json()["items"]
    assert [one["id"] for one in listed] == [proposal["id"]]


def test_strikes_are_counted_and_lifting_takes_them_away(app: App, client: TestClient, case_id: str) -> None:
    headers, path = by(app), f"/v1/cases/{case_id}/strikes/{WHO}"
    assert client.get(path, headers=headers).json()["points"] > 0
    assert decide(client, headers, case_id, "lift")[0] == 201
    tally = client.get(path, headers=headers).json()
    assert (tally["points"], tally["recommends"]) == (0, None)
    assert tally["strikes"]


def test_bulk_takes_a_second_person_and_can_be_rejected(fresh_app: App) -> None:
    import msgspec
    from tests.unit.web.serving import client_of

    from havenwall.web import create_server

    case_id = confirmed(fresh_app, WHO)
    fresh_app.actions._config = msgspec.structs.replace(fresh_app.config, bulk_decisions=0)
    client = client_of(create_server(fresh_app, worker=False))
    first, second = by(fresh_app), by(fresh_app)
    status, proposal = decide(client, first, case_id, "clear")
    assert status == 202
    path = f"/v1/proposals/{proposal['id']}"
    assert client.post(f"{path}/reject", json={"why": "no"}, headers=second).status_code == 204
    member = fresh_app.store.casework.members(case_id)[WHO]
    assert member.state == "confirmed"
    what = [line.what for line in fresh_app.store.cases(_all()).history(case_id)]
    assert what[:2] == ["rejected", "proposed"]


def _all() -> Any:
    from havenwall.model import SYSTEM

    return SYSTEM


def test_who_lacks_the_right_to_remove_does_not_propose_it(app: App, client: TestClient) -> None:
    case_id = confirmed(app, "account:other")
    headers = key(app, *(set(Right) - {Right.REMOVE}))
    wanted = {"verb": "remove", "entities": ["account:other"], "why": "seen", "version": 1}
    assert client.post(f"/v1/cases/{case_id}/decisions", json=wanted, headers=headers).status_code == 403
