"""Reports and reporters in the console: who sees which, who is muted, and no contact data by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.unit.web.serving import SAME_SITE, TestClient, add_person, client_of, cookie, make_app

from havenwall.app import App
from havenwall.model import SYSTEM, ReportDraft, Right, Role, Viewer
from havenwall.web import create_server
from havenwall.web.security import csrf_token

FORUM = Viewer(name="key:forum", rights=frozenset({Right.SEND_REPORTS}))


class Desk:
    """Somebody at the console."""

    def __init__(self, client: TestClient, app: App, role: Role) -> None:
        self._client, self._session = client, add_person(app, role)
        self._headers = cookie(app, self._session) | SAME_SITE | {"Accept": "text/html"}

    def get(self, path: str) -> Any:
        return self._client.get(path, headers=self._headers)

    def post(self, path: str, **fields: str) -> Any:
        sent = fields | {"csrf": csrf_token(self._session)}
        return self._client.post(path, data=sent, headers=self._headers)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = make_app(tmp_path_factory.mktemp("reports"))
    send(app, "1", text="They share <bluewhistle>.", contact="ada@example.org", reporter="account:ada")
    send(app, "2", reason="spam", subject="account:s", reporter="account:ada")
    for n in range(30):
        send(app, f"x{n}", text=f"report {n}", links=["https://a.example/1"])
    app.run(("reports", "casework", "report-outcomes"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return client_of(create_server(app, worker=False))


@pytest.fixture(scope="module")
def specialist(app: App, client: TestClient) -> Desk:
    return Desk(client, app, Role.SPECIALIST)


def send(app: App, source_id: str, **fields: Any) -> None:
    told = {"source_id": source_id, "subject": "group:g1", "reason": "child_group"} | fields
    app.reports.take(FORUM, [msgspec.convert(told, ReportDraft)])


def report_id(app: App, source_id: str) -> str:
    return next(r.id for r in app.store.reports_for(SYSTEM).reports(limit=99) if r.source_id == source_id)


def reporter(app: App) -> str:
    return app.store.reports_for(SYSTEM).report(report_id(app, "1")).reporter


def numbers(page: str) -> list[str]:
    return re.findall(r'href="/reports/[0-9A-Z]{26}">(HW-[0-9A-Z-]{9})<', page)


def test_the_list_is_paged_and_narrowed(app: App, specialist: Desk) -> None:
    first = specialist.get("/reports").text
    assert len(numbers(first)) == 25
    assert len(numbers(specialist.get("/reports?page=2").text)) == 7
    assert len(numbers(specialist.get("/reports?reason=spam").text)) == 1
    assert (
        len(numbers(specialist.get("/reports?state=in_review&source=platform&reason=child_group").text)) == 25
    )
    assert "No report like this" in specialist.get("/reports?source=flagger").text
    assert len(numbers(specialist.get("/reports?source=nonsense").text)) == 25
    assert len(numbers(specialist.get(f"/reports?reporter={reporter(app)}").text)) == 2


def test_each_role_sees_its_classes(app: App, client: TestClient) -> None:
    reviewer = Desk(client, app, Role.REVIEWER)
    assert len(numbers(reviewer.get("/reports").text)) == 1
    assert reviewer.get(f"/reports/{report_id(app, '1')}").status_code == 404
    assert reviewer.post(f"/reports/{report_id(app, '1')}/reveal").status_code == 404
    assert Desk(client, app, Role.AUDITOR).get("/reports").status_code == 403


def test_contact_data_is_shown_on_demand_and_logged(app: App, specialist: Desk) -> None:
    path = f"/reports/{report_id(app, '1')}"
    plain = specialist.get(path).text
    assert "ada" not in plain
    assert "They share &lt;bluewhistle&gt;." in plain
    shown = specialist.post(f"{path}/reveal").text
    assert "ada@example.org" in shown
    assert "account:ada" in shown
    assert app.store.access_log(2)[0].what in ("report", "report contact")
    assert "report contact" in {line.what for line in app.store.access_log(3)}


def test_links_of_reports_are_not_links(app: App, specialist: Desk) -> None:
    page = specialist.get(f"/reports/{report_id(app, 'x0')}").text
    assert "https://a.example/1" in page
    assert 'href="https://a.example' not in page


def test_a_case_shows_its_reports_and_who_sent_them(app: App, specialist: Desk) -> None:
    case = app.store.reports_for(SYSTEM).report(report_id(app, "1")).case_id
    page = specialist.get(f"/cases/{case}").text
    assert "Reports <span" in page
    assert "All 31 reports" in page
    assert "31 reporters" in page
    assert "ada" not in page


def test_reporters_are_muted_with_a_reason(app: App, client: TestClient, specialist: Desk) -> None:
    path = f"/reporters/{reporter(app)}"
    assert path in specialist.get("/reporters").text
    assert "Days; 0 ends it" not in specialist.get(path).text
    assert specialist.post(f"{path}/mute", days="3", why="x").status_code == 403
    boss = Desk(client, app, Role.ADMINISTRATOR)
    for fields in ({"days": "x", "why": "y"}, {"days": "3", "why": " "}):
        answer = boss.post(f"{path}/mute", **fields)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    assert boss.post(f"{path}/mute", days="3", why="wild claims").status_code == 303
    assert "wild claims" in specialist.get(path).text
    assert "muted" in specialist.get(f"/reports/{report_id(app, '1')}").text
    assert boss.post(f"{path}/mute", days="0", why="talked").status_code == 303
    assert "Not muted." in specialist.get(path).text


def test_without_reports_the_pages_say_so(tmp_path: Path) -> None:
    app = make_app(tmp_path)
    desk = Desk(client_of(create_server(app, worker=False)), app, Role.SPECIALIST)
    assert "No reports yet" in desk.get("/reports").text
    assert "Nobody is known yet" in desk.get("/reporters").text
    app.close()
