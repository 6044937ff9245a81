from __future__ import annotations

import pytest
from scipy.stats import binomtest
from tests.unit.audit.compare.samples import platform, request

from havenwall.audit.compare import Lifetime, Recheck, Span, Survival, compare
from havenwall.audit.compare.active import difference, exact_share, still_active


def looked(name: str, found: int, *checks: tuple[float, int]) -> object:
    known = Survival(checks=[Recheck(day=day, active=active) for day, active in checks])
    return platform(name, found, survival=known)


def lived(name: str, *lives: tuple[float, float | None]) -> object:
    known = Survival(lifetimes=[Lifetime(active=a, gone=g) for a, g in lives])
    return platform(name, len(lives), survival=known)


def test_the_published_survivors() -> None:
    """31 of 405 and 22 of 128 were still active a month later."""
    found = compare(request(looked("first", 405, (30, 31)), looked("second", 128, (30, 22)), canaries=None))
    one, other = (point.share for point in found.still_active)
    assert [round(x * 100, 1) for x in (one.value, one.low, one.high)] == [7.7, 5.3, 10.7]
    assert [round(x * 100, 1) for x in (other.value, other.low, other.high)] == [17.2, 11.1, 24.9]
    (pair,) = found.active_differences
    assert (pair.sign, pair.day) == ("lower", 30)
    assert round(pair.difference.value * 100, 1) == -9.5


@pytest.mark.parametrize(("events", "trials"), [(0, 9), (9, 9), (4, 9), (31, 405)])
def test_exact_interval_is_scipys(events: int, trials: int) -> None:
    ours, theirs = exact_share(events, trials, 0.95), binomtest(events, trials).proportion_ci(0.95)
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high))


def test_kaplan_meier_by_hand() -> None:
    """Greenwood on the log-log scale, from the textbook formula."""
    known = still_active(lived("p", (0, 7), (0, 7), (7, 14), (7, None), (14, None), (30, None)), 0.95)
    assert [(p.day, p.at_risk) for p in known.points] == [(7, 6), (14, 3), (30, 1)]
    assert [p.share.value for p in known.points] == pytest.approx([4 / 6, 4 / 6 * 2 / 3, 4 / 6 * 2 / 3])
    assert known.points[0].share.low == pytest.approx(0.19463, abs=1e-4)
    assert known.at(29.0) == known.points[1]
    assert known.at(31.0) is None
    assert known.at(1.0) is None


def test_all_or_none_gone_still_has_an_interval() -> None:
    gone = still_active(lived("p", (0, 7), (0, 7)), 0.95).points
    kept = still_active(lived("p", (7, None), (7, None)), 0.95).points
    assert [(p.share.value, p.share.low) for p in gone] == [(0, 0)]
    assert [(p.share.value, p.share.high) for p in kept] == [(1, 1)]
    assert gone[0].share.high > 0.5 > kept[0].share.low


def test_curves_and_checks_meet_on_a_day_that_both_know() -> None:
    curve, checks = lived("a", (0, 5), (9, None), (20, None)), looked("b", 10, (7, 9), (15, 8), (60, 1))
    (pair,) = compare(request(curve, checks, canaries=None)).active_differences
    assert pair.day == 15


def test_days_that_never_meet_are_said() -> None:
    found = compare(request(looked("a", 10, (7, 9)), looked("b", 10, (8, 9)), canaries=None))
    assert found.active_differences == []
    assert any("never looked at again on the same day" in c for c in found.caveats)


def test_a_difference_of_equal_shares_holds_nothing() -> None:
    share = Span(value=0.5, low=0.4, high=0.6)
    span = difference(share, share)
    assert span.value == 0
    assert (span.low, span.high) == pytest.approx((-0.1414, 0.1414), abs=1e-4)
