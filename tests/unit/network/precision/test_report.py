"""The gate, and the report around it."""

import pytest
from tests.unit.network.precision.drawn import answered, good, run

from havenwall.errors import BadConfig
from havenwall.model import Part
from havenwall.network.precision import AuditConfig, report

CONFIG = AuditConfig()


def told(draws, **fields):
    return report(draws, run(**fields), CONFIG)


def test_before_any_draw():
    empty = report([], None, CONFIG)
    assert empty.estimate is None
    assert empty.gate.may_widen
    assert (empty.draws, empty.missing, empty.buckets) == (0, 100, ())


def test_before_enough_answers_the_quotas_hold_and_nothing_else():
    early = told([good(0)])
    assert early.estimate.precision.high < 0.2
    assert early.gate.may_widen
    assert (early.missing, early.missing_to_fit) == (40, 90)


def test_good_audits_approve_what_was_flagged():
    well = told([good(day=2, flagged=120), good(day=1)])
    assert well.gate.may_widen
    assert well.gate.approved == 120
    assert well.missing == 0


def test_low_precision_trips_the_breaker():
    bad = told([good(12, day=2), good(14, day=1)], approved=100)
    assert not bad.gate.may_widen
    assert bad.gate.approved == 100
    assert "below the target of 80%" in bad.gate.why


def test_precision_around_the_target_neither_approves_nor_stops():
    unsure = told([good(25, day=2), good(24, day=1)])
    assert unsure.gate.may_widen
    assert unsure.gate.approved == 0


def test_far_more_than_was_approved_waits_for_a_draw_of_them():
    draws = [good(day=2), good(day=1)]
    assert told(draws, flagged=150).gate.may_widen
    wide = told(draws, flagged=151)
    assert not wide.gate.may_widen
    assert "answered first" in wide.gate.why
    assert told([good(day=3, flagged=151), *draws], flagged=151).gate.may_widen


def test_counts_and_buckets():
    some = told([answered(True, False, None, True, True, day=3), good(day=2)])
    assert (some.draws, some.drawn, some.answered, some.counted, some.open) == (2, 65, 64, 62, 1)
    assert [(row.part, row.audits) for row in some.buckets][:2] == [(Part.FLAGGED, 1), (Part.NEAR, 1)]


@pytest.mark.parametrize("fields", [{"size": 5}, {"target": 1.0}, {"factor": 0.5}, {"changed": 0.0}])
def test_settings_that_make_no_sense_are_refused(fields):
    with pytest.raises(BadConfig):
        AuditConfig(**fields)
