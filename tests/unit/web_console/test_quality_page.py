"""Blind reviews in the console: what is shown, what is kept back, and a form that keeps what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import SAME_SITE, add_person, client_of, confirmed, cookie, key, make_app
from tests.unit.web_console.test_reports_pages import Desk

from havenwall.app import App
from havenwall.model import Right, Role
from havenwall.model.quality import ReviewState
from havenwall.web import create_server
from havenwall.web.security import CSRF_HEADER, csrf_token

WHO = "account:quinn"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = make_app(tmp_path_factory.mktemp("quality"))
    confirmed(app, WHO)
    app.run(("quality",))
    yield app
    app.close()


def page_until(text: str) -> str:
    """Until when the page says that the review is held, as the API writes it."""
    return str(re.findall(r'data-until="([^"]+)"', text)[0]).replace("+00:00", "Z")


def test_a_shift_of_blind_review(app: App, tmp_path: Path) -> None:
    client = client_of(create_server(app, worker=False))
    specialist, manager = Desk(client, app, Role.SPECIALIST), Desk(client, app, Role.MANAGER)
    assert "not enough yet" in manager.get("/quality").text
    assert "/quality/next" not in manager.get("/quality").text
    assert manager.get("/quality/next").status_code == 403
    page = specialist.get("/quality/next")
    assert WHO in page.text
    assert "robin" not in page.text
    assert '<input type="hidden" name="part" value="2">' in page.text
    beat = re.findall(r'data-lease="([^"]+)"', page.text)[0]
    assert specialist.post(beat).json()["held_until"] > page_until(page.text)
    assert "Nothing waits" in Desk(client, app, Role.SPECIALIST).get("/quality/next").text, "it is theirs"
    another = re.findall(r'href="(/quality/next\?skip=[^"]+)">Another one instead', page.text)[0]
    assert "Nothing waits" in specialist.get(another).text
    assert specialist.post(beat).status_code == 409, "passed over, it goes to others"
    assert specialist.get("/quality/next").status_code == 200
    review = next(r for r, _ in app.store.reviews.all() if r.by_person)
    where = f"/quality/reviews/{review.id}"
    fault = specialist.post(where, judged="nonsense", why="what I typed")
    assert fault.status_code == 422
    assert "what I typed" in fault.text
    assert beat in fault.text, "a mistake does not take it away"
    assert specialist.post(where, judged="confirmed", why="as I see it").status_code == 303
    assert next(r for r, _ in app.store.reviews.all() if r.id == review.id).state is ReviewState.SETTLED
    assert "Nothing waits" in specialist.get("/quality/next").text
    golden = {"decision_id": review.decision_id, "entity": WHO, "judged": "confirmed", "why": "beyond doubt"}
    assert specialist.post("/quality/golden", **golden).status_code == 303
    (one,) = [r for r, _ in app.store.reviews.all() if r.golden]
    assert (one.state, one.why) == (ReviewState.WAITING, "beyond doubt")
    assert specialist.post("/quality/golden", **golden | {"withdraw": "true"}).status_code == 303
    assert next(r for r, _ in app.store.reviews.all() if r.golden).state is ReviewState.SETTLED


def test_the_api_does_the_same(app: App) -> None:
    client = client_of(create_server(app, worker=False))
    figures = client.get("/v1/quality", headers=key(app, Right.SEE_FIGURES))
    assert figures.json()["drawn"] >= 1
    assert "user:" not in figures.text
    robot = client.post("/v1/quality/next", headers=key(app, Right.REVIEW_QUALITY))
    assert robot.status_code == 403, "no machine reviews"
    person = cookie(app, add_person(app, Role.SPECIALIST)) | SAME_SITE
    person |= {CSRF_HEADER: csrf_token(person["Cookie"].partition("=")[2])}
    unknown = {"decision_id": "none", "entity": WHO, "why": "x"}
    assert client.post("/v1/quality/golden/withdraw", json=unknown, headers=person).status_code == 404
    assert client.post("/v1/quality/next?skip=a&skip=b", headers=person).status_code in (200, 404)
