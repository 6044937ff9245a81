from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import beta
from scipy.stats import poisson as poisson_law

from havenwall.network.discover.anchors import AnchorKind, make_anchors
from havenwall.network.discover.tally import Background, poisson, share_interval

N = 4000


@pytest.fixture
def background():
    """1 % of the accounts of bin 0 and 10 % of bin 1 are reported; candidates are 0..99, 30 of them hit."""
    bins = (np.arange(N) % 2).astype(np.int64)
    outside = np.arange(100, N)
    dull, bright = outside[bins[outside] == 0], outside[bins[outside] == 1]
    reported = np.concatenate([dull[: len(dull) // 100], bright[: len(bright) // 10]])
    rows = np.concatenate([reported, np.arange(30)])
    kinds = [AnchorKind.REPORT] * len(reported) + [AnchorKind.HASH] * 30
    strengths = np.concatenate([np.full(len(reported), 0.3), np.ones(30)])
    return Background(make_anchors(rows, strengths, kinds), bins, np.arange(100))


def test_chance_is_what_accounts_of_the_same_visibility_have(background):
    dull, bright = np.arange(0, 100, 2), np.arange(1, 100, 2)
    assert background.tallies(dull)[AnchorKind.REPORT].expected == pytest.approx(0.5, rel=0.1)
    assert background.tallies(bright)[AnchorKind.REPORT].expected == pytest.approx(5, rel=0.1)
    assert background.share(bright) == pytest.approx(0.1, rel=0.1)


def test_the_candidates_are_no_background_for_themselves(background):
    tally = background.tallies(np.arange(30))[AnchorKind.HASH]
    assert tally.expected == 0
    assert tally.anchors == 30
    assert tally.speaks


def test_a_kind_that_is_not_there_does_not_speak(background):
    tally = background.tallies(np.arange(30))[AnchorKind.TERM]
    assert (tally.anchors, tally.evidence, tally.speaks) == (0, 0, False)


def test_doubtful_kinds_have_a_ceiling_and_hashes_have_none():
    rows, kinds = np.arange(200), [AnchorKind.REPORT] * 100 + [AnchorKind.HASH] * 100
    anchors = make_anchors(rows, np.full(200, 0.5), kinds)
    background = Background(anchors, np.zeros(N, np.int64), rows)
    tallies = background.tallies(rows)
    assert tallies[AnchorKind.REPORT].counted == 10 < tallies[AnchorKind.REPORT].evidence
    assert tallies[AnchorKind.HASH].counted == tallies[AnchorKind.HASH].evidence > 10


def test_anchors_of_one_source_count_once():
    rows, kinds = np.arange(50), [AnchorKind.REPORT] * 50
    apart = make_anchors(rows, np.full(50, 0.3), kinds)
    together = make_anchors(rows, np.full(50, 0.3), kinds, source=np.zeros(50, np.int64))
    bins = np.zeros(N, np.int64)
    one, other = (Background(held, bins, rows).tallies(rows)[AnchorKind.REPORT] for held in (apart, together))
    assert other.evidence < 0.1 * one.evidence
    assert not other.speaks


def test_evidence_is_the_log_likelihood_ratio_of_poisson():
    assert poisson(9, 2) == pytest.approx(poisson_law.logpmf(9, 9) - poisson_law.logpmf(9, 2))
    assert poisson(2, 9) == 0


@pytest.mark.parametrize(("hits", "size"), [(0, 10), (3, 10), (10, 10), (1, 400)])
def test_the_interval_is_jeffreys(hits, size):
    interval = share_interval(hits, size, 0.95)
    assert interval.share == hits / size
    low, high = beta.ppf([0.025, 0.975], hits + 0.5, size - hits + 0.5)
    assert interval.low == pytest.approx(0 if hits == 0 else low)
    assert interval.high == pytest.approx(1 if hits == size else high)


def test_an_interval_of_nobody_is_everything():
    interval = share_interval(0, 0, 0.95)
    assert (interval.share, interval.low, interval.high) == (0, 0, 1)
