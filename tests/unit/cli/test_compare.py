"""`havenwall compare`, as a person types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from havenwall.cli import cli

TWO = """
title: "A [bold]title"
canaries: search
platforms:
  - name: "[red]first"
    found: 405
    effort: {amount: 1, unit: studies}
    detection: {planted: 30, found: 18}
    recapture: {two_lists: {first: 300, second: 200, both: 95}}
    survival: {checks: [{day: 30, active: 31}]}
  - name: second
    found: 128
    effort: {amount: 1, unit: studies}
    detection: {planted: 20, found: 6}
    survival: {checks: [{day: 30, active: 22}]}
"""
THIRD = """
  - name: third
    found: 4
    effort: {amount: 1, unit: studies}
    detection: {planted: 200, found: 190}
    sessions: [4, 0, 0, 0, 0]
    survival: {checks: [{day: 30, active: 2}]}
"""


def run(folder: Path, content: str, *words: str) -> Result:
    file = folder / "platforms.yaml"
    file.write_text(content, encoding="utf-8")
    return CliRunner().invoke(cli, ["compare", str(file), *words])


def test_tables_say_what_is_known_and_refuse_the_rest(tmp_path: Path) -> None:
    done = run(tmp_path, TWO)
    assert done.exit_code == 0, done.output
    assert "A [bold]title" in done.stdout
    assert "3.16 [2.60, 3.87]" in done.stdout
    assert "[red]first and second cannot be ranked: the interval holds 1" in done.stdout
    assert "to settle it: about" in done.stdout
    assert "a lower bound" in done.stdout
    assert "still active on second than on [red]first" in done.stdout
    assert "Counts say what was found, not what is there." in done.stdout


def test_three_platforms_are_ranked_as_far_as_it_goes(tmp_path: Path) -> None:
    done = run(tmp_path, TWO + THIRD)
    assert "for all 3 pairs" in done.stdout
    assert "[red]first is higher than third" in done.stdout
    assert "cannot be told apart" in done.stdout
    assert "in clumps" in done.stdout


def test_without_canaries_the_tipping_point_is_told(tmp_path: Path) -> None:
    blind = "\n".join(line for line in TWO.splitlines() if "detection" not in line)
    assert "2.60 times as surely" in run(tmp_path, blind).stdout


def test_json_has_everything(tmp_path: Path) -> None:
    found = json.loads(run(tmp_path, TWO, "--json").stdout)
    assert found["ratios"][0]["sign"] == "undetermined"
    assert found["order"][1]["unranked_against"] == ["[red]first"]


@pytest.mark.parametrize(
    ("change", "says"),
    [(("found: 405", "found: -1"), "platforms[0].found"), (("canaries: search\n", ""), "canaries")],
)
def test_a_bad_field_is_named_with_a_remedy(tmp_path: Path, change: tuple[str, str], says: str) -> None:
    done = run(tmp_path, TWO.replace(*change))
    assert done.exit_code == 2
    assert says in done.stderr
    assert "hint:" in done.stderr


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["compare", str(tmp_path / "none.yaml")])
    assert (done.exit_code, "cannot read" in done.stderr) == (2, True)
