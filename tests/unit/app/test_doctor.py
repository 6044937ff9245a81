"""What the doctor says about term lists."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from havenwall.app import App, Config
from havenwall.app.doctor import Check, examine
from havenwall.app.terms import seal_list

TERM = {"id": "t1", "term": "bluewhistle", "severity": "block", "provenance": "test"}
OLD = {"id": "t2", "term": "amberfox", "expires": "2020-01-01T00:00:00Z"}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    app = App(Config(data=tmp_path / "data"))
    yield app
    app.close()


def seal(app: App, folder: Path, *rows: dict[str, str]) -> None:
    (folder / "list").write_text("\n".join(json.dumps(row) for row in rows))
    seal_list(app.config, folder / "list")


def terms(app: App) -> Check:
    return next(check for check in examine(app) if check.name == "terms")


def test_no_list_is_told_with_what_to_do(app: App) -> None:
    assert (terms(app).ok, "guard terms seal" in terms(app).detail) == (True, True)


def test_terms_age_and_expired_share(app: App, tmp_path: Path) -> None:
    seal(app, tmp_path, TERM, TERM | OLD)
    check = terms(app)
    assert check.ok
    assert "2 terms" in check.detail
    assert "50% expired" in check.detail
    assert "newest list 0 days old" in check.detail


def test_lists_that_are_mostly_expired_are_a_problem(app: App, tmp_path: Path) -> None:
    seal(app, tmp_path, TERM | OLD)
    assert (terms(app).ok, "newer list" in terms(app).detail) == (False, True)


def test_a_list_that_does_not_open_is_a_problem(app: App) -> None:
    app.config.terms_folder.mkdir(parents=True)
    (app.config.terms_folder / "bad.sealed").write_bytes(b"nonsense")
    assert (terms(app).ok, "not sealed" in terms(app).detail) == (False, True)


def test_a_refused_list_is_a_problem_though_the_old_one_is_in_force(app: App, tmp_path: Path) -> None:
    seal(app, tmp_path, TERM)
    assert terms(app).ok
    (app.config.terms_folder / "list.sealed").write_bytes(b"nonsense")
    app.query_guard.refresh()
    check = terms(app)
    assert not check.ok
    assert "are kept" in check.detail


def test_a_sign_in_server_whose_secret_is_not_there_is_a_problem(app: App, tmp_path: Path) -> None:
    assert next(check for check in examine(app) if check.name == "sign-in").ok
    settings = {"oidc_client": "x", "oidc_roles": "a=auditor", "oidc_secret": f"file:{tmp_path}/none"}
    other = App(Config(data=tmp_path / "other", oidc_issuer="https://login.example", **settings))
    check = next(check for check in examine(other) if check.name == "sign-in")
    other.close()
    assert (check.ok, str(tmp_path / "none") in check.detail) == (False, True)
