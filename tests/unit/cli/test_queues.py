"""`havenwall queues`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from havenwall.app import App, Config
from havenwall.cli import cli
from havenwall.model import SYSTEM, ReportDraft, ReportReason, Right, Viewer

FORUM = Viewer(name="key:forum", rights=frozenset({Right.SEND_REPORTS}))


@pytest.fixture(autouse=True)
def case_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A reported group in a folder of data; the id of its case."""
    monkeypatch.chdir(tmp_path)
    app = App(Config(data=tmp_path / "havenwall-data"))
    app.reports.take(FORUM, [ReportDraft(source_id="1", subject="group:g", reason=ReportReason.SPAM)])
    app.run()
    (case,) = app.store.cases(SYSTEM).cases()
    app.close()
    return case.id


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["queues", *words])
    assert done.exit_code == code, done.output
    return done.stdout


def told(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


def waiting() -> dict[str, int]:
    return {row["queue"]["name"]: row["count"]["waiting"] for row in told("list")}


def test_a_queue_is_set_up_changed_and_taken_away_and_its_cases_go_with_the_rules() -> None:
    assert waiting() == {"child-safety": 0, "general": 1}
    assert "1 cases moved" in run("set", "groups", "--class", "general", "--kind", "group", "--hours", "6")
    assert waiting() == {"child-safety": 0, "general": 0, "groups": 1}
    changed = told("set", "groups", "--policy", "[bold]gently", "--position", "5", "--topic", "report")
    assert (changed["by"], changed["moved"]) == ("system", 0)
    assert (changed["new"]["hours"], changed["new"]["rule"]["kinds"]) == (6.0, ["group"]), (
        "what was not given stays"
    )
    assert (changed["new"]["position"], changed["new"]["rule"]["topics"]) == (5, ["report"])
    shown = run("show", "groups")
    assert all(word in shown for word in ("[bold]gently", "group", "report", "6"))
    assert told("set", "groups", "--any", "--source", "authority", "--hours", "0")["moved"] == 1
    found = told("show", "groups")["queue"]
    assert (found["hours"], found["rule"]["kinds"], found["rule"]["sources"]) == (None, [], ["authority"])
    run("set", "groups", "--any")
    assert "1 cases moved" in run("remove", "groups")
    assert waiting() == {"child-safety": 0, "general": 1}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("show", "nowhere"), 3),
        (("remove", "nowhere"), 3),
        (("set", "new"), 2),
        (("set", "Bad Name", "--class", "general"), 2),
        (("set", "general", "--kind", "group"), 2),
        (("set", "child-safety", "--class", "general"), 2),
        (("set", "q", "--class", "general", "--min-priority", "101"), 2),
    ],
)
def test_what_is_not_acceptable_is_said_and_changes_nothing(words: tuple[str, ...], code: int) -> None:
    before = told("list")
    run(*words, code=code)
    assert told("list") == before


def test_a_default_queue_stays() -> None:
    done = CliRunner().invoke(cli, ["queues", "remove", "general"])
    assert done.exit_code != 0
    assert "general" in waiting()
