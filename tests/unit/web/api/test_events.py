"""POST /v1/events."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.web.serving import TestClient, event, key

from havenwall.app import App
from havenwall.model import Right
from havenwall.web.api.events import MOST_EVENTS


@pytest.fixture(scope="module")
def headers(app: App) -> dict[str, str]:
    return key(app, Right.SEND_EVENTS)


def test_arrays_objects_and_lines_are_taken(app: App, client: TestClient, headers: dict[str, str]) -> None:
    before = app.store.journal.count()
    lines = "\n".join(json.dumps(event(n)) for n in (5, 6)) + "\n\n"
    taken = [
        client.post("/v1/events", json=[event(1), event(2)], headers=headers),
        client.post("/v1/events", json={"events": [event(3), event(4)]}, headers=headers),
        client.post("/v1/events", content=lines, headers=headers | {"Content-Type": "application/x-ndjson"}),
    ]
    assert [answer.json() for answer in taken] == [{"accepted": 2, "duplicates": 0, "rejected": []}] * 3
    assert app.store.journal.count() == before + 6


def test_sending_again_changes_nothing(app: App, client: TestClient, headers: dict[str, str]) -> None:
    sent = [event(10), event(10), event(11)]
    first = client.post("/v1/events", json=sent, headers=headers).json()
    again = client.post("/v1/events", json=sent, headers=headers).json()
    assert (first["accepted"], first["duplicates"]) == (2, 1)
    assert (again["accepted"], again["duplicates"]) == (0, 3)


def test_bad_events_do_not_stop_the_good_ones(client: TestClient, headers: dict[str, str]) -> None:
    sent = [event(20), event(21, at="yesterday"), 7, event(22, entity="nobody"), event(23)]
    answer = client.post("/v1/events", json=sent, headers=headers)
    assert answer.status_code == 200
    body = answer.json()
    assert body["accepted"] == 2
    assert [(r["index"], r["field"]) for r in body["rejected"]] == [(1, "at"), (2, ""), (3, "entity")]
    assert all(r["reason"] and not r["reason"].startswith(r["field"] + ":") for r in body["rejected"][:1])


def test_when_all_are_bad_it_is_a_problem(app: App, client: TestClient, headers: dict[str, str]) -> None:
    before = app.store.journal.count()
    answer = client.post("/v1/events", json=[event(30, at="x"), {}], headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert [rejected["index"] for rejected in answer.json()["rejected"]] == [0, 1]
    assert app.store.journal.count() == before


def test_nothing_sent_is_nothing_taken(client: TestClient, headers: dict[str, str]) -> None:
    answer = client.post("/v1/events", json=[], headers=headers)
    assert answer.json() == {"accepted": 0, "duplicates": 0, "rejected": []}


def test_too_many_are_refused_whole(app: App, client: TestClient, headers: dict[str, str]) -> None:
    before = app.store.journal.count()
    content = b"[" + b",".join([b"{}"] * (MOST_EVENTS + 1)) + b"]"
    answer = client.post("/v1/events", content=content, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, "events")
    assert app.store.journal.count() == before


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"7", b'"x"', b"null", b'{"event": []}', b'{"events": 1}', b"\xff\xfe", b"[" * 100_000],
)
def test_what_is_no_list_of_events_is_refused(
    client: TestClient, headers: dict[str, str], content: bytes
) -> None:
    answer = client.post("/v1/events", content=content, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["field"]


@given(content=st.binary(max_size=200), lines=st.booleans())
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_break_it(client: TestClient, headers: dict[str, str], content: bytes, lines: bool) -> None:
    kind = "application/jsonl" if lines else "application/json"
    answer = client.post("/v1/events", content=content, headers=headers | {"Content-Type": kind})
    assert answer.status_code in (200, 422)
