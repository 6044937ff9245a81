"""`havenwall guard query` and `guard terms`, as a person types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from havenwall.cli import cli

TERM = {"id": "t1", "term": "bluewhistle", "severity": "block", "provenance": "test"}


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HAVENWALL_CONFIG", raising=False)
    (tmp_path / "list.jsonl").write_text(json.dumps(TERM) + "\n")
    return tmp_path / "list.jsonl"


def run(*words: str, code: int = 0) -> str:
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == code, done.output
    return done.stdout


@pytest.mark.slow
def test_a_list_is_checked_sealed_and_asked(plain: Path) -> None:
    checked = json.loads(run("guard", "terms", "check", str(plain), "--json"))
    assert (checked["terms"], checked["expired"], checked["sealed"]) == (1, 0, None)
    sealed = Path(json.loads(run("guard", "terms", "seal", str(plain), "--json"))["sealed"])
    assert b"bluewhistle" not in sealed.read_bytes()
    verdict = json.loads(run("guard", "query", "b1uewhistle", "--json"))
    assert (verdict["outcome"], verdict["term"]) == ("blocked", "t1")
    assert "dropped" in run("guard", "query", "bluewhistle", "--surface", "autocomplete")
    run("guard", "query", "x", "--surface", "nowhere", code=2)


def test_a_bad_list_ends_with_an_error_and_keeps_nothing(plain: Path) -> None:
    plain.write_text(json.dumps(TERM | {"term": "tin", "mode": "substring", "severity": "hush"}))
    run("guard", "terms", "seal", str(plain), code=2)
    assert not (plain.parent / "havenwall-data" / "terms").exists()
    run("guard", "terms", "check", "nowhere.jsonl", code=2)
