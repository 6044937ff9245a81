"""A CI job sends its finding; who sees figures reads it, and who may see accounts sees the replays."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from tests.unit.audit.release.kept import AT, MEMBER, TEXT, finding
from tests.unit.web.serving import TestClient, key

from havenwall.app import App
from havenwall.model import Right, now

FINDINGS, CHECK = "/v1/audits/findings", "/v1/audits/plans/check"
FIGURES = (Right.SEE_FIGURES,)


def send(app: App, client: TestClient, made: object, **headers: str) -> int:
    content = made if isinstance(made, bytes) else msgspec.json.encode(made)
    return client.post(FINDINGS, content=content, headers=key(app, Right.MANAGE) | headers).status_code


@pytest.fixture(autouse=True)
def sent(app: App, client: TestClient) -> None:
    for number in (1, 2, 3):
        at = AT + timedelta(days=number)
        send(app, client, finding(number, 0.01 * number, at, seed=max(0, number - 2)))


def test_sent_twice_it_is_kept_once(app: App, client: TestClient) -> None:
    content = msgspec.json.encode(finding(9, name="twice"))
    headers = key(app, Right.MANAGE)
    told = [client.post(FINDINGS, content=content, headers=headers) for _ in range(2)]
    assert [(answer.status_code, answer.json()["new"]) for answer in told] == [(201, True), (200, False)]
    assert send(app, client, finding(9, 0.05, name="twice")) == 409
    assert app.store.findings.count(name="twice") == 1
    # The first arm is the one that the others are compared with.
    assert list(client.get(f"{FINDINGS}/F9", headers=key(app, *FIGURES)).json()["plan"]["arms"]) == [
        "none",
        "candidate",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        b"{}",
        b"[",
        msgspec.json.encode(finding(8)) + b" " * 8_000_000,
        msgspec.json.encode(msgspec.structs.replace(finding(8), plan_hash="0" * 64)),
        msgspec.json.encode(finding(8, at=now() + timedelta(days=1))),
    ],
    ids=["empty", "no json", "large", "hash", "future"],
)
def test_what_is_no_finding_is_refused(app: App, client: TestClient, wrong: bytes) -> None:
    assert send(app, client, wrong) == 422


def test_the_list_shows_the_newest_first_with_its_worst_exposure(app: App, client: TestClient) -> None:
    query = {"name": "nightly gate", "limit": 2}
    answer = client.get(FINDINGS, params=query, headers=key(app, *FIGURES)).json()
    assert [item["id"] for item in answer["items"]] == ["F3", "F2"]
    assert answer["more"]
    assert answer["items"][0]["worst"]["exposure"] == 0.03
    none = client.get(FINDINGS, params={"outcome": "fail"}, headers=key(app, *FIGURES)).json()
    assert none["items"] == []


def test_replays_are_for_who_may_see_accounts_and_leave_a_line(app: App, client: TestClient) -> None:
    path = f"{FINDINGS}/F1"
    blank = client.get(path, headers=key(app, *FIGURES))
    assert MEMBER not in blank.text
    assert blank.json()["replays"] == []
    assert "finding" not in {line.what for line in app.store.access_log(1000)}
    full = client.get(path, headers=key(app, *FIGURES, Right.SEE_CHILD_SAFETY)).json()
    assert full["replays"][0]["member"] == MEMBER
    line = app.store.access_log(1)[0]
    assert (line.what, line.subject) == ("finding", "F1")
    assert client.get(f"{FINDINGS}/F99", headers=key(app, *FIGURES)).status_code == 404


def test_a_trend_marks_where_the_plan_changed(app: App, client: TestClient) -> None:
    query = {"name": "nightly gate"}
    trend = client.get("/v1/audits/trend", params=query, headers=key(app, *FIGURES)).json()
    assert [(point["id"], point["changed"]) for point in trend["points"]] == [
        ("F1", False),
        ("F2", False),
        ("F3", True),
    ]
    nobody = client.get("/v1/audits/trend", params={"name": "x"}, headers=key(app, *FIGURES)).json()
    assert nobody["points"] == []


def test_a_long_trend_keeps_the_newest(app: App) -> None:
    from havenwall.model import SYSTEM

    trend = app.audits.trend(SYSTEM, "nightly gate", most=1)
    assert [(point.id, point.changed) for point in trend.points] == [("F3", True)]
    assert trend.more


def test_a_plan_is_checked_and_its_hash_given(app: App, client: TestClient) -> None:
    headers = key(app, Right.MANAGE)
    good = client.post(CHECK, json={"text": TEXT}, headers=headers).json()
    assert good["name"] == "nightly gate"
    assert len(good["hash"]) == 64
    again = client.post(CHECK, json={"text": "# a comment\n" + TEXT}, headers=headers).json()
    assert again["hash"] == good["hash"]


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (TEXT + "rounds_: 2", "plan"),
        (TEXT.replace("arm: candidate,", "arm: other,"), "thresholds[0].arm"),
        (TEXT.replace("cofollow", "wish"), "platform.recommender"),
        ("[" * 40_000, "plan"),
        ("a: &a [1]\nb: *a", "plan"),
        ("x: " + "9" * 5_000, "plan"),
        ("", "plan"),
    ],
)
def test_a_plan_that_is_wrong_names_the_field(app: App, client: TestClient, text: str, field: str) -> None:
    answer = client.post(CHECK, json={"text": text}, headers=key(app, Right.MANAGE))
    assert answer.status_code == 422
    assert answer.json()["field"] == field
