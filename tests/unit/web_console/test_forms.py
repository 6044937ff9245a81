"""What forms of the console do with what was typed, and what they tell of what was done."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from tests.unit.web.serving import TestClient, client_of, make_app, together
from tests.unit.web_console.test_reports_pages import Desk, send

from havenwall.app import App
from havenwall.model import SYSTEM, CaseClass, CaseState, Right, Role, Verb, Viewer
from havenwall.web import create_server
from havenwall.web.console.flash import flash_of

MIRA = Viewer(name="user:mira", rights=frozenset(Right))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = make_app(tmp_path_factory.mktemp("forms"))
    send(app, "1", reason="spam", subject="account:peddler")
    app.run(("reports", "casework", "report-outcomes"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return client_of(create_server(app, worker=False))


@pytest.fixture
def account(request: pytest.FixtureRequest) -> str:
    """An account of the case, of which no other test knows."""
    return "account:" + re.sub(r"\W", "", request.node.name)[-60:]


@pytest.fixture
def case_id(app: App, account: str) -> str:
    return together(app, account, f"{account}-2", f"{account}-3")


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.text)


@contextmanager
def statements_on_the_loop() -> Iterator[list[str]]:
    """Statements of a database that an event loop had to wait for."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return
        found.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/cases/{case_id}/work", {"step": "note", "why": "seen before"}),
        ("/queues", {"name": "x y", "case_class": "general"}),
        ("/account/settings", {"blur": "light"}),
        ("/account/console", {"theme": "dark"}),
    ],
)
def test_no_form_lets_the_event_loop_wait_for_the_database(
    app: App, client: TestClient, case_id: str, path: str, fields: dict[str, str]
) -> None:
    desk = Desk(client, app, Role.ADMINISTRATOR)
    with statements_on_the_loop() as found:
        assert desk.post(path.format(case_id=case_id), **fields).status_code < 500
    assert found == []


@pytest.mark.parametrize(
    ("verb", "done", "guard"),
    [
        (Verb.CONFIRM, "1 account confirmed.", "1 of 1 are kept out of recommendations now"),
        (Verb.SUPPRESS, "1 account hidden.", "1 of 1 are kept out of recommendations now"),
        (Verb.RESTRICT, "1 account restricted.", "1 of 1 are kept out of recommendations now"),
        (Verb.CLEAR, "1 account cleared.", "1 of 1 may be recommended again"),
        (Verb.CARE, "1 account given care.", "keeps 0 of them out of recommendations, and 1 may be shown"),
    ],
)
def test_what_a_decision_has_done_is_told_by_its_verb(
    app: App, case_id: str, account: str, verb: Verb, done: str, guard: str
) -> None:
    view, chosen = app.store.cases(MIRA), [account]
    decision = app.decide(MIRA, case_id, view.case(case_id).version, verb, chosen, "seen")
    flash = flash_of(app, view, case_id, decision.id)
    assert flash is not None
    assert (flash.title, guard in flash.guard) == (done, True), flash.guard
    if verb is Verb.RESTRICT:
        again = app.decide(MIRA, case_id, view.case(case_id).version, Verb.LIFT, chosen, "enough")
        lifted = flash_of(app, view, case_id, again.id)
        assert lifted is not None
        assert lifted.title == "1 account freed of restrictions."
        assert "may be recommended again" in lifted.guard


def test_a_step_on_many_cases_is_done_only_as_it_was_shown(
    app: App, client: TestClient, case_id: str
) -> None:
    desk = Desk(client, app, Role.SPECIALIST)
    view = app.store.cases(SYSTEM)
    sent = {"case": case_id, "why": "Done with it.", "do": "true"}
    blank = desk.post("/cases/bulk", **sent | {"step": "close", "seen": "close", "why": " "})
    assert blank.status_code == 422
    assert '<option value="close" selected>' in words(blank)
    unseen = desk.post("/cases/bulk", **sent | {"step": "close", "seen": "move"})
    assert "Nothing has happened yet" in words(unseen)
    assert 'name="seen" value="close"' in words(unseen)
    assert "Choose what to do with 1 case" in words(desk.post("/cases/bulk", **sent))
    assert view.case(case_id).state is not CaseState.CLOSED
    assert "Done for 1 case" in words(desk.post("/cases/bulk", **sent | {"step": "close", "seen": "close"}))
    assert view.case(case_id).state is CaseState.CLOSED
    assert desk.post("/cases/bulk", case=[f"c{n}" for n in range(101)], step="close").status_code == 422


@pytest.mark.parametrize(
    ("until", "at"), [("2030-01-02T10:00", "10:00"), ("2030-01-02T10:00:00+02:00", "08:00")]
)
def test_a_moment_with_an_offset_keeps_it(
    app: App, client: TestClient, case_id: str, until: str, at: str
) -> None:
    desk = Desk(client, app, Role.SPECIALIST)
    told = desk.post(f"/cases/{case_id}/work", step="snooze", until=until, why="later")
    assert until in told.text or told.status_code == 303
    snoozed = app.store.cases(SYSTEM).case(case_id).snoozed_until
    assert snoozed is None or f"{snoozed:%H:%M}" == at


