"""The pages Queues, Cases and Policy gaps, and what a case page lets people do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, cookie, together

from havenwall.app import App
from havenwall.model import SYSTEM, Case, Role
from havenwall.web.security import csrf_token

Asks = Callable[..., str]


def signed_in(app: App, role: Role, name: str) -> tuple[dict[str, str], str]:
    session = add_person(app, role, name)
    return cookie(app, session) | SAME_SITE | {"Accept": "text/html"}, csrf_token(session)


@pytest.fixture(scope="module")
def mira(app: App) -> tuple[dict[str, str], str]:
    return signed_in(app, Role.INVESTIGATOR, "mira")


@pytest.fixture(scope="module")
def robin(app: App) -> tuple[dict[str, str], str]:
    return signed_in(app, Role.SPECIALIST, "robin")


@pytest.fixture
def case(app: App, request: pytest.FixtureRequest) -> Case:
    name = request.node.name[:20]
    case_id = together(app, f"account:{name}1", f"account:{name}2", f"account:{name}3")
    return app.store.cases(SYSTEM).case(case_id)


def send(client: TestClient, who: tuple[dict[str, str], str], path: str, **fields: str) -> tuple[int, str]:
    answer = client.post(path, data=fields | {"csrf": who[1]}, headers=who[0])
    return answer.status_code, answer.headers.get("location", answer.text)


def text(client: TestClient, who: tuple[dict[str, str], str], path: str) -> str:
    answer = client.get(path, headers=who[0])
    assert answer.status_code == 200, answer.text
    return re.sub(r"\s+", " ", answer.text)


def test_take_next_leads_to_the_case_and_others_see_who_has_it(
    app: App, client: TestClient, mira: tuple, robin: tuple, case: Case
) -> None:
    assert "Take next" in text(client, mira, "/queues")
    status, where = send(client, mira, "/queues/next", queue="child-safety")
    assert status == 303
    page = text(client, mira, where)
    assert "You are working on this" in page
    assert 'data-lease="/v1/cases/' in page
    assert "/static/lease.js" in page
    other = text(client, robin, where)
    assert "Somebody else is working on this:</strong> mira" in other
    assert "data-lease" not in other, "only who holds it keeps it"
    status, again = send(client, robin, where + "/work", step="close", why="I am done here")
    assert status == 409
    assert "ira works on this case now" in again
    assert "I am done here</textarea>" in again
    assert send(client, mira, where + "/work", step="give_back") == (303, "/queues")


def test_the_priority_is_explained_part_by_part(client: TestClient, mira: tuple, case: Case) -> None:
    page = text(client, mira, f"/cases/{case.id}")
    for part in case.priority_parts:
        assert part.why in page
    assert "18 USC 2258A" in page


def test_what_was_typed_is_not_lost(client: TestClient, mira: tuple, case: Case) -> None:
    path = f"/cases/{case.id}/work"
    for fields in (
        {"step": "snooze", "until": "never", "why": "later"},
        {"step": "no_rule", "owner": "nobody", "days": "7", "why": "what is it"},
        {"step": "split", "entities": "account:stranger", "title": "Apart", "why": "ring"},
        {"step": "merge", "into": case.id, "why": "same"},
        {"step": "dance", "why": "why not"},
    ):
        status, page = send(client, mira, path, **fields)
        assert status == 422
        assert all(value in page for value in fields.values())


def test_steps_from_the_page_reach_the_case(app: App, client: TestClient, mira: tuple, case: Case) -> None:
    path = f"/cases/{case.id}/work"
    assert send(client, mira, path, step="note", why="seen before", outward="1")[0] == 303
    status, new = send(
        client, mira, path, step="split", entities=case_members(app, case)[0], title="Apart", why="ring"
    )
    assert (status, new != f"/cases/{case.id}") == (303, True)
    assert "Split off from" in text(client, mira, new)
    assert (
        send(client, mira, new + "/work", step="no_rule", owner="mira", days="7", why="Not covered.")[0]
        == 303
    )
    gaps = text(client, mira, "/gaps")
    assert "Not covered." in gaps
    gap = app.store.cases(SYSTEM).gaps()[0]
    assert send(client, mira, f"/gaps/{gap.id}", outcome=" ")[0] == 422
    assert send(client, mira, f"/gaps/{gap.id}", outcome="Covered now.") == (303, "/gaps")
    assert "Covered now." in text(client, mira, "/gaps")
    assert send(client, mira, new + "/work", step="reopen", why="a rule now")[0] == 303
    assert (
        send(client, mira, new + "/work", step="merge", into=case.id, why="one ring")[1]
        == f"/cases/{case.id}"
    )
    assert send(client, mira, path, step="close", why="done")[0] == 303
    page = text(client, mira, f"/cases/{case.id}")
    assert "Open the case again" in page
    assert "open → closed" in page


def case_members(app: App, case: Case) -> list[str]:
    return [member.entity for member in app.store.cases(SYSTEM).members(case.id)]


def test_a_manager_sets_up_a_queue_and_keeps_what_was_typed(app: App, client: TestClient) -> None:
    manager = signed_in(app, Role.MANAGER, "max")
    assert "Set up a queue" in text(client, manager, "/queues")
    fields = {"name": "flagged", "case_class": "child_safety", "sources": "flagger", "hours": "2"}
    status, page = send(client, manager, "/queues", **fields | {"hours": "-2", "policy": "Look twice."})
    assert status == 422
    assert "Look twice." in page
    assert 'value="flagger" checked' in page
    assert send(client, manager, "/queues", **fields) == (303, "/queues?moved=0")
    assert "source flagger" in text(client, manager, "/queues?edit=flagged").lower()
    assert send(client, manager, "/queues", delete="flagged")[0] == 303
    assert send(client, manager, "/queues", delete="general")[0] == 409
    assert client.get("/cases", headers=manager[0]).status_code == 403


def test_the_list_is_narrowed_by_its_form(client: TestClient, mira: tuple, case: Case) -> None:
    name = case.title
    assert case.id in text(client, mira, "/cases?queue=child-safety&sort=due")
    assert case.id in text(client, mira, f"/cases?q={case.id}")
    for nothing in (
        "queue=general",
        "topic=live",
        "overdue=true",
        "mine=true",
        "q=zebra",
        "case_class=general",
    ):
        page = text(client, mira, f"/cases?{nothing}")
        assert "No case like this" in page, name
    assert client.get("/cases?topic=weather", headers=mira[0]).status_code == 422


def test_general_reviewers_see_their_own_pages_only(app: App, client: TestClient, case: Case) -> None:
    tom = signed_in(app, Role.REVIEWER, "tom")
    page = text(client, tom, "/queues")
    assert "general" in page
    assert "child-safety" not in page
    assert case.id not in text(client, tom, "/cases")
    assert client.get(f"/cases/{case.id}", headers=tom[0]).status_code == 404
    assert send(client, tom, f"/cases/{case.id}/work", step="take")[0] == 404
    assert send(client, tom, "/queues/next", queue="child-safety")[0] == 403
