"""`havenwall guard replay` over a real store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.unit.web.serving import confirmed, make_app
from typer.testing import CliRunner, Result

from havenwall.app import App
from havenwall.cli import cli
from havenwall.guard import Surface
from havenwall.guard.shadow import ShadowGuard, ShadowLog


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    monkeypatch.setenv("HAVENWALL_DATA", str(tmp_path / "data"))
    app = make_app(tmp_path)
    yield app
    app.close()


def invoke(*words: str) -> Result:
    return CliRunner().invoke(cli, ["guard", "replay", *words])


def ask(app: App, folder: Path) -> None:
    with ShadowLog(folder, rate=1) as log:
        ShadowGuard(app.guard, log).filter(["account:out", "account:in"], Surface.RECOMMENDED_ACCOUNTS)


def test_questions_before_and_after_a_decision_are_answered_the_same(app: App, tmp_path: Path) -> None:
    log = tmp_path / "log"
    ask(app, log)
    confirmed(app, "account:out")
    ask(app, log)
    found = json.loads(invoke(str(log), "--json").stdout)
    assert (found["same"], found["different"], found["gone"]) == (2, 0, 0)
    assert "answered the same" in invoke(str(log)).stdout


def test_a_line_that_was_changed_is_shown_and_fails(app: App, tmp_path: Path) -> None:
    confirmed(app, "account:out")
    ask(app, tmp_path / "log")
    [file] = (tmp_path / "log").iterdir()
    file.write_text(file.read_text().replace('"outcome":"drop"', '"outcome":"demote"'))
    result = invoke(str(file))
    assert result.exit_code == 1
    assert "logged: account:out demote" in result.stdout
    assert "now: account:out drop" in result.stdout


def test_no_such_log(app: App, tmp_path: Path) -> None:
    assert invoke(str(tmp_path / "none")).exit_code == 2