def test_what_was_typed_stays_when_a_thing_is_not_there_or_not_allowed(
    app: App, client: TestClient, case_id: str
) -> None:
    investigator = Desk(client, app, Role.INVESTIGATOR)
    fault = investigator.post(f"/cases/{case_id}/work", step="merge", into="mistyped", why="one ring")
    assert (fault.status_code, "one ring</textarea>" in fault.text) == (404, True)
    reviewer = Desk(client, app, Role.REVIEWER)
    (general,) = app.store.cases(reviewer_of(app)).cases()
    account = "account:peddler"
    page = reviewer.get(f"/cases/{general.id}/members/{account}")
    assert 'action="/cases/' in page.text, "members of general cases are decided by those who may"
    assert 'value="restrict"' in page.text
    assert 'value="remove"' not in page.text
    sent = {"version": str(general.version), "verb": "remove", "entity": account, "why": "spam for sale"}
    refused = reviewer.post(f"/cases/{general.id}/decisions", **sent)
    assert (refused.status_code, "spam for sale</textarea>" in refused.text) == (403, True)
    specialist = Desk(client, app, Role.SPECIALIST)
    golden = {"decision_id": "none", "entity": account, "judged": "cleared", "why": "beyond doubt"}
    missing = specialist.post("/quality/golden", **golden)
    assert missing.status_code in (404, 422)
    assert "beyond doubt</textarea>" in missing.text
    assert '<option value="cleared" selected>' in missing.text


def reviewer_of(app: App) -> Viewer:
    return Viewer(name="user:tom", rights=frozenset({Right.SEE_GENERAL}))


def test_a_policy_gap_is_given_only_to_who_may_see_its_case(
    app: App, client: TestClient, case_id: str
) -> None:
    app.store.people.add("auditor-anna", Role.AUDITOR)
    app.store.people.add("specialist-ines", Role.SPECIALIST)
    desk = Desk(client, app, Role.SPECIALIST)
    page = words(desk.get(f"/cases/{case_id}"))
    owners = re.search(r'<select id="owner".*?</select>', page)
    assert owners is not None
    assert "specialist-ines" in owners[0]
    assert "auditor-anna" not in owners[0]
    sent = {"step": "no_rule", "days": "7", "why": "What is it?"}
    assert desk.post(f"/cases/{case_id}/work", owner="auditor-anna", **sent).status_code == 422
    assert desk.post(f"/cases/{case_id}/work", owner="specialist-ines", **sent).status_code == 303


@pytest.mark.parametrize("key", ["%", "j"])
def test_two_acts_on_one_key_are_told_whatever_the_key(app: App, client: TestClient, key: str) -> None:
    desk = Desk(client, app, Role.TRIAGE)
    answer = desk.post("/account/console", **{"key-open": key, "key-find": key})
    assert answer.status_code == 422
    assert f"key {key} is used twice" in words(answer)


@pytest.mark.parametrize("page", ["9999999999999999999999", "2"])
@pytest.mark.parametrize(
    "path",
    ["/cases/{id}/exhibits?page=", "/account/exposure?page=", "/cases/{id}?h=", "/cases/{id}?q=x&page="],
)
def test_a_page_that_is_not_there_is_empty_and_tells_no_total(
    app: App, client: TestClient, case_id: str, path: str, page: str
) -> None:
    answer = Desk(client, app, Role.SPECIALIST).get(path.format(id=case_id) + page)
    assert answer.status_code == 200
    assert not re.search(r"–[\d,]+ of [\d,]+</span>", answer.text)


def test_no_id_stands_twice_on_a_page(app: App, client: TestClient, case_id: str) -> None:
    desk = Desk(client, app, Role.INVESTIGATOR)
    page = desk.get(f"/cases/{case_id}").text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted({one for one in ids if ids.count(one) > 1}) == []


def test_who_gets_care_is_counted_and_marked(
    app: App, client: TestClient, case_id: str, account: str
) -> None:
    case = app.store.cases(SYSTEM).case(case_id)
    app.decide(MIRA, case_id, case.version, Verb.CARE, [account], "may be a minor")
    care = app.store.cases(SYSTEM).case(case_id).care
    desk = Desk(client, app, Role.SPECIALIST)
    page = words(desk.get(f"/cases/{case_id}?state=care"))
    assert f"{care} get care" in page
    assert 'class="chip care"' in page
    assert f'Gets care <span class="n">{care}</span>' in page
    assert 'class="care"' in page, "its part of the bar"
    assert f"{care} get care" in words(desk.get("/cases"))
    assert account in page


def test_general_cases_of_the_test_are_general(app: App) -> None:
    assert {case.case_class for case in app.store.cases(reviewer_of(app)).cases()} == {CaseClass.GENERAL}
