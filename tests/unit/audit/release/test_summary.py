"""What lists and trends take from findings."""

from tests.unit.audit.release.kept import AT, finding

from havenwall.audit.release.summary import Trend, TrendPoint, marked, summary_of


def point(number, hash_="a", **changes):
    made = finding(number, **changes)
    return TrendPoint(
        id=made.id, at=AT, plan_hash=hash_, changed=False, outcome="pass", cells=summary_of(made).cells
    )


def test_the_worst_exposure_is_that_of_an_arm_that_is_judged():
    worst = summary_of(finding(exposure=0.04)).worst
    assert worst
    assert (worst.arm, worst.exposure) == ("candidate", 0.04)


def test_a_changed_plan_is_marked_once():
    points = [point(1), point(2), point(3, "b"), point(4, "b"), point(5)]
    assert [each.changed for each in marked(points)] == [False, False, True, False, True]
    assert marked([]) == []


def test_lines_have_a_gap_where_a_finding_has_no_such_cell():
    trend = Trend(name="n", points=[point(1, exposure=0.1), point(2, personas=("control",))], more=False)
    assert trend.places == [("control", "accounts"), ("seek", "accounts")]
    assert trend.lines("seek", "accounts") == {"none": [0.8, None], "candidate": [0.1, None]}
