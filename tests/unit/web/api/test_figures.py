"""/v1/figures, /v1/audits, /v1/network."""

from __future__ import annotations

import json

import pytest
from tests.unit.web.serving import TestClient, client_of, confirmed, event, key

from havenwall.app import App
from havenwall.intake import check_event
from havenwall.model import Right
from havenwall.web import create_server


@pytest.fixture(scope="module")
def headers(app: App) -> dict[str, str]:
    return key(app, Right.SEE_FIGURES)


def test_the_figures_of_the_last_month(app: App, client: TestClient, headers: dict[str, str]) -> None:
    confirmed(app, "account:out")
    body = client.get("/v1/figures", headers=headers).json()
    assert (body["events"], body["members_confirmed"], body["cases_opened"]) == (3, 1, 1)


def test_the_figures_of_a_period(client: TestClient, headers: dict[str, str]) -> None:
    period = "start=2020-01-01T00:00:00Z&end=2020-02-01T00:00:00%2B01:00"
    assert client.get(f"/v1/figures?{period}", headers=headers).json()["events"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("start=2020-01-01T00:00:00", "start"),
        ("end=tomorrow", "end"),
        ("start=2021-01-01T00:00:00Z&end=2020-01-01T00:00:00Z", "start"),
        ("end=0001-01-02T00:00:00Z", "end"),
        ("start=0001-01-01T00:00:00%2B23:00", "start"),
    ],
)
def test_a_period_that_is_none_is_refused(
    client: TestClient, headers: dict[str, str], query: str, field: str
) -> None:
    answer = client.get(f"/v1/figures?{query}", headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_the_newest_audit(fresh_app: App) -> None:
    client, headers = client_of(create_server(fresh_app, worker=False)), key(fresh_app, Right.SEE_FIGURES)
    assert client.get("/v1/audits/newest", headers=headers).status_code == 404
    fresh_app.store.ledger.add_audit(json.dumps({"arms": {}}).encode())
    assert client.get("/v1/audits/newest", headers=headers).json()["result"] == {"arms": {}}


def test_scoring_runs_what_follows_from_it(fresh_app: App) -> None:
    client = client_of(create_server(fresh_app, worker=False))
    headers = key(fresh_app, Right.MANAGE, Right.SEE_FIGURES)
    assert client.get("/v1/network/run", headers=headers).status_code == 404
    fresh_app.ingest_events([check_event(event(1, type="link", link="follow", target="account:b"))])
    first, again = (client.post("/v1/network/score", headers=headers).json() for _ in range(2))
    assert (first["read"], again["read"]) == (2, 0)  # the network stage and the returns stage read it
