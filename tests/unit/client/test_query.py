"""Texts over the wire: as the library answers, and never clean when there was no answer."""

from __future__ import annotations

import socket

import msgspec
import pytest
from tests.unit.client.conftest import House, within
from tests.unit.client.test_client import FAULTS, PATIENT, reply, says
from tests.unit.web.serving import make_app

from havenwall.client import Fail, GuardClient
from havenwall.errors import BadInput
from havenwall.guard.query import QueryOutcome, QuerySurface

SEARCH = QuerySurface.SEARCH_QUERY


@pytest.fixture
def client(house: House):
    with GuardClient(house.url, house.key, timeout=PATIENT) as client:
        yield client


@pytest.mark.parametrize("surface", QuerySurface)
@pytest.mark.parametrize("text", ["b1uewhistle", "bluewhistel", "house", "", "a\ud800b"])
def test_it_answers_as_the_library_does(
    house: House, client: GuardClient, surface: QuerySurface, text: str
) -> None:
    here = house.app.query_guard.query(text, surface, country="de", language="de")
    there = client.query(text, surface, country="de", language="de")
    assert (there.verdict, there.answered, there.problem) == (here, True, None)
    assert there.allowed == (here.outcome is QueryOutcome.ALLOW)


@pytest.mark.parametrize(
    ("text", "surface", "match"), [("x" * 2001, SEARCH, "2,000"), ("x", "trends", "surface")]
)
def test_mistakes_are_raised_whatever_the_fail_mode(
    client: GuardClient, text: str, surface: QuerySurface, match: str
) -> None:
    with pytest.raises(BadInput, match=match):
        client.query(text, surface, fail=Fail.OPEN)


def verdict(**changed: object) -> bytes:
    return msgspec.json.encode({"surface": "search_query", "outcome": "allow", "version": "v"} | changed)


QUERY_FAULTS = {name: FAULTS[name] for name in FAULTS if " column" not in name} | {
    "another surface": says(reply(verdict(surface="related_searches"))),
    "an outcome of another surface": says(reply(verdict(outcome="closed"))),
    "a verdict on candidates": says(reply(b'{"index": 0, "outcome": "allow"}')),
}


@pytest.mark.parametrize("fault", QUERY_FAULTS)
def test_a_failed_lookup_is_never_clean(misbehaving, fault: str) -> None:
    with GuardClient(misbehaving(QUERY_FAULTS[fault]), "k", timeout=0.3) as client, within(10):
        closed = client.query("x", SEARCH)
        assert (closed.allowed, closed.answered, closed.verdict.outcome) == (False, False, "blocked")
        assert closed.problem
        if fault in ("says nothing", "byte by byte"):
            return
        assert client.query("x", QuerySurface.AUTOCOMPLETE).verdict.outcome == "dropped"
        assert client.query("x", QuerySurface.HASHTAG_PAGE).verdict.outcome == "closed"
        opened = client.query("x", SEARCH, fail=Fail.OPEN)
        assert (opened.allowed, opened.answered, opened.verdict.outcome) == (True, False, "allow")


def test_a_sound_answer_is_taken(misbehaving) -> None:
    with GuardClient(misbehaving(says(reply(verdict()))), "k", timeout=PATIENT) as client:
        assert client.query("x", SEARCH).answered


def test_lists_that_do_not_open_are_no_mistake_of_who_asks(tmp_path, misbehaving) -> None:
    from tests.unit.web.serving import client_of, key

    from havenwall.model import Right
    from havenwall.web import create_server

    app = make_app(tmp_path)
    app.config.terms_folder.mkdir(parents=True)
    (app.config.terms_folder / "bad.sealed").write_bytes(b"nonsense")
    with client_of(create_server(app, worker=False)) as web:
        asked = {"text": "x", "surface": "search_query"}
        answer = web.post("/v1/guard/query", json=asked, headers=key(app, Right.ASK_GUARD))
    app.close()
    said = reply(answer.content, f"{answer.status_code} x")
    with GuardClient(misbehaving(says(said)), "k", timeout=PATIENT) as client:
        answered = client.query("x", SEARCH)
    assert (answered.allowed, answered.answered) == (False, False)
    assert "not sealed" in str(answered.problem)


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert not GuardClient(f"http://127.0.0.1:{port}", "k").query("x", SEARCH).answered
