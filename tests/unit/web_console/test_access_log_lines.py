"""Whoever looks at a case, an account or an exhibit stands in the access log, whichever route showed it."""

from __future__ import annotations

import re

import pytest
from fastapi import FastAPI
from tests.unit.web.serving import TestClient, add_person, cookie

from havenwall.app import App
from havenwall.model import SYSTEM, MemberState, Role
from havenwall.web import create_server
from havenwall.web.access import entrances

LOGGED = (
    "/v1/cases/{case_id}",
    "/v1/cases/{case_id}/members",
    "/v1/cases/{case_id}/history",
    "/v1/cases/{case_id}/graph",
    "/v1/cases/{case_id}/risks/{entity:path}",
    "/v1/cases/{case_id}/referrals",
    "/v1/network/things",
    "/v1/network/returns",
    "/v1/terms/proposals",
    "/cases/{case_id}",
    "/cases/{case_id}/members/{entity:path}",
    "/things",
    "/terms",
)
"""Routes that write a line whenever they show somebody; asked for real below."""
ELSEWHERE = {
    "/communities": "tests/contract/test_communities.py: a line for each that is shown",
    "/communities/{community_id}": "as /communities",
    "/reports": "a list of what came in; each report that is opened has a line",
    "/reports/{report_id}": "tests/contract/test_reports.py",
    "/v1/reports": "as /reports",
    "/v1/reports/{report_id}": "as /reports/{report_id}",
    "/cases": "a list of titles and counts; each case that is opened has a line",
    "/v1/cases": "as /cases",
    "/queues": "counts",
    "/v1/queues": "counts",
    "/gaps": "what no rule covers; the case is opened by its own route",
    "/v1/gaps": "as /gaps",
}
"""Other routes for those who may see cases, and why no line is looked for here."""


@pytest.fixture(scope="module")
def server(app: App) -> FastAPI:
    return create_server(app, worker=False)


def address(app: App, path: str) -> str:
    case = app.store.cases(SYSTEM).cases()[0]
    member = app.store.cases(SYSTEM).members(case.id, state=MemberState.PROPOSED, limit=1)[0]
    return path.replace("{case_id}", case.id).replace("{entity:path}", member.entity)


@pytest.mark.parametrize("path", LOGGED)
def test_a_route_that_shows_somebody_writes_a_line(app: App, client: TestClient, path: str) -> None:
    session = add_person(app, Role.INVESTIGATOR)
    who = app.store.people.session_viewer(session).name
    answer = client.get(address(app, path), headers=cookie(app, session) | {"Accept": "text/html"})
    assert answer.status_code == 200
    assert [line for line in app.store.access_log(20) if line.by == who]


def test_each_line_names_who_what_and_which(app: App, client: TestClient) -> None:
    session = add_person(app, Role.INVESTIGATOR)
    path = address(app, "/v1/cases/{case_id}")
    client.get(path, headers=cookie(app, session))
    (line,) = app.store.access_log(1)
    assert (line.by, line.what) == (app.store.people.session_viewer(session).name, "case")
    assert line.subject == path.rpartition("/")[2]
    assert re.match(r"\d{4}-\d\d-\d\dT", line.at)


def test_refused_looks_leave_no_line(app: App, client: TestClient) -> None:
    session = add_person(app, Role.MANAGER)
    before = len(app.store.access_log(10_000))
    for path in LOGGED:
        assert client.get(address(app, path), headers=cookie(app, session)).status_code == 403
    after = [line for line in app.store.access_log(10_000) if line.by != "system"]
    assert len(after) <= before


def test_what_is_listed_here_exists(server: FastAPI) -> None:
    paths = {entrance.path for entrance in entrances(server.routes)}
    assert set(LOGGED) | set(ELSEWHERE) <= paths
