"""Fixtures of the web tests. Making a database takes a while, so the tests of a file share one."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from fastapi import FastAPI
from tests.unit.web.serving import TestClient, client_of, make_app

from havenwall.app import App
from havenwall.app.logs import set_up_logs
from havenwall.web import create_server


@pytest.fixture(autouse=True)
def logs() -> Iterator[None]:
    """Logs as in earnest: one JSON object a line on standard error."""
    set_up_logs("debug")
    yield
    structlog.reset_defaults()


@pytest.fixture
def logged(logs: None) -> Callable[[], str]:
    """What the test has logged so far."""
    lines = io.StringIO()
    structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=lines))
    return lines.getvalue


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """An application shared by the tests of a file."""
    app = make_app(tmp_path_factory.mktemp("app"))
    yield app
    app.close()


@pytest.fixture(scope="module")
def client(app: App) -> TestClient:
    """A client without credentials, of a server without its worker."""
    return client_of(create_server(app, worker=False))


@pytest.fixture
def fresh_app(tmp_path: Path, sqlite_template: Path) -> Iterator[App]:
    """An application of the test's own."""
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "havenwall.db")
    app = make_app(tmp_path)
    yield app
    app.close()


@pytest.fixture(scope="module")
def server(app: App) -> FastAPI:
    """A server to look at, shared by the tests of a file."""
    return create_server(app, worker=False)


@pytest.fixture
def own_server(app: App) -> FastAPI:
    """A server that the test may change; its application is shared."""
    return create_server(app, worker=False)
