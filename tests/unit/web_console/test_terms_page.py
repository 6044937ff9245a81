"""The page Terms: empty, with proposals, decided, and for those who only look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import add_person, client_of, cookie, make_app
from tests.unit.web.talking import talk

from havenwall.app import App
from havenwall.model import Role, TermState
from havenwall.web import create_server


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = make_app(tmp_path)
    yield app
    app.close()


@pytest.fixture
def client(app: App):
    return client_of(create_server(app, worker=False))


def person(app: App, role: Role) -> dict[str, str]:
    return cookie(app, add_person(app, role)) | {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}


def token(page: str) -> str:
    return re.findall(r'name="csrf" value="([^"]+)"', page)[0]


def test_without_proposals_it_says_how_to_come_by_some(app, client):
    page = client.get("/terms", headers=person(app, Role.SPECIALIST)).text
    assert "No term waits for you" in page
    assert "havenwall terms search" in page
    assert (
        "No term was accepted yet"
        in client.get("/terms?state=accepted", headers=person(app, Role.ANALYST)).text
    )


def test_a_proposal_shows_its_evidence_and_is_decided_by_its_form(app, client):
    one, mira = talk(app), person(app, Role.SPECIALIST)
    page = client.get("/terms", headers=mira).text
    assert "#paperfinch" in page
    assert "4 accounts of the network and 0 others used it lately" in page
    assert "account:m3" in page
    form = {"csrf": token(page), "version": "1", "choice": "suppress", "why": "seen in a case"}
    done = client.post(f"/terms/{one.id}", data=form, headers=mira)
    assert done.status_code == 303
    page = client.get(done.headers["location"], headers=mira).text
    assert "paperfinch was accepted" in page
    assert "No term waits for you" in page
    assert "seen in a case" in client.get("/terms?state=accepted", headers=mira).text


def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(app, client):
    one, mira = talk(app), person(app, Role.SPECIALIST)
    form = {"csrf": token(client.get("/terms", headers=mira).text), "version": "1", "why": "because <b>"}
    again = client.post(f"/terms/{one.id}", data=form | {"choice": "hush"}, headers=mira)
    assert again.status_code == 422
    assert "Choose to block, to suppress or to reject" in again.text
    assert "because &lt;b&gt;" in again.text
    stale = client.post(f"/terms/{one.id}", data=form | {"choice": "reject", "version": "7"}, headers=mira)
    assert stale.status_code == 409
    assert "changed while you decided" in stale.text
    assert app.store.terms.proposal(one.id).state is TermState.OPEN


def test_who_only_looks_has_no_form_and_an_auditor_no_page(app, client):
    one, ana = talk(app), person(app, Role.ANALYST)
    page = client.get("/terms", headers=ana).text
    assert "#paperfinch" in page
    assert f'action="/terms/{one.id}"' not in page
    form = {"csrf": token(page), "version": "1", "choice": "reject", "why": "seen"}
    assert client.post(f"/terms/{one.id}", data=form, headers=ana).status_code == 403
    assert client.get("/terms", headers=person(app, Role.AUDITOR)).status_code == 403
