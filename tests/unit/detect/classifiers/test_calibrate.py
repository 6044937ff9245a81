"""Scores become probabilities, learned from labelled ones."""

import numpy as np
import pytest

from havenwall.detect.classifiers import Labelled, calibrate, load_labelled
from havenwall.errors import BadInput


def overconfident(many, seed=1):
    """Scores whose true probability is half of what they say."""
    rng = np.random.default_rng(seed)
    scores = rng.random(many)
    return Labelled(scores, rng.random(many) < scores / 2, "v1")


@pytest.mark.parametrize(("many", "error"), [(400, 0.12), (5000, 0.06)])
def test_what_is_said_too_loudly_is_turned_down(many, error):
    curve = calibrate(overconfident(many))
    grid = np.array([0.1, 0.3, 0.5, 0.7, 0.9])
    assert np.abs(curve(grid) - grid / 2).max() < error


@pytest.mark.parametrize("many", [60, 2000])
def test_it_never_falls_and_stays_a_probability(many):
    found = calibrate(overconfident(many))(np.linspace(0, 1, 500))
    assert (np.diff(found) >= 0).all()
    assert found.min() >= 0
    assert found.max() <= 1


def test_few_examples_give_no_certainty():
    scores = np.array([0.1] * 20 + [0.9] * 20)
    curve = calibrate(Labelled(scores, scores > 0.5, "v"))
    assert 0.9 < curve(np.array([0.9]))[0] < 0.99


def test_a_file_is_read(tmp_path):
    lines = ["score,label"] + [f"{number / 40},{number // 20}" for number in range(40)] + [""]
    (tmp_path / "l.csv").write_text("\n".join(lines))
    known = load_labelled(tmp_path / "l.csv")
    assert (len(known.scores), known.labels.sum(), len(known.version)) == (40, 20, 12)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0.5;1", "line 1"),
        ("0.5,2", "line 1"),
        ("1.5,1", "line 1"),
        ("nan,1", "line 1"),
        ("0.5,1", "20 examples"),
    ],
)
def test_what_is_wrong_is_named(tmp_path, text, told):
    (tmp_path / "l.csv").write_text(text)
    with pytest.raises(BadInput, match=told):
        load_labelled(tmp_path / "l.csv")


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(BadInput, match=r"none\.csv"):
        load_labelled(tmp_path / "none.csv")
