import numpy as np

from havenwall.network import ScoreConfig
from havenwall.network.evidence import calibrate


def test_counts_hidden_members_that_stand_apart():
    rng = np.random.default_rng(0)
    rest = np.append(rng.normal(8, 1, 300), rng.normal(0, 1, 5000))
    found = calibrate(rng.normal(8, 1, 100), rest, ScoreConfig())
    assert 200 < found.members < 400
    assert found.probability[:300].mean() > 0.9
    assert found.probability[300:].mean() < 0.02
    assert (rest[300:] >= found.threshold).mean() < 0.001


def test_scores_that_say_nothing_flag_nobody():
    rng = np.random.default_rng(0)
    rest = rng.normal(0, 1, 20_000)
    found = calibrate(rng.normal(0, 1, 100), rest, ScoreConfig())
    assert (rest >= found.threshold).mean() < 0.01


def test_probability_rises_with_the_score():
    rng = np.random.default_rng(1)
    rest = np.append(rng.normal(2, 1, 200), rng.normal(0, 1, 2000))
    found = calibrate(rng.normal(2, 1, 80), rest, ScoreConfig())
    assert (np.diff(found.probability[np.argsort(rest)]) >= -1e-9).all()
    assert found.probability.min() >= 0
    assert found.probability.max() <= 1
