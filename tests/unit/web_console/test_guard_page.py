"""The page Guard: empty, filled, looked up, tried, and shut to those who may not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.web.serving import key

from havenwall.app import App
from havenwall.guard.tally import Tallied
from havenwall.model import SYSTEM, Case, MemberState, Right, Role
from havenwall.web.console.drops import bars_svg, drop_rows

NOW = datetime(2026, 3, 5, 10, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def case(app: App) -> Case:
    return app.store.cases(SYSTEM).cases()[0]


@pytest.fixture(scope="module")
def dropped(app: App, case: Case) -> str:
    return app.store.cases(SYSTEM).members(case.id, state=MemberState.CONFIRMED, limit=1)[0].entity


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def token(page: str) -> str:
    return re.findall(r'name="csrf" value="([^"]+)"', page)[0]


def test_before_anybody_asked_it_says_how(client, as_role) -> None:
    page = client.get("/guard", headers=as_role[Role.ANALYST])
    assert page.status_code == 200
    assert "Nobody has asked over the API in this span" in page.text
    assert re.search(r"Last sign of life \d+ seconds ago complete", text_of(page.text))


def test_drops_over_the_api_are_shown_by_surface(client, as_role, app: App, dropped: str) -> None:
    headers = key(app, Right.ASK_GUARD)
    for path, names in (("filter", "candidates"), ("columns", "ids")):
        asked = {"surface": "recommended_accounts", names: [dropped, "account:nobody"]}
        assert client.post(f"/v1/guard/{path}", json=asked, headers=headers).status_code == 200
    contact = {"surface": "message", "sender": dropped, "receiver": "account:nobody"}
    client.post("/v1/guard/contact", json=contact, headers=headers)
    client.post("/v1/guard/query", json={"surface": "search_query", "text": "tin lantern"}, headers=headers)
    for days in (1, 14):
        page = client.get(f"/guard?days={days}", headers=as_role[Role.ANALYST]).text
        assert re.search(r"Recommended accounts 4 2 50.% 0", text_of(page))
        assert "Message 1" in text_of(page)
        assert "Search query 1 0" in text_of(page)
        assert page.count('class="drops"') == 3


def test_why_an_account_is_dropped_with_the_way_to_its_decision(
    client, as_role, app: App, case: Case, dropped: str
) -> None:
    page = client.get(f"/guard?entity={dropped}", headers=as_role[Role.ANALYST]).text
    assert f'href="/cases/{case.id}/members/{dropped}"' in page
    standing = app.store.casework.standings([dropped])[dropped]
    assert f">{standing.decision_id}</a>" in page
    assert standing.reason in page
    assert "Recommended accounts drop" in text_of(page)
    line = app.store.access_log(1)[0]
    assert (line.what, line.subject) == ("guard", dropped)


def test_who_looks_changes_the_verdict(client, as_role, dropped: str) -> None:
    analyst = as_role[Role.ANALYST]
    pages = [
        text_of(client.get(f"/guard?entity={dropped}&viewer_class={who}", headers=analyst).text)
        for who in ("", "minor")
    ]
    assert pages[0] != pages[1]


def test_an_entity_nobody_decided_about_and_one_that_is_none(client, as_role) -> None:
    page = client.get("/guard?entity=account:<nobody>", headers=as_role[Role.ANALYST])
    assert page.status_code == 200
    assert "Nothing was ever decided about it" in page.text
    assert "<nobody>" not in page.text
    wrong = client.get("/guard?entity=nokind", headers=as_role[Role.ANALYST])
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text


def test_figures_alone_do_not_let_anybody_look_up_or_try(client, as_role, dropped: str) -> None:
    auditor = as_role[Role.AUDITOR]
    page = client.get("/guard", headers=auditor)
    assert page.status_code == 200
    assert "Why was this dropped" not in page.text
    assert client.get(f"/guard?entity={dropped}", headers=auditor).status_code == 403
    form = {"text": "x", "csrf": token(page.text)}
    assert client.post("/guard/query", data=form, headers=auditor).status_code == 403


def test_a_text_is_read_in_every_view(client, as_role) -> None:
    analyst = as_role[Role.ANALYST]
    form = {"text": "B l u e <b>", "csrf": token(client.get("/guard", headers=analyst).text)}
    page = client.post("/guard/query", data=form, headers=analyst)
    assert page.status_code == 200
    assert "Allow" in text_of(page.text)
    assert "<b>" not in page.text
    assert client.post("/guard/query", data={"text": "x"}, headers=analyst).status_code == 403
    for wrong in ({"surface": "nowhere"}, {"text": "x" * 2_001}):
        answer = client.post("/guard/query", data=form | wrong, headers=analyst)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text


def rows(*drops: tuple[timedelta, str, int]) -> list[Tallied]:
    start = NOW.replace(minute=0)
    return [
        Tallied(hour=start - back, surface=surface, judged=10, dropped=dropped, changed=1)
        for back, surface, dropped in drops
    ]


def test_bars_fall_into_their_hours_and_days() -> None:
    told = rows(
        (timedelta(0), "trends", 4),
        (timedelta(hours=23), "trends", 2),
        (timedelta(hours=24), "trends", 7),
        (timedelta(hours=1), "digests", 9),
        (timedelta(days=20), "digests", 9),
    )
    short = drop_rows(told, NOW, long=False)
    assert [(row.surface, row.dropped, row.judged) for row in short] == [
        ("digests", 9, 10),
        ("trends", 6, 20),
    ]
    assert "2, 0" in short[1].bars
    assert short[1].bars.endswith("</svg>")
    long = drop_rows(told, NOW, long=True)
    assert [(row.surface, row.dropped) for row in long] == [("trends", 13), ("digests", 9)]
    assert ": 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 4" in long[0].bars


def test_bars_of_nothing_and_of_extremes() -> None:
    assert "None dropped" in bars_svg([0, 0], "hour")
    heights = [float(h) for h in re.findall(r'height="([\d.]+)"/>', bars_svg([1, 10**9, 0], "hour"))]
    assert heights == [1.0, 22.0, 0.5]
