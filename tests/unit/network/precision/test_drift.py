from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from havenwall.errors import BadConfig, BadInput
from havenwall.network.precision import Band, Kind, Reading, band_around, check, predictive_band, watch
from havenwall.network.precision.drift import _log_ratios

START = datetime(2026, 1, 1, tzinfo=UTC)
BAND = Band(low=0.85, high=0.95)


def readings(found, total) -> list[Reading]:
    return [
        Reading(at=START + timedelta(days=day), found=float(n), total=float(total))
        for day, n in enumerate(found)
    ]


@given(st.floats(0.02, 0.98), st.floats(0, 0.3), st.floats(0, 1), st.integers(1, 60))
def test_evidence_cannot_grow_on_average_inside_the_band(low, width, place, total):
    band = Band(low=low, high=min(low + width, 0.99))
    share = band.low + place * (band.high - band.low)
    counts = np.arange(total + 1)
    ratios = np.exp(_log_ratios(counts.astype(float), np.full(total + 1, float(total)), band))
    assert (binom.pmf(counts, total, share) @ ratios <= 1 + 1e-9).all()


@pytest.mark.parametrize(("share", "total"), [(0.85, 10), (0.85, 50), (0.95, 20), (0.9, 30)])
def test_false_alarms_stay_below_the_stated_rate(share, total):
    rng = np.random.default_rng(1)
    runs, every = 25, 200.0
    alarms = sum(
        watch(readings(rng.binomial(total, share, runs), total), BAND, every=every) is not None
        for _ in range(200)
    )
    assert alarms <= 200 * runs / every


@pytest.mark.parametrize(("total", "within"), [(20, 12), (50, 6), (100, 4)])
def test_a_drop_of_a_fifth_is_found_soon(total, within):
    rng = np.random.default_rng(2)
    found = 0
    for _ in range(60):
        calm, after = rng.binomial(total, 0.9, 30), rng.binomial(total, 0.7, within)
        if watch(readings(calm, total), BAND) is None:
            found += watch(readings([*calm, *after], total), BAND) is not None
    assert found >= 52


def test_says_since_when_and_in_words():
    alarm = watch(readings([18] * 10 + [12] * 6, 20), BAND)
    assert alarm is not None
    assert alarm.since == START + timedelta(days=10)
    assert alarm.value == pytest.approx(0.6)
    assert alarm.kind is Kind.PRECISION
    assert alarm.message.startswith(
        "Since 2026-01-11 00:00 the reviewed precision is below its band of 85% to 95%: "
    )
    assert "60%" in alarm.message


def test_a_rise_is_an_alarm_too():
    alarm = watch(readings([27] * 5 + [30] * 60, 30), BAND)
    assert alarm is not None
    assert alarm.since == START + timedelta(days=5)
    assert "above its band" in alarm.message


def test_a_band_up_to_one_knows_no_rise():
    assert watch(readings([30] * 300, 30), Band(low=0.9, high=1.0)) is None


@given(st.lists(st.integers(0, 10), min_size=1, max_size=30))
@settings(max_examples=60)
def test_later_readings_do_not_change_an_alarm(found):
    given = readings(found, 10)
    alarms = [watch(given[:n], BAND) for n in range(len(given) + 1)]
    first = next((alarm for alarm in alarms if alarm is not None), None)
    assert alarms[-1] == first


@pytest.mark.parametrize("total", [5, 20, 35, 80])
def test_one_run_seldom_leaves_the_predictive_band(total):
    """Exactly: averaged over references by the Jeffreys prior, the chance is at most 1 / every."""
    rng = np.random.default_rng(3)
    share = rng.beta(0.5, 0.5, 4000)
    seen = rng.binomial(60, share)
    now = rng.binomial(total, share)
    bands = {n: predictive_band(Reading(at=START, found=n, total=60.0), total, every=50) for n in range(61)}
    outside = [not bands[k].low <= n / total <= bands[k].high for k, n in zip(seen, now, strict=True)]
    assert np.mean(outside) < 1 / 50 + 0.007


def test_a_collapse_of_recall_is_found_at_once():
    reference = Reading(at=START, found=31.0, total=35.0)
    later = Reading(at=START + timedelta(days=3), found=15.0, total=35.0)
    assert check(reference, reference) is None
    alarm = check(reference, later)
    assert alarm is not None
    assert alarm.since == later.at
    assert "the recall of held-out seeds is below its band" in alarm.message


def test_the_band_holds_the_reference_and_some_slack():
    band = band_around(90, 100, slack=0.02)
    assert band.low < 0.82
    assert 0.95 < band.high < 1
    assert band_around(10, 10).high == 1


def test_refuses_what_cannot_be():
    with pytest.raises(BadConfig):
        Band(low=0.5, high=0.4)
    with pytest.raises(BadInput):
        watch(readings([11], 10), BAND)
    with pytest.raises(BadInput):
        watch(readings([0], 0), BAND)
