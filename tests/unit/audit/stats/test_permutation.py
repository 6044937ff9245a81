import tracemalloc

import numpy as np
import pytest

from havenwall.audit.stats import sign_flip_p


@pytest.mark.parametrize("units", [10, 60])
def test_p_is_uniform_when_there_is_no_difference(units):
    rng = np.random.default_rng(11)
    p = np.array([sign_flip_p(rng.normal(size=units), rng, draws=199) for _ in range(400)])
    for level in (0.05, 0.25, 0.5, 0.75):
        assert abs((p <= level).mean() - level) < 4 * np.sqrt(level * (1 - level) / 400)


def test_p_by_hand():
    rng = np.random.default_rng(0)
    assert sign_flip_p(np.array([1.0, 2.0, 3.0]), rng) == pytest.approx(2 / 8)
    assert sign_flip_p(np.array([1.0, 1.0, -1.0]), rng) == pytest.approx(1.0)
    assert sign_flip_p(np.zeros(5), rng) == 1.0
    assert sign_flip_p(np.zeros(50), rng) == 1.0


def test_fishers_test_of_darwins_plants():
    # Fisher, The Design of Experiments (1935), section 21: 863 of 32,768 signs, one way, twice that both.
    heights = np.array([49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48], dtype=float)
    p = sign_flip_p(heights, np.random.default_rng(0), draws=40_000)
    assert p == pytest.approx(2 * 863 / 32_768, abs=0.004)


def test_p_of_a_plain_effect_reaches_its_floor():
    rng = np.random.default_rng(0)
    assert sign_flip_p(np.full(5, 0.3), rng) == 2 / 32
    assert sign_flip_p(np.full(100, 0.3), rng, draws=999) == 1 / 1_000


def test_p_does_not_depend_on_the_blocks(monkeypatch):
    differences = np.random.default_rng(1).normal(0.2, 1, 16)
    whole = sign_flip_p(differences, np.random.default_rng(2), draws=500)
    monkeypatch.setattr("havenwall.audit.stats.permutation._BLOCK", 16 * 37)
    assert sign_flip_p(differences, np.random.default_rng(2), draws=500) == pytest.approx(whole, abs=0.06)


def test_memory_does_not_grow_with_the_accounts():
    tracemalloc.start()
    sign_flip_p(np.ones(20_000), np.random.default_rng(0), draws=400)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100e6
