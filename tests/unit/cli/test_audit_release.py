"""`havenwall audit release | check | verify` as a CI job calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from havenwall.cli import cli

PLAN = """
name: nightly
platform: {adapter: sandbox, recommender: cofollow, accounts: 400}
labels: sandbox
personas: [seek]
arms: {none: {}, best: {drop_labelled: true}}
thresholds: [{metric: exposure, arm: %s, at_most: %s}]
accounts: 10
rounds: 2
k: 5
platform_seeds: 5
"""


def called(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(cli, ["audit", *words])
    return done.exit_code, done.output


def written(folder: Path, arm: str, most: float) -> str:
    path = folder / "plan.yaml"
    path.write_text(PLAN % (arm, most))
    return str(path)


@pytest.mark.parametrize(
    ("arm", "most", "code"), [("best", 0.3, 0), ("none", 0.05, 10), ("best", 0.001, 11)], ids=str
)
def test_the_exit_code_is_the_verdict(tmp_path: Path, arm: str, most: float, code: int) -> None:
    junit = tmp_path / "audit.xml"
    found, output = called("release", written(tmp_path, arm, most), "--junit", str(junit), "--json")
    assert found == code, output
    wanted = {0: 'failures="0" errors="0"', 10: 'failures="1" errors="0"', 11: 'failures="0" errors="1"'}
    assert wanted[code] in junit.read_text()


def test_the_evidence_can_be_verified_and_a_changed_one_cannot(tmp_path: Path) -> None:
    plan, bundle, key, page = (
        written(tmp_path, "best", 0.3),
        tmp_path / "a.zip",
        tmp_path / "k",
        tmp_path / "a.html",
    )
    code, output = called("release", plan, "--bundle", str(bundle), "--key", str(key), "--html", str(page))
    assert code == 0, output
    assert "nightly: pass" in output
    assert page.read_text().startswith("<!doctype html>")
    code, output = called("verify", str(bundle), "--json")
    assert code == 0, output
    assert json.loads(output)["trusted"] is False
    bundle.write_bytes(bundle.read_bytes().replace(b"PK", b"KP", 1))
    assert called("verify", str(bundle))[0] == 2


def test_a_plan_is_checked_without_being_run(tmp_path: Path) -> None:
    code, output = called("check", written(tmp_path, "best", 0.3))
    assert code == 0
    assert "nightly: good" in output
    code, output = called("check", written(tmp_path, "missing", 0.3))
    assert code == 2
    assert "thresholds[0].arm" in output


def test_evidence_needs_a_key(tmp_path: Path) -> None:
    code, output = called("release", written(tmp_path, "best", 0.3), "--bundle", str(tmp_path / "a.zip"))
    assert code == 2
    assert "key" in output
