"""A network that adapts, release after release: the real service answers, and its findings are a trend."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from havenwall.app import App, Config
from havenwall.app.adversary import audit_adversary
from havenwall.audit.adversary import AdversaryPlan, Course, cell_of, course_svg, course_table
from havenwall.cli import cli
from havenwall.model import SYSTEM

pytestmark = pytest.mark.slow

PLAN = AdversaryPlan(
    size=2_000, releases=2, acts=400, reviewed=5, platform_seeds=1, accounts=5, rounds=3, personas=("seek",)
)


@pytest.fixture(scope="module")
def course() -> Course:
    return audit_adversary(PLAN, tell=lambda _: None)


def test_the_network_grows_and_spends_and_the_guard_answers(course: Course) -> None:
    first, *later = course.legs
    assert first.acts == 0
    assert first.moves == {}
    assert all(0 < leg.acts <= PLAN.acts and sum(leg.moves.values()) == 4 for leg in later)
    assert later[-1].members > first.members
    assert all(leg.hidden > 0.3 for leg in course.legs)


def test_every_release_is_safer_with_havenwall_than_without(course: Course) -> None:
    for leg in course.legs:
        shown = {arm: cell_of(leg.finding, "seek", arm).exposure for arm in ("none", "havenwall")}
        assert shown["havenwall"] < shown["none"]


def test_table_and_chart_have_a_place_for_each_release(course: Course) -> None:
    assert [row[0] for row in course_table(course.legs, PLAN.personas).rows] == ["0", "1", "2"]
    assert "exposure over releases" in course_svg(course)


def test_kept_findings_are_a_trend_of_one_plan(course: Course, tmp_path: Path) -> None:
    app = App(Config(data=tmp_path))
    for leg in course.legs:
        assert app.audits.keep(leg.finding)
    trend = app.audits.trend(SYSTEM, PLAN.release_plan.name)
    app.close()
    assert len(trend.points) == 3
    assert not any(point.changed for point in trend.points)


def test_a_strategy_that_is_none_is_refused_before_anything_runs() -> None:
    result = CliRunner().invoke(cli, ["audit", "adversary", "--strategy", "clever"])
    assert result.exit_code != 0
    assert "strategy" in result.output
