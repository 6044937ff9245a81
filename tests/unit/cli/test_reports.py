"""`havenwall reports`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from havenwall.app import App, Config
from havenwall.cli import cli
from havenwall.model import ReportDraft, ReportReason, Right, Viewer

FORUM = Viewer(name="key:forum", rights=frozenset({Right.SEND_REPORTS}))


@pytest.fixture
def number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The number of a report in a folder of data."""
    monkeypatch.chdir(tmp_path)
    app = App(Config(data=tmp_path / "havenwall-data"))
    told = {"source_id": "1", "subject": "account:a", "text": "[bold]words", "reporter": "account:r"}
    draft = ReportDraft(reason=ReportReason.SPAM, contact="ada@example.org", **told)
    (receipt,) = app.reports.take(FORUM, [draft])
    app.close()
    return receipt.number


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["reports", *words])
    assert done.exit_code == code, done.output
    return done.stdout


def test_reports_are_listed_shown_and_their_reporter_muted(number: str) -> None:
    assert number in run("list", "--reason", "spam")
    assert "No reports" in run("list", "--state", "upheld")
    shown = run("show", number.lower().replace("-", " "))
    assert "[bold]words" in shown
    assert "ada" not in shown
    reporter = json.loads(run("show", number, "--json"))["report"]["reporter"]
    assert reporter in run("mute", reporter, "--why", "false", "--days", "2")
    assert json.loads(run("show", number, "--json"))["reputation"]["mute"]["why"] == "false"
    assert json.loads(run("mute", reporter, "--why", "talked", "--days", "0", "--json"))["by"] == "system"


def test_what_is_not_there_is_said(number: str) -> None:
    run("show", number[:-1] + ("A" if number[-1] != "A" else "B"), code=3)
    run("mute", "r-nobody", "--why", "x", code=3)
    run("mute", "r-nobody", "--why", " ", code=2)
