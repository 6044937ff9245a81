"""Saved filters, presence, bulk work, messages and the person's own choices, by page and by API."""

import pytest

from havenwall.model import SYSTEM, CaseState, MemberState, Role
from havenwall.model.console import ConsoleChoice
from havenwall.model.proposal import ProposalState


def case_of(app):
    return app.store.cases(SYSTEM).cases()[0]


@pytest.fixture
def post(client, as_role):
    def send(path, role=Role.SPECIALIST, **data):
        headers = as_role[role]
        secret = client.get("/account", headers=headers).text.split('name="csrf" value="')[1].split('"')[0]
        return client.post(path, data=data | {"csrf": secret}, headers=headers, follow_redirects=False)

    return send


@pytest.fixture
def api(client, as_role, post):
    def call(method, path, role=Role.SPECIALIST, **options):
        page = client.get("/account", headers=as_role[role]).text
        csrf = {"X-CSRF-Token": page.split('name="csrf" value="')[1].split('"')[0]}
        return client.request(method, path, headers=as_role[role] | csrf, **options)

    return call


def test_a_filter_is_kept_shared_with_the_role_and_deleted_by_its_owner(app, client, as_role, post, api):
    assert post("/cases/filters", name="Late", query="overdue=true", shared="true").status_code == 303
    page = client.get("/cases?overdue=true", headers=as_role[Role.SPECIALIST]).text
    assert 'href="/cases?overdue=true" aria-current="true">Late' in page
    kept = api("GET", "/v1/filters").json()["items"]
    assert [(one["name"], one["role"]) for one in kept] == [("Late", "specialist")]
    assert api("GET", "/v1/filters", Role.INVESTIGATOR).json()["items"] == []
    assert api("DELETE", f"/v1/filters/{kept[0]['id']}", Role.INVESTIGATOR).status_code == 404
    assert post("/cases/filters", drop=kept[0]["id"]).status_code == 303
    assert api("GET", "/v1/filters").json()["items"] == []
    assert post("/cases/filters", name="", query="mine=true").status_code == 422


def test_who_else_looks_is_named_only_to_those_who_may_work_on_the_case(app, client, as_role, api):
    path = f"/cases/{case_of(app).id}"
    assert "Also looking" not in client.get(path, headers=as_role[Role.SPECIALIST]).text
    seen = client.get(path, headers=as_role[Role.INVESTIGATOR]).text
    assert "Also looking at this: p-" in seen
    analyst = client.get(path, headers=as_role[Role.ANALYST]).text
    assert "2 other people are looking at this." in analyst
    assert "Also looking" not in analyst
    told = api("POST", f"/v1{path}/presence", Role.ANALYST).json()["items"]
    assert [one["person"] for one in told] == ["", ""]
    assert api("POST", f"/v1{path}/presence", Role.REVIEWER).status_code == 404
    assert "Also looking at this" in api("POST", f"{path}/presence").text


def test_bulk_work_is_shown_before_it_is_done(app, post):
    case = case_of(app)
    shown = post("/cases/bulk", case=case.id, step="clear", why="x")
    assert "Nothing has happened yet" in shown.text
    assert "Accounts decided on" in shown.text
    assert case_of(app).version == case.version
    assert "Give a reason" in post("/cases/bulk", case=case.id, step="close", seen="close", do="true").text
    assert post("/cases/bulk", step="close", why="x").status_code == 422


def test_bulk_decisions_wait_for_a_second_person_however_few(app, post, api):
    case = case_of(app)
    waiting = app.store.cases(SYSTEM).members(case.id, state=MemberState.PROPOSED)
    done = post("/cases/bulk", case=case.id, step="clear", seen="clear", why="Looked at each.", do="true")
    assert "1 proposal" in done.text
    assert app.store.cases(SYSTEM).members(case.id, state=MemberState.PROPOSED) == waiting
    (proposal,) = app.actions.proposals(SYSTEM, ProposalState.WAITING)
    assert len(proposal.decision.entities) == case.proposed
    app.actions.reject(SYSTEM, proposal.id, "No.")


def test_bulk_steps_leave_what_they_cannot_do_and_say_why(app, post, api):
    case = case_of(app)
    moved = api(
        "POST", "/v1/cases/bulk", json={"step": "move", "cases": [case.id], "queue": "nowhere", "why": "x"}
    )
    (line,) = moved.json()["items"]
    assert (line["possible"], line["why_not"]) == (False, "there is no such queue")
    stranger = api(
        "POST", "/v1/cases/bulk", Role.REVIEWER, json={"step": "close", "cases": [case.id], "why": "x"}
    )
    assert stranger.status_code == 404
    analyst = api(
        "POST", "/v1/cases/bulk", Role.ANALYST, json={"step": "close", "cases": [case.id], "why": "x"}
    )
    assert [one["possible"] for one in analyst.json()["items"]] == [False]
    closed = api("POST", "/v1/cases/bulk", json={"step": "close", "cases": [case.id], "why": "Done."})
    assert [one["possible"] for one in closed.json()["items"]] == [True]
    assert app.store.cases(SYSTEM).case(case.id).state is CaseState.CLOSED
    app.case_desk.reopen(SYSTEM, case.id, "Not done.")


def test_the_operators_message_is_kept_only_if_it_can_be_sent(app, client, as_role, post, api):
    page = client.get("/messages", headers=as_role[Role.MANAGER])
    assert page.status_code == 200
    said = {"name": "report.upheld", "language": "en", "subject": "Thanks", "body": "About {account}."}
    refused = post("/messages", Role.MANAGER, **said)
    assert refused.status_code == 422
    assert "Nothing fills {account}" in refused.text
    assert "About {account}." in refused.text
    assert post("/messages", Role.MANAGER, **said | {"body": "About {number}."}).status_code == 303
    assert [one.body for one in app.store.console.templates()] == ["About {number}."]
    assert post("/messages", Role.MANAGER, **said | {"drop": "true"}).status_code == 303
    assert app.store.console.templates() == []
    assert post("/messages", Role.SPECIALIST, **said).status_code == 403


def test_choices_are_kept_by_api_too_and_the_page_follows_them(client, as_role, api):
    clash = api("PUT", "/v1/me/console", Role.TRIAGE, json={"keys": {"open": "j"}})
    assert clash.status_code == 422
    kept = api("PUT", "/v1/me/console", Role.TRIAGE, json={"theme": "light", "language": "de"})
    assert kept.json()["language"] == "de"
    page = client.get("/account/console", headers=as_role[Role.TRIAGE]).text
    assert '<html lang="de" data-theme="light">' in page
    assert "Farben, Sprache und Tasten" in page
    assert api("GET", "/v1/me/console", Role.SENIOR).json() == {
        "theme": "",
        "language": "",
        "keys": {},
        "keys_off": False,
    }
    assert ConsoleChoice().keys == {}


def test_the_case_page_is_german_for_who_chose_it(app, client, as_role):
    page = client.get(f"/cases/{case_of(app).id}?lang=de", headers=as_role[Role.SPECIALIST]).text
    for words in ("Dringlichkeit", "Verlauf", "Die Entscheidung festhalten", "Warteschlangen", "zu prüfen"):
        assert words in page
