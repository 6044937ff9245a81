"""Anybody can report, learns what became of it, and loses nothing on the way."""

from __future__ import annotations

import re

import pytest
from structlog.testing import capture_logs
from tests.unit.web.serving import SAME_SITE, TestClient, client_of

from havenwall.app import App
from havenwall.errors import StoreError
from havenwall.model import SYSTEM, ReportSource, Right, Verb, Viewer
from havenwall.web import create_server
from havenwall.web.public.pages import MOST_REPORTS

FORM = {"kind": "account", "what": "@a1", "reason": "child_contact", "text": "They write to my child."}
CODE = re.compile(r">((?:[A-Z2-7]{5}-){4}[A-Z2-7]{5})<")
MIRA = Viewer(name="user:mira", rights=frozenset(Right))
ROBIN = Viewer(name="user:robin", rights=frozenset(Right))


@pytest.fixture
def visitor(fresh_app: App) -> TestClient:
    return client_of(create_server(fresh_app, worker=False))


def token(page: str) -> str:
    return re.findall(r'name="once" value="([^"]+)"', page)[0]


def reported(visitor: TestClient, **fields: str) -> str:
    """The secret code on the receipt of a report."""
    answer = visitor.post("/report", data=FORM | {"once": token(visitor.get("/report").text)} | fields)
    assert answer.status_code == 201, answer.text
    return CODE.findall(answer.text)[0]


def decide(app: App, verb: Verb, viewer: Viewer) -> None:
    app.run(("reports", "casework"))
    (case,) = app.store.cases(SYSTEM).cases()
    app.decide(viewer, case.id, case.version, verb, ["account:a1"], "looked")


def test_a_report_without_a_name_is_kept(fresh_app: App, visitor: TestClient) -> None:
    code = reported(visitor, links="https://a.example/1\nhttps://a.example/2")
    (report,) = fresh_app.store.reports_for(SYSTEM).reports()
    assert (report.subject, report.source, report.has_contact) == ("account:a1", ReportSource.PUBLIC, False)
    assert report.links == ("https://a.example/1", "https://a.example/2")
    page = visitor.post("/report/status", data={"code": code})
    assert report.number in page.text
    assert "A person will look at it" in page.text
    assert "a1" not in page.text


def test_pressing_twice_sends_once(fresh_app: App, visitor: TestClient) -> None:
    once = token(visitor.get("/report").text)
    pages = [visitor.post("/report", data=FORM | {"once": once}).text for _ in range(2)]
    assert CODE.findall(pages[0]) == CODE.findall(pages[1])
    assert fresh_app.store.reports_for(SYSTEM).count() == 1


def test_a_made_up_token_joins_nobody_elses_report(fresh_app: App, visitor: TestClient) -> None:
    assert reported(visitor, once="1") != reported(visitor, once="1")
    assert fresh_app.store.reports_for(SYSTEM).count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("reason", ""), ("kind", "planet"), ("what", " @"), ("links", "nowhere"), ("website", "https://x")],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    fresh_app: App, visitor: TestClient, field: str, value: str
) -> None:
    answer = visitor.post("/report", data=FORM | {field: value})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "They write to my child." in answer.text
    assert fresh_app.store.reports_for(SYSTEM).count() == 0
    if field == "website":
        assert 'class="unseen" aria-hidden' not in answer.text


def test_over_the_limit_it_asks_to_wait_and_keeps_the_words(fresh_app: App, visitor: TestClient) -> None:
    for _ in range(MOST_REPORTS):
        reported(visitor)
    with capture_logs() as lines:
        answer = visitor.post("/report", data=FORM)
    assert [line for line in lines if "testclient" in str(line)] == [], "nobody notes from where"
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "They write to my child." in answer.text
    assert "was not sent yet" in answer.text
    assert fresh_app.store.reports_for(SYSTEM).count() == MOST_REPORTS


