"""The alarms of the service: precision draw by draw, recall of the newest scoring."""

from tests.unit.network.precision.drawn import answered, good, run

from havenwall.network.precision import AuditConfig, Kind
from havenwall.network.precision.alarms import alarms, precision_reading

CONFIG = AuditConfig()


def kinds(draws, newest):
    return [alarm.kind for alarm in alarms(draws, newest, CONFIG)]


def test_nothing_to_say_without_draws():
    assert kinds([], None) == []
    assert kinds([], run()) == []


def test_all_is_well():
    assert kinds([good(28, day=day) for day in (5, 4, 3, 2, 1)], run()) == []


def test_reviewed_precision_falls():
    draws = [good(8, day=5), good(9, day=4), *(good(28, day=day) for day in (3, 2, 1))]
    (alarm,) = alarms(draws, run(), CONFIG)
    assert alarm.kind is Kind.PRECISION
    assert alarm.since == draws[1].at


def test_held_out_recall_falls():
    assert kinds([good(day=1)], run(held_out_recall=0.4)) == [Kind.RECALL]


def test_nobody_over_the_threshold_is_no_recall():
    assert kinds([good(day=1)], run(held_out_recall=0.0, over_threshold=0, members=0.5)) == []


def test_nobody_over_the_threshold_though_many_are_estimated_is():
    newest = run(held_out_recall=0.0, over_threshold=0, members=200.0)
    assert kinds([good(day=1)], newest) == [Kind.RECALL]


def test_an_open_draw_is_no_reading_of_precision():
    assert kinds([answered(None, None, day=4), good(day=1)], run()) == []


def test_a_reading_counts_the_flagged_only():
    reading = precision_reading(good(12))
    assert (round(reading.found), reading.total) == (12, 30)
