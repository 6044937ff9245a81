"""Fixtures that every kind of test shares."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from tests.postgres import fresh_database, server_url

from havenwall.store import Store
from havenwall.store.database import Database

for name in [name for name in os.environ if name.startswith("HAVENWALL_") and name != "HAVENWALL_BENCH_DATA"]:
    del os.environ[name]

# How long an example takes says more about the machine than about the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real PostgreSQL server, up for the session."""
    with server_url(tmp_path_factory.mktemp("postgres")) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """URL of an empty database without tables, one of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/havenwall.db"
    return fresh_database(request.getfixturevalue("postgres"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating anew for every test would take most of its time."""
    path = tmp_path_factory.mktemp("template") / "havenwall.db"
    Database.open(f"sqlite:///{path}").close()
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """Name of a migrated PostgreSQL database to copy."""
    url = fresh_database(postgres)
    Database.open(url).close()
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store on each kind of database in turn."""
    if request.param == "sqlite":
        store = request.getfixturevalue("store")
    else:
        template = request.getfixturevalue("postgres_template")
        store = Store.open(fresh_database(request.getfixturevalue("postgres"), template), tmp_path / "data")
    yield store
    store.close()


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[Store]:
    """An empty store on SQLite."""
    shutil.copy(sqlite_template, tmp_path / "havenwall.db")
    store = Store.open(f"sqlite:///{tmp_path}/havenwall.db", tmp_path / "data")
    yield store
    store.close()


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of Chromium; the test is skipped where there is none."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium here: `make test` installs it where it runs as root")
    return path
