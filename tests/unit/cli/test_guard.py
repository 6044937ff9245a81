"""Signing for a smaller snapshot, and what doctor says before that."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from havenwall.app import App, Config
from havenwall.app.doctor import examine
from havenwall.cli import cli
from havenwall.engine import Output, StandingChange
from havenwall.guard import write_snapshot
from havenwall.model import Restriction, now


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HAVENWALL_DATA", str(tmp_path / "data"))
    return tmp_path


def restrict(app: App, count: int) -> None:
    changes = tuple(
        StandingChange(
            entity=f"account:{number}",
            restriction=Restriction.SUPPRESSED,
            confirmed=False,
            decision_id="d",
            reason="test",
        )
        for number in range(count)
    )
    app.store.streams.commit(app.stages[0], {}, Output(standing=changes))
    app.publish()


def guard_check(app: App) -> tuple[bool, str]:
    [found] = [check for check in examine(app) if check.name == "guard"]
    return found.ok, found.detail


def test_doctor_says_what_to_do_and_the_verb_does_it(folder: Path, monkeypatch) -> None:
    monkeypatch.setattr("havenwall.guard.watch._RETRY", 0.0)
    app = App(Config(data=folder / "data"))
    restrict(app, 200)
    app.guard.refresh()
    assert guard_check(app)[0] is True
    write_snapshot(app.config.guard_folder, [], watermark=10_000, built_at=now())
    app.guard.refresh()
    ok, detail = guard_check(app)
    assert ok is False
    assert "is kept" in detail
    [to] = re.findall(r"allow-shrink --to (\d+)", detail)
    done = CliRunner().invoke(cli, ["guard", "allow-shrink", "--to", to, "--json"])
    assert json.loads(done.output)["to"] == 0
    assert app.config.guard_key_file.exists()
    app.guard.refresh()
    assert (app.guard.status().problem, app.guard.status().entries) == (None, 0)
    app.close()


def test_misuse_of_the_verb_names_the_field(folder: Path) -> None:
    for wrong, field in ((["--to", "-1"], "to"), (["--to", "1", "--hours", "0"], "hours")):
        done = CliRunner().invoke(cli, ["guard", "allow-shrink", *wrong])
        assert done.exit_code != 0
        assert field in done.output + done.stderr
