"""Two accounts beside each other, the path of ties to a confirmed one, and the policy beside the form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from tests.unit.web.serving import TestClient, client_of, event, make_app, together
from tests.unit.web_console.test_reports_pages import Desk

from havenwall.app import App
from havenwall.intake import check_event
from havenwall.model import SYSTEM, Right, Role, Verb, Viewer
from havenwall.web import create_server

A, B, C, D = (f"account:{name}" for name in "abcd")
MIRA = Viewer(name="user:mira", rights=frozenset(Right))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A case of four accounts: a follows b, b and c follow each other, d is alone; c is confirmed."""
    app = make_app(tmp_path_factory.mktemp("compare"))
    ties = [(A, B), (B, C), (C, B)]
    raw = [event(n, type="link", entity=a, target=b, link="follow") for n, (a, b) in enumerate(ties)]
    app.ingest_events([check_event(one) for one in raw])
    case_id = together(app, A, B, C, D)
    app.decide(MIRA, case_id, app.store.cases(MIRA).case(case_id).version, Verb.CONFIRM, [C], "seen")
    queue = app.store.queues.all()["child-safety"]
    app.queues.save(MIRA, msgspec.structs.replace(queue, policy="Look twice at everything."))
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return client_of(create_server(app, worker=False))


@pytest.fixture
def path(app: App) -> str:
    return f"/cases/{app.store.cases(SYSTEM).cases()[0].id}"


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_path_to_a_confirmed_account_is_listed_and_marked(
    app: App, client: TestClient, path: str
) -> None:
    desk = Desk(client, app, Role.ANALYST)
    page = desk.get(f"{path}?path={A}")
    assert "account:a follow → account:b account:b follow → account:c" in words(page)
    assert page.text.count('class="tie path"') == 2
    assert page.text.count('class="walked"') == 3
    assert "lead from it to a confirmed one" in words(desk.get(f"{path}?path={D}"))
    assert "It is confirmed itself" in words(desk.get(f"{path}?path={C}"))
    assert desk.get(f"{path}?path=account:nobody").status_code == 404
    assert "Shortest path of ties" not in words(desk.get(path))
    assert f'href="{path}?path=account%3Aa#drawing-title"' in desk.get(f"{path}/members/{A}").text


def test_two_accounts_stand_beside_each_other(app: App, client: TestClient, path: str) -> None:
    desk = Desk(client, app, Role.SPECIALIST)
    page = words(desk.get(f"{path}/compare?one={A}&two={C}"))
    for said in (
        "State to review confirmed by mira",
        "Probability",
        "In the case since",
        "No tie of their own",
        "Tied to both: 1 account:b",
    ):
        assert said in page
    tied = words(desk.get(f"{path}/compare?one={B}&two={C}"))
    assert "account:b follow → account:c" in tied
    assert "account:c follow → account:b" in tied


@pytest.mark.parametrize("query", ["", f"?one={A}", f"?one={A}&two={A}", f"?one={A}&two=account:nobody"])
def test_what_cannot_be_compared_is_said_and_kept(
    app: App, client: TestClient, path: str, query: str
) -> None:
    answer = Desk(client, app, Role.SPECIALIST).get(f"{path}/compare{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert not query or f'value="{A}"' in answer.text


def test_accounts_selected_in_the_table_are_compared(app: App, client: TestClient, path: str) -> None:
    desk = Desk(client, app, Role.SPECIALIST)
    two = desk.post(f"{path}/compare", entity=[A, C])
    assert two.headers["location"] == f"{path}/compare?one=account%3Aa&two=account%3Ac"
    three = desk.post(f"{path}/compare", entity=[A, B, C])
    assert three.headers["location"] == f"{path}/compare"
    stranger = Desk(client, app, Role.REVIEWER)
    assert stranger.get(f"{path}/compare?one={A}&two={C}").status_code == 404


def test_the_policy_stands_beside_the_decision(app: App, client: TestClient, path: str) -> None:
    desk = Desk(client, app, Role.SPECIALIST)
    for page in (desk.get(path), desk.get(f"{path}/members/{A}")):
        form = re.search(r'<form id="decide".*?</form>', page.text, re.DOTALL)
        assert form is not None
        assert "Look twice at everything." in form[0]
