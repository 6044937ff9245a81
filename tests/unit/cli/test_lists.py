"""`havenwall lists`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from havenwall.cli import cli

MD5 = "a" * 32


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HAVENWALL_CONFIG", raising=False)
    (tmp_path / "own.txt").write_text(f"md5:{MD5}\tnote\npdq:{'0' * 64}\nodd\n")
    return tmp_path


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, ["lists", *words])
    assert done.exit_code == code, done.output
    return done.stdout


def told(*words: str, code: int = 0) -> Any:
    return json.loads(run(*words, "--json", code=code))


def test_a_file_is_checked_imported_shown_and_asked(folder: Path) -> None:
    checked = told("check", "own.txt", code=2)
    assert (checked["items"], checked["rejected"]) == (2, 1)
    assert told("import", "own", "own.txt")["done"]["added"] == 2
    assert json.loads((folder / "own.txt.rejects.jsonl").read_text())["where"] == "line 3"
    assert [each["bank"]["name"] for each in told("show")] == ["own"]
    detail = told("show", "own", "--state", "active")
    assert len(detail["entries"]) == 2
    found = told("find", f"md5:{MD5}")
    assert found["acts"]
    assert [match["bank"] for match in found["matches"]] == ["own"]
    assert told("find", f"pdq:{'0' * 63}1", "--without", "own")["matches"] == []


def test_settings_add_up_and_can_be_emptied() -> None:
    run("set", "own", "--radius", "9", "--purpose", "a", "--purpose", "b")
    bank = told("set", "own", "--negative", "--option", "mode=changes", "--source", "csv")["bank"]
    assert (bank["radius"], bank["purposes"], bank["negative"]) == (9, ["a", "b"], True)
    assert bank["source"]["options"] == {"mode": "changes"}
    assert told("set", "own", "--purpose", "", "--no-negative")["bank"]["purposes"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("set", "Bad Name"),
        ("set", "own", "--radius", "32"),
        ("set", "own", "--kind", "Two words"),
        ("set", "own", "--flood", "-1"),
        ("set", "own", "--option", "x"),
        ("set", "own", "--option", "api_key=x"),
        ("set", "own", "--credentials", "s3cret"),
        ("set", "own", "--address", "http://lists.example.org/x"),
        ("set", "own", "--address", "https://us:word@lists.example.org/x"),
        ("set", "own", "--address", "https://lists.example.org/x?token=1"),
        ("set", "own", "--source", "ncmec"),
        ("import", "own", "nowhere.txt"),
        ("find", "nonsense"),
        ("entry", "own", "1", "withdrawn"),
    ],
)
def test_what_is_not_right_is_said_and_nothing_kept(words: tuple[str, ...]) -> None:
    assert run(*words, code=2) == ""
    assert told("show") == []


def test_what_is_not_there() -> None:
    for words in (("import", "own"), ("show", "own"), ("entry", "own", "1", "active")):
        run(*words, code=3)


def test_tables_are_for_people() -> None:
    run("import", "own", "own.txt")
    assert "own" in run("show")
    assert "line 3" in run("show", "own")
    assert "set_aside" in run("entry", "own", "1", "set_aside", "--why", "a logo")
    assert "set aside" in run("find", f"md5:{MD5}")
    assert "1 md5" in run("check", "own.txt", code=2)
