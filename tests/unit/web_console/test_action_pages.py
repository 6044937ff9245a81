"""Approvals, deliveries, the preview and the strikes, as people see them."""

from __future__ import annotations

import re

import pytest
from tests.receiving import receiving
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, client_of, confirmed, cookie, make_app

from havenwall.app import App
from havenwall.model import ROLE_RIGHTS, SYSTEM, Right, Role, Verb
from havenwall.web import create_server
from havenwall.web.security import csrf_token

WHO = "account:two-persons"


class Browser:
    """Somebody with a session who sends forms."""

    def __init__(self, app: App, client: TestClient, role: Role) -> None:
        session = add_person(app, role)
        self._client, self._csrf = client, csrf_token(session)
        self.viewer = app.store.people.session_viewer(session)
        self._headers = cookie(app, session) | SAME_SITE | {"Accept": "text/html"}

    def get(self, path: str) -> str:
        answer = self._client.get(path, headers=self._headers)
        assert answer.status_code == 200, path
        return re.sub(r"\s+", " ", answer.text)

    def send(self, path: str, **form: object) -> tuple[int, str]:
        answer = self._client.post(path, data=form | {"csrf": self._csrf}, headers=self._headers)
        return answer.status_code, re.sub(r"\s+", " ", answer.text) or answer.headers.get("location", "")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory):
    app = make_app(tmp_path_factory.mktemp("actions"), endpoint_http=True)
    yield app, client_of(create_server(app, worker=False)), confirmed(app, WHO)
    app.close()


def form(app: App, case_id: str, verb: str) -> dict[str, object]:
    version = app.store.cases(SYSTEM).case(case_id).version
    return {"version": version, "verb": verb, "entity": WHO, "why": "seen"}


def test_the_form_offers_further_steps_and_a_preview(house) -> None:
    app, client, case_id = house
    mira = Browser(app, client, Role.SPECIALIST)
    page = mira.get(f"/cases/{case_id}/members/{WHO}")
    for words in ("Restrict", "Remove", "Lift", "Offer care", "Preview whom it touches", "Strikes"):
        assert words in page
    status, page = mira.send(f"/cases/{case_id}/preview", **form(app, case_id, "restrict"), days="30")
    assert status == 200
    assert "Whom this decision would touch" in page
    assert 'value="30"' in page
    assert "seen" in page


def test_a_restriction_with_an_end_is_recorded(house) -> None:
    app, client, case_id = house
    mira = Browser(app, client, Role.SPECIALIST)
    path = f"/cases/{case_id}/decisions"
    assert mira.send(path, **form(app, case_id, "restrict"), days="0")[0] == 422
    assert mira.send(path, **form(app, case_id, "restrict"), days="30")[0] == 303
    (action,) = [a for a in app.store.casework.actions([WHO]) if a.expires_at]
    assert action.kind == "restrict"


def test_a_removal_waits_on_the_page_for_another_person(house) -> None:
    app, client, case_id = house
    mira, robin = Browser(app, client, Role.SPECIALIST), Browser(app, client, Role.SPECIALIST)
    assert "Nothing waits for a second person" in robin.get("/approvals")
    mira.send(f"/cases/{case_id}/referrals")
    status, where = mira.send(f"/cases/{case_id}/decisions", **form(app, case_id, "remove"))
    assert (status, where.startswith("/approvals?done=")) == (303, True)
    page = mira.get(where)
    assert "Your decision waits for a second person" in page
    assert "You proposed this yourself" in page
    proposal = where.partition("=")[2]
    path = f"/approvals/{proposal}"
    assert "Remove 1 account" in robin.get("/approvals")
    assert mira.send(path, choice="approve", why="me too")[0] == 403
    assert robin.send(path, choice="approve", why=" ")[0] == 422
    assert robin.send(path, choice="maybe", why="x")[0] == 422
    assert robin.send(path, choice="approve", why="agreed")[0] == 303
    assert "The proposal was approved" in robin.get(f"/approvals?done={proposal}")
    settled = robin.get("/approvals?state=approved")
    assert "agreed" in settled
    assert ">Now<" not in settled, "whom a settled one would touch now is no question"
    status, page = robin.send(path, choice="reject", why="too late")
    assert (status, "does not wait any more" in page) == (409, True)
    assert any(d.verb is Verb.REMOVE for d in app.store.cases(SYSTEM).decisions(case_id))


def test_who_proposed_takes_it_back_without_the_right_to_approve(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    app = make_app(tmp_path_factory.mktemp("own"))
    client, case_id = client_of(create_server(app, worker=False)), confirmed(app, WHO)
    app.store.roles.change(
        Role.SPECIALIST, ROLE_RIGHTS[Role.SPECIALIST] - {Right.APPROVE}, 0, second_factor=False
    )
    ana, noor = Browser(app, client, Role.SPECIALIST), Browser(app, client, Role.SPECIALIST)
    version = app.store.cases(SYSTEM).case(case_id).version
    made = app.actions.decide(ana.viewer, case_id, version, Verb.CLEAR, [WHO], "seen", second=True)
    path = f"/approvals/{made.id}"
    assert "Take it back" in ana.get("/approvals")
    assert "Settle it" not in noor.get("/approvals?page=99"), "the last page there is"
    assert "Clear 1 account" in noor.get("/approvals?page=99")
    assert noor.send(path, choice="reject", why="no")[0] == 403
    assert ana.send(path, choice="approve", why="me")[0] == 403
    assert ana.send(path, choice="reject", why="a mistake")[0] == 303
    app.close()


def test_an_endpoint_is_added_tested_switched_and_its_log_read(house) -> None:
    app, client, _ = house
    ada = Browser(app, client, Role.ADMINISTRATOR)
    assert "None yet" in ada.get("/deliveries")
    wanted = {"name": "main", "kind": ["restrict", "remove"], "case_class": ["child_safety"]}
    status, page = ada.send("/endpoints", **wanted, url="ftp://nowhere")
    assert (status, 'value="ftp://nowhere"' in page) == (422, True)
    with receiving() as receiver:
        _, page = ada.send("/endpoints", **wanted, url=receiver.url)
        receiver.secret = re.search(r"whsec_[^\"]+", page)[0]  # type: ignore[index]
        assert "arrived after" in ada.send("/endpoints/main", what="test")[1]
        while app.deliveries.deliver():
            pass
        page = ada.get("/deliveries?state=delivered")
        assert WHO in page
        (one, *_) = app.deliveries.log(SYSTEM, state="delivered")
        assert ada.send(f"/deliveries/{one.id}")[0] == 303
        assert ada.send(f"/deliveries/{one.id}")[0] == 409
    assert ada.send("/endpoints/main", what="off")[0] == 303
    assert "Switch on" in ada.get("/deliveries")
    assert ada.send("/endpoints/main", what="break")[0] == 422
    assert "failed" in ada.send("/endpoints/main", what="test")[1]
