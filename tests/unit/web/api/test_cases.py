"""/v1/cases."""

from __future__ import annotations

import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, cookie, key, together

from havenwall.app import App
from havenwall.model import ROLE_RIGHTS, SYSTEM, Right, Role, Verb, Viewer
from havenwall.web.security import CSRF_HEADER, csrf_token

ROBIN = Viewer(name="user:robin", rights=frozenset(Right))


@pytest.fixture(scope="module")
def case_id(app: App) -> str:
    """A case with one confirmed member and two to review."""
    case_id = together(app, "account:out", "account:m0", "account:m1")
    version = app.store.cases(SYSTEM).case(case_id).version
    app.decide(ROBIN, case_id, version, Verb.CONFIRM, ["account:out"], "seen")
    return case_id


@pytest.fixture(scope="module")
def reader(app: App) -> dict[str, str]:
    return key(app, Right.SEE_CHILD_SAFETY)


@pytest.fixture(scope="module")
def specialist(app: App) -> dict[str, str]:
    session = add_person(app, Role.SPECIALIST)
    return cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}


def test_cases_come_by_the_page(client: TestClient, reader: dict[str, str], case_id: str) -> None:
    body = client.get("/v1/cases", headers=reader).json()
    assert [case["id"] for case in body["items"]] == [case_id]
    assert (body["more"], body["limit"], body["offset"]) == (False, 50, 0)
    assert client.get("/v1/cases?state=closed", headers=reader).json()["items"] == []
    assert client.get("/v1/cases?state=lost", headers=reader).status_code == 422


def test_one_case(client: TestClient, reader: dict[str, str], case_id: str) -> None:
    case = client.get(f"/v1/cases/{case_id}", headers=reader).json()
    assert (case["members"], case["confirmed"], case["proposed"]) == (3, 1, 2)


def test_members_by_state_and_part(client: TestClient, reader: dict[str, str], case_id: str) -> None:
    first = client.get(f"/v1/cases/{case_id}/members?state=proposed&limit=1", headers=reader).json()
    second = client.get(f"/v1/cases/{case_id}/members?state=proposed&limit=1&offset=1", headers=reader).json()
    assert (first["more"], second["more"]) == (True, False)
    assert {first["items"][0]["entity"], second["items"][0]["entity"]} == {"account:m0", "account:m1"}


def test_history_newest_first(client: TestClient, reader: dict[str, str], case_id: str) -> None:
    lines = client.get(f"/v1/cases/{case_id}/history", headers=reader).json()["items"]
    assert [lines[0]["what"], lines[-1]["what"]] == ["confirmed", "opened"]


def test_the_graph_of_a_case(client: TestClient, reader: dict[str, str], case_id: str) -> None:
    body = client.get(f"/v1/cases/{case_id}/graph?limit=2", headers=reader).json()
    assert len(body["members"]) == 2
    assert body["links"] == []


def test_a_member_without_a_score_has_no_risk(
    client: TestClient, reader: dict[str, str], case_id: str
) -> None:
    for entity in ("account:out", "account:stranger"):
        assert client.get(f"/v1/cases/{case_id}/risks/{entity}", headers=reader).status_code == 404


@pytest.mark.parametrize("part", ["", "/members", "/history", "/graph", "/risks/account:a", "/referrals"])
def test_a_case_that_is_not_there(client: TestClient, reader: dict[str, str], part: str) -> None:
    assert client.get(f"/v1/cases/none{part}", headers=reader).status_code == 404


def test_looking_at_a_case_is_written_down(
    app: App, client: TestClient, reader: dict[str, str], case_id: str
) -> None:
    client.get(f"/v1/cases/{case_id}/members", headers=reader)
    newest = app.store.access_log(1)[0]
    assert (newest.by, newest.what, newest.subject) == ("key:test", "case", case_id)


def test_a_decision_needs_the_version_the_reviewer_saw(
    client: TestClient, specialist: dict[str, str], case_id: str
) -> None:
    path = f"/v1/cases/{case_id}"
    version = client.get(path, headers=specialist).json()["version"]
    wanted = {"verb": "clear", "entities": ["account:m0"], "why": "a relative", "version": version}
    answer = client.post(f"{path}/decisions", json=wanted, headers=specialist)
    assert (answer.status_code, answer.json()["verb"]) == (201, "clear")
    assert client.post(f"{path}/decisions", json=wanted, headers=specialist).status_code in (409, 422)
    old = wanted | {"entities": ["account:m1"]}
    assert client.post(f"{path}/decisions", json=old, headers=specialist).status_code == 409
    assert client.get(path, headers=specialist).json()["cleared"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"verb": "open_case"}, "verb"),
        ({"verb": "burn"}, "verb"),
        ({"entities": []}, "entities"),
        ({"entities": ["account:stranger"]}, "entities"),
        ({"why": " "}, "why"),
        ({"version": "1"}, "version"),
    ],
)
def test_an_impossible_decision_names_the_field(
    client: TestClient, specialist: dict[str, str], case_id: str, change: dict[str, object], field: str
) -> None:
    wanted = {"verb": "confirm", "entities": ["account:m1"], "why": "seen", "version": 1} | change
    answer = client.post(f"/v1/cases/{case_id}/decisions", json=wanted, headers=specialist)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_a_referral_names_the_confirmed(client: TestClient, specialist: dict[str, str], case_id: str) -> None:
    drafted = client.post(f"/v1/cases/{case_id}/referral", headers=specialist)
    assert drafted.status_code == 201
    assert drafted.json()["subjects"] == ["account:out"]
    kept = client.get(f"/v1/cases/{case_id}/referrals", headers=specialist).json()["items"]
    assert [referral["id"] for referral in kept] == [drafted.json()["id"]]


def test_who_decides_does_not_refer_without_the_right_to(app: App, client: TestClient, case_id: str) -> None:
    less = ROLE_RIGHTS[Role.SPECIALIST] - {Right.REFER}
    app.store.roles.change(Role.ANALYST, less, 0, second_factor=False)
    session = add_person(app, Role.ANALYST)
    headers = cookie(app, session) | SAME_SITE | {CSRF_HEADER: csrf_token(session)}
    page = client.get(f"/cases/{case_id}", headers=headers).text
    assert "confirm" in page
    assert "Draft a referral" not in page
    answer = client.post(f"/v1/cases/{case_id}/referral", headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (403, "this needs the right refer")


def test_a_key_decides_nothing(app: App, client: TestClient, case_id: str) -> None:
    wanted = {"verb": "confirm", "entities": ["account:m1"], "why": "seen", "version": 1}
    everything = key(app, *Right)
    assert client.post(f"/v1/cases/{case_id}/decisions", json=wanted, headers=everything).status_code == 403
    assert client.post(f"/v1/cases/{case_id}/referral", headers=everything).status_code == 403
