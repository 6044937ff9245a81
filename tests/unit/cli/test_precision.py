"""The report in sentences."""

import json

from tests.unit.network.precision.drawn import answered, good, run
from typer.testing import CliRunner

from havenwall.cli import cli
from havenwall.cli.precision import lines
from havenwall.network.precision import AuditConfig, report

CONFIG = AuditConfig()


def said(draws, **fields):
    return "\n".join(lines(report(draws, run(**fields), CONFIG)))


def test_nothing_yet_names_the_next_step():
    assert "havenwall network score" in said([])


def test_few_answers_say_how_many_are_missing():
    told = said([good(27)])
    assert "Precision of what rules may suppress: 90.0% (" in told
    assert "40 more answers are needed" in told


def test_an_open_draw_is_no_estimate():
    assert "No estimate yet" in said([answered(True, None)])


def test_a_breaker_and_an_alarm_are_told():
    told = said([good(5, day=4), good(5, day=3), good(28, day=2), good(28, day=1)])
    assert "RULES ARE STOPPED" in told
    assert "ALARM: Since" in told


def test_the_verb(tmp_path, monkeypatch):
    monkeypatch.setenv("HAVENWALL_DATA", str(tmp_path / "data"))
    shown = CliRunner().invoke(cli, ["network", "precision"])
    assert "No account was drawn" in shown.output
    printed = CliRunner().invoke(cli, ["network", "precision", "--json"])
    assert json.loads(printed.stdout)["draws"] == 0
