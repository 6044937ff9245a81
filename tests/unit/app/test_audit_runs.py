"""A plan runs in the background, one at a time; it can be stopped, and it stops with the application."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from tests.unit.audit.release.kept import TEXT

from havenwall.app import App, Config
from havenwall.app.audit_runs import AuditRun
from havenwall.errors import BadInput, Conflict, Forbidden
from havenwall.model import SYSTEM, Right, Viewer

LONG = TEXT.replace("rounds: 3", "rounds: 1000").replace("accounts: 4\n", "accounts: 20\n")


@pytest.fixture
def app(tmp_path) -> Iterator[App]:
    app = App(Config(data=tmp_path / "data"))
    yield app
    app.close()


def ended(app: App) -> AuditRun:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        run = app.audit_runs.newest()
        if run and run.is_over:
            return run
        time.sleep(0.02)
    raise AssertionError("the run does not end")


def test_a_run_keeps_its_finding(app):
    assert app.audit_runs.newest() is None
    begun = app.audit_runs.start(SYSTEM, TEXT)
    assert not begun.is_over
    run = ended(app)
    assert (run.state, run.problem) == ("done", "")
    assert run.done == run.total > 0
    assert app.audits.one(SYSTEM, run.finding_id).plan_hash == begun.plan_hash


def test_one_at_a_time_and_stopped_at_its_next_step(app):
    app.audit_runs.start(SYSTEM, LONG)
    with pytest.raises(Conflict, match="another audit is running"):
        app.audit_runs.start(SYSTEM, TEXT)
    app.audit_runs.stop(SYSTEM)
    assert ended(app).state == "stopped"
    assert app.audits.count(SYSTEM) == 0


def test_what_cannot_be_run_is_told(app):
    with pytest.raises(BadInput, match=r"platform\.adapter"):
        app.audit_runs.start(SYSTEM, TEXT.replace("{adapter: sandbox", "{adapter: command, command: [x]} #"))
    app.audit_runs.start(SYSTEM, TEXT.replace("labels: sandbox", "labels: none.csv"))
    run = ended(app)
    assert run.state == "failed"
    assert "none.csv" in run.problem


def test_only_who_manages_runs_and_stops(app):
    nobody = Viewer(name="user:robin", rights=frozenset(set(Right) - {Right.MANAGE}))
    with pytest.raises(Forbidden):
        app.audit_runs.start(nobody, TEXT)
    with pytest.raises(Forbidden):
        app.audit_runs.stop(nobody)


def test_it_ends_with_the_application(tmp_path):
    app = App(Config(data=tmp_path / "data"))
    app.audit_runs.start(SYSTEM, LONG)
    app.close()
    run = app.audit_runs.newest()
    assert run
    assert run.state == "stopped"
