"""/v1/guard."""

from __future__ import annotations

import pytest
from tests.unit.web.serving import TestClient, confirmed, key

from havenwall.app import App
from havenwall.engine import Output, StandingChange
from havenwall.guard import Surface
from havenwall.model import Restriction, Right
from havenwall.web.api.guard import MOST_CANDIDATES


def restrict(app: App, entity: str) -> None:
    change = StandingChange(
        entity=entity, restriction=Restriction.RESTRICTED, confirmed=True, decision_id="d", reason="test"
    )
    app.store.streams.commit(app.stages[0], {}, Output(standing=(change,)))
    app.publish()
    # The guard looks for news at most every tenth of a second; a test does not wait for it.
    app.guard.refresh()


@pytest.fixture(scope="module")
def headers(app: App) -> dict[str, str]:
    confirmed(app, "account:out")
    restrict(app, "account:viewer")
    return key(app, Right.ASK_GUARD)


def test_the_confirmed_are_dropped_and_the_rest_kept(client: TestClient, headers: dict[str, str]) -> None:
    wanted = {"surface": "recommended_accounts", "candidates": ["account:a", "account:out", "account:b"]}
    body = client.post("/v1/guard/filter", json=wanted, headers=headers).json()
    assert body["keep"] == [0, 2]
    [verdict] = body["verdicts"]
    assert (verdict["index"], verdict["entity"], verdict["outcome"]) == (1, "account:out", "drop")
    assert verdict["decision_id"]
    assert body["version"]
    assert body["stale"] is False


def test_a_restricted_viewer_gets_nothing_where_it_may_not_look(
    client: TestClient, headers: dict[str, str]
) -> None:
    wanted = {"surface": "people_you_may_know", "candidates": ["account:a"], "viewer": "account:viewer"}
    assert client.post("/v1/guard/filter", json=wanted, headers=headers).json()["keep"] == []


def test_who_looks_and_who_is_tied_decides_on_the_wire(client: TestClient, headers: dict[str, str]) -> None:
    wanted = {"surface": "hashtag_page", "candidates": ["account:out"]}
    kept = {
        viewer_class: client.post(
            "/v1/guard/filter", json=wanted | {"viewer_class": viewer_class}, headers=headers
        ).json()["keep"]
        for viewer_class in (None, "ordinary", "minor", "reviewer")
    }
    assert kept == {None: [0], "ordinary": [0], "minor": [], "reviewer": [0]}
    tied = {"surface": "contact", "candidates": ["account:out"], "tied": ["account:out"]}
    assert client.post("/v1/guard/filter", json=tied, headers=headers).json()["keep"] == [0]


@pytest.mark.parametrize(
    ("wanted", "outcome", "factor"),
    [
        ({"sender": "account:a"}, "allow", 1),
        ({"sender": "account:out"}, "no_new_edge", 0),
        ({"sender": "account:out", "tied": True}, "no_new_edge", 1),
        ({"sender": "account:out", "receiver_class": "minor"}, "drop", 0),
        ({"sender": "account:viewer", "receiver_class": "minor"}, "drop_and_refer", 0),
    ],
)
def test_contact_between_two_accounts(
    client: TestClient, headers: dict[str, str], wanted: dict, outcome: str, factor: int
) -> None:
    asked = {"surface": "message", "receiver": "account:b"} | wanted
    body = client.post("/v1/guard/contact", json=asked, headers=headers).json()
    assert (body["outcome"], body["factor"]) == (outcome, factor)
    assert body["version"]
    wrong = client.post("/v1/guard/contact", json=asked | {"surface": "trends"}, headers=headers)
    assert (wrong.status_code, wrong.json()["field"]) == (422, "surface")


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"surface": "nowhere", "candidates": []}, "surface"),
        ({"surface": "trends"}, "body"),
        ({"surface": "trends", "candidates": "account:a"}, "candidates"),
        ({"surface": "trends", "candidates": [1]}, "candidates[0]"),
        ({"surface": "trends", "candidates": ["nokind"]}, "entity"),
        ({"surface": "trends", "candidates": [], "extra": 1}, "body"),
        ({"surface": "trends", "candidates": ["account:a"] * (MOST_CANDIDATES + 1)}, "candidates"),
    ],
)
def test_a_bad_question_names_the_field(
    client: TestClient, headers: dict[str, str], wanted: object, field: str
) -> None:
    answer = client.post("/v1/guard/filter", json=wanted, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_the_standing_of_one_entity(client: TestClient, headers: dict[str, str]) -> None:
    body = client.get("/v1/guard/standing/account:out", headers=headers).json()
    assert body["standing"]["restriction"] == "suppressed"
    assert body["standing"]["confirmed"] is True
    assert body["outcomes"]["recommended_accounts"] == "drop"
    assert body["outcomes"].keys() == set(Surface)


def test_an_entity_nobody_decided_about(client: TestClient, headers: dict[str, str]) -> None:
    body = client.get("/v1/guard/standing/tag:a/b", headers=headers).json()
    assert (body["entity"], body["standing"]) == ("tag:a/b", None)
    assert set(body["outcomes"].values()) == {"allow"}


def test_a_name_that_is_none(client: TestClient, headers: dict[str, str]) -> None:
    assert client.get("/v1/guard/standing/nokind", headers=headers).status_code == 422


def test_the_feed_is_read_to_its_end_in_parts(app: App, client: TestClient, headers: dict[str, str]) -> None:
    confirmed(app, "account:second")
    after, seen = 0, []
    for _ in range(3):
        body = client.get(f"/v1/guard/changes?after={after}&limit=1", headers=headers).json()
        seen += [change["entity"] for change in body["changes"]]
        assert body["after"] > after
        after = body["after"]
    assert seen == ["account:out", "account:viewer", "account:second"]
    end = client.get(f"/v1/guard/changes?after={after}", headers=headers).json()
    assert end == {"changes": [], "after": after}
