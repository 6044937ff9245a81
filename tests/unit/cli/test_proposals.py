"""`havenwall terms`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.unit.web.talking import talk
from typer.testing import CliRunner

from havenwall.app import App, Config
from havenwall.cli import cli
from havenwall.model import Role


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a proposal in a folder of data, in which mira may decide and ana may not."""
    monkeypatch.chdir(tmp_path)
    app = App(Config(data=tmp_path / "havenwall-data"))
    app.store.people.add("mira", Role.SPECIALIST)
    app.store.people.add("ana", Role.ANALYST)
    one = talk(app)
    app.close()
    return one.id


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["terms", *words])
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.mark.slow
def test_a_proposal_is_listed_rejected_and_then_accepted(filled: str) -> None:
    assert [one["term"] for one in json.loads(run("search", "--json"))] == ["paperfinch"]
    assert filled[:12] in run("proposals", "list")
    assert "rejected by mira" in run("proposals", "reject", filled[:12], "--by", "mira", "--why", "common")
    assert "No proposals" in run("proposals", "list")
    accepted = run("proposals", "accept", filled, "--by", "mira", "--why", "seen", "--json")
    assert (json.loads(accepted)["state"], json.loads(accepted)["severity"]) == ("accepted", "suppress")
    assert json.loads(run("proposals", "list", "--state", "accepted", "--json"))[0]["by"] == "user:mira"


def test_only_a_person_with_the_right_decides(filled: str) -> None:
    run("proposals", "reject", filled, "--by", "ana", "--why", "common", code=5)
    run("proposals", "reject", filled, "--by", "nobody", "--why", "common", code=3)
    run("proposals", "reject", "nothing", "--by", "mira", "--why", "common", code=3)
