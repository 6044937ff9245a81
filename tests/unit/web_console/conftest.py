"""A small real case, made by the stages from events, and a client of the real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.unit.web.serving import TestClient, add_person, client_of, cookie, make_app
from tests.unit.web_console.sandboxed import fill

from havenwall.app import App
from havenwall.model import Role
from havenwall.web import create_server


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An application in which the stages opened a case."""
    app = make_app(tmp_path_factory.mktemp("console"))
    fill(app)
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    return client_of(create_server(app, worker=False))


@pytest.fixture(scope="module")
def as_role(app: App) -> dict[Role, dict[str, str]]:
    """The headers of a browser that somebody of each role has signed in with."""
    return {
        role: cookie(app, add_person(app, role)) | {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
        for role in Role
    }
