from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import beta, f, gamma
from tests.unit.audit.compare.samples import FIRST, NO_DETECTION_PRIOR, SECOND, platform, with_canaries

from havenwall.audit.compare import Prior
from havenwall.audit.compare.rate import clumping, corrected, detection, found_rate, found_ratio, span_of


def test_equal_effort_gives_the_ratio_of_the_research() -> None:
    ratio = found_ratio(FIRST, SECOND, Prior(), 0.95)
    assert [round(x, 2) for x in (ratio.value, ratio.low, ratio.high)] == [3.16, 2.60, 3.87]


def test_detection_widens_it_to_the_interval_of_the_research() -> None:
    first, second = (corrected(p, NO_DETECTION_PRIOR, "search") for p in with_canaries())
    assert first is not None
    assert second is not None
    ratio = span_of(first / second, 0.95)
    assert (round(ratio.value, 2), round(ratio.low, 2)) == (1.55, 0.63)
    # The research drew 3.06; `test_draws_agree_with_integration` has the exact upper end, 3.085.
    assert ratio.high == pytest.approx(3.06, abs=0.05)


@pytest.mark.parametrize(("at", "chance"), [(0.63, 0.025), (1.548, 0.5), (3.085, 0.975)])
def test_draws_agree_with_integration(at: float, chance: float) -> None:
    """P(ratio < at) by quadrature over both detections, the exact F distribution inside."""
    nodes = (np.arange(300) + 0.5) / 300
    p, q = beta.ppf(nodes, 18, 12)[:, None], beta.ppf(nodes, 6, 14)[None, :]
    exact = f.cdf(at * p / q * 128.5 / 405.5, 811, 257).mean()
    assert exact == pytest.approx(chance, abs=0.002)
    first, second = (corrected(x, NO_DETECTION_PRIOR, "search") for x in with_canaries())
    assert first is not None
    assert second is not None
    assert (first / second < at).mean() == pytest.approx(exact, abs=0.002)


def test_a_rate_is_its_gamma_posterior() -> None:
    span = found_rate(platform("a", 7, effort=4), Prior(), 0.9)
    inside, _ = quad(lambda x: gamma.pdf(x, 7.5, scale=1 / 4), span.low, span.high)
    assert inside == pytest.approx(0.9)


def test_canaries_that_were_hidden_hold_the_effort_already() -> None:
    short, long = platform("a", 100, effort=10), platform("a", 100, effort=20)
    known = [msgspec.structs.replace(p, detection=with_canaries()[0].detection) for p in (short, long)]
    there, met = ([corrected(p, Prior(), kind) for p in known] for kind in ("search", "encounter"))
    assert np.median(there[0]) == pytest.approx(np.median(there[1]))
    assert np.median(met[0]) == pytest.approx(2 * np.median(met[1]))


def test_without_canaries_nothing_is_corrected() -> None:
    assert corrected(FIRST, Prior(), None) is None
    assert detection(FIRST, Prior(), 0.95) is None


def test_no_canary_found_leaves_finite_figures() -> None:
    blind = platform("a", 5, detection=msgspec.structs.replace(with_canaries()[0].detection, found=0))
    draws = corrected(blind, Prior(), "search")
    assert draws is not None
    assert np.isfinite(draws).all()


def test_clumped_finds_count_as_fewer() -> None:
    even, clumped = [20] * 5, [0, 0, 100, 0, 0]
    assert clumping(even) == 1
    assert clumping(None) == 1
    assert clumping([0] * 5) == 1
    narrow, wide = (found_rate(platform("a", 100, sessions=s), Prior(), 0.95) for s in (even, clumped))
    assert wide.high - wide.low > 5 * (narrow.high - narrow.low)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_a_turned_pair_gives_the_turned_ratio(one: int, other: int, here: float, there: float) -> None:
    a, b = platform("a", one, effort=here), platform("b", other, effort=there)
    ratio, turned = found_ratio(a, b, Prior(), 0.95), found_ratio(b, a, Prior(), 0.95)
    assert ratio.low <= ratio.value <= ratio.high
    assert ratio.value * turned.value == pytest.approx(1, rel=1e-6)
    assert ratio.low * turned.high == pytest.approx(1, rel=1e-6)