def test_a_failing_store_is_said_and_the_words_are_kept(
    fresh_app: App, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise StoreError

    monkeypatch.setattr(fresh_app.store.reports, "add", fail)
    answer = visitor.post("/report", data=FORM)
    assert answer.status_code == 503
    assert "was not sent" in answer.text
    assert "They write to my child." in answer.text


def test_other_sites_cannot_make_their_visitors_report(visitor: TestClient) -> None:
    cross = {"Sec-Fetch-Site": "cross-site"}
    assert visitor.post("/report", data=FORM, headers=cross).status_code == 403
    assert visitor.post("/report", data=FORM, headers=SAME_SITE).status_code == 201


def test_a_platform_links_to_the_form_filled_in(visitor: TestClient) -> None:
    page = visitor.get("/report", params={"subject": 'group:"g1"'}).text
    assert 'value="group" selected' in page
    assert 'value="&#34;g1&#34;"' in page


def test_an_unknown_code_tells_nothing(visitor: TestClient) -> None:
    for path in ("/report/status", "/report/status/contest"):
        answer = visitor.post(path, data={"code": "AAAAA", "why": "x"})
        assert answer.status_code == 404
        assert "compare it with the receipt" in answer.text


def test_the_answer_is_shown_contested_once_and_answered_again(fresh_app: App, visitor: TestClient) -> None:
    code = reported(visitor, language="de")
    decide(fresh_app, Verb.CLEAR, MIRA)
    told = visitor.post("/report/status", data={"code": code}).text
    assert "keinen Grund zum Eingreifen" in told
    assert "Ask for a second look" in told
    empty = visitor.post("/report/status/contest", data={"code": code, "why": " "})
    assert empty.status_code == 422
    done = visitor.post("/report/status/contest", data={"code": code, "why": "There is more."})
    assert "Another person will" in done.text
    assert "second look is due" in done.text
    decide(fresh_app, Verb.CONFIRM, ROBIN)
    told = visitor.post("/report/status", data={"code": code}).text
    assert "Nachfrage war berechtigt" in told
    assert "Ask for a second look" not in told
    assert visitor.post("/report/status/contest", data={"code": code, "why": "x"}).status_code == 409


def test_a_note_for_people_outside_is_read_by_who_reported_before(
    fresh_app: App, visitor: TestClient
) -> None:
    code = reported(visitor)
    fresh_app.run()
    (case,) = fresh_app.store.cases(MIRA).cases()
    fresh_app.case_desk.note(MIRA, case.id, "We ask <the group> for more.", outward=True)
    fresh_app.case_desk.note(MIRA, case.id, "Looks like the bluewhistle ring.")
    told = visitor.post("/report/status", data={"code": code}).text
    assert "We ask &lt;the group&gt; for more." in told
    assert "bluewhistle ring" not in told
    assert MIRA.name.partition(":")[2] not in told
    later = reported(visitor, text="They do it again.")
    fresh_app.run()
    assert "We ask" not in visitor.post("/report/status", data={"code": later}).text


def test_contact_data_is_in_no_log(visitor: TestClient, logged: object, fresh_app: App) -> None:
    code = reported(visitor, contact="ada@example.org")
    assert callable(logged)
    assert "ada@" not in logged()
    assert code not in logged()
    assert fresh_app.store.reports_for(SYSTEM).reports()[0].has_contact


def test_the_pages_speak_german_to_who_asks_for_it(visitor: TestClient) -> None:
    for path, headers in (("/report", {"Accept-Language": "de-AT,en;q=0.5"}), ("/report?lang=de", {})):
        page = visitor.get(path, headers=headers).text
        assert '<html lang="de"' in page
        assert "Etwas melden" in page
        assert '<option value="de" lang="de" selected>' in page
        assert not re.search(r">\s*(Send the report|Which one\?|Something else)\s*<", page)
    assert "Report something" in visitor.get("/report?lang=en", headers={"Accept-Language": "de"}).text


def test_a_form_stays_in_the_language_of_its_address(visitor: TestClient) -> None:
    page = visitor.get("/report?lang=de").text
    assert 'action="/report?lang=de"' in page
    answer = visitor.post("/report?lang=de", data=FORM | {"once": token(page), "what": ""})
    assert answer.status_code == 422
    assert "Sagen Sie, was genau: Name, Nummer oder Adresse." in answer.text
    kept = visitor.post("/report?lang=de", data=FORM | {"once": token(page)})
    assert "Wir haben Ihre Meldung" in kept.text
    code = CODE.findall(kept.text)[0]
    status = visitor.post("/report/status?lang=de", data={"code": code}).text
    assert "Ein Mensch wird sie ansehen" in status
    unknown = visitor.post("/report/status?lang=de", data={"code": "AAAAA"})
    assert "Zu diesem Code gibt es keine Meldung" in unknown.text
    appeal = visitor.get("/appeal?lang=de").text
    assert "Gegen eine Einschränkung Beschwerde einlegen" in appeal
    assert '<option value="de" lang="de" selected>' in appeal, "the statement comes in it too"


def test_an_appeal_with_a_wrong_code_is_shown_again(visitor: TestClient) -> None:
    sent = {"reference": "none", "code": "AAAAA", "text": "That is my shop."}
    answer = visitor.post("/appeal/send", data=sent)
    assert answer.status_code == 404
    assert "That is my shop." in answer.text
