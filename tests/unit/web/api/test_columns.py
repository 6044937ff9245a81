"""POST /v1/guard/columns."""

from __future__ import annotations

import pytest
from tests.unit.web.serving import TestClient, confirmed, key

from havenwall.app import App
from havenwall.guard import Outcome
from havenwall.model import Right
from havenwall.web.api.guard import MOST_CANDIDATES

IDS = ["account:a", "account:out", "account:b", "account:other"]


@pytest.fixture(scope="module")
def headers(app: App) -> dict[str, str]:
    for entity in ("account:out", "account:other"):
        confirmed(app, entity)
    app.guard.refresh()
    return key(app, Right.ASK_GUARD)


def ask(client: TestClient, headers: dict[str, str], **wanted: object) -> dict:
    asked = {"surface": "recommended_accounts", "ids": IDS} | wanted
    return client.post("/v1/guard/columns", json=asked, headers=headers).json()


def test_only_what_is_not_allowed_comes_back_each_word_once(
    client: TestClient, headers: dict[str, str]
) -> None:
    body = ask(client, headers)
    assert (body["index"], body["factor"], body["count"]) == ([1, 3], [0.0, 0.0], 4)
    assert [body["outcomes"][place] for place in body["outcome"]] == [Outcome.DROP] * 2
    assert [body["reasons"][place] for place in body["reason"]] == body["reasons"] * 2
    assert len({body["decisions"][place] for place in body["decision"]}) == 2
    assert (body["stale"], bool(body["version"])) == (False, True)


def test_all_allowed_is_empty_columns(client: TestClient, headers: dict[str, str]) -> None:
    body = ask(client, headers, ids=["account:a"])
    names = ("index", "outcome", "factor", "reason", "decision", "outcomes", "reasons", "decisions")
    assert [body[name] for name in names] == [[]] * 8


def test_ties_are_row_numbers(client: TestClient, headers: dict[str, str]) -> None:
    body = ask(client, headers, surface="follow", tied=[3])
    assert (body["index"], body["factor"]) == ([1, 3], [0.0, 1.0])


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"ids": ["nokind"]}, "entity"),
        ({"ids": ["account:a"] * (MOST_CANDIDATES + 1)}, "ids"),
        ({"ids": [1]}, "ids[0]"),
        ({"tied": [4]}, "tied"),
        ({"tied": [-1]}, "tied"),
        ({"surface": "nowhere"}, "surface"),
        ({"extra": 1}, "body"),
    ],
)
def test_a_bad_question_names_the_field(
    client: TestClient, headers: dict[str, str], wanted: dict, field: str
) -> None:
    assert ask(client, headers, **wanted)["field"] == field


def test_it_takes_the_guards_right(app: App, client: TestClient) -> None:
    asked = {"surface": "trends", "ids": []}
    assert client.post("/v1/guard/columns", json=asked).status_code == 401
    other = key(app, Right.SEND_EVENTS)
    assert client.post("/v1/guard/columns", json=asked, headers=other).status_code == 403
