"""A classifier's score → how often it is right, learned from labelled scores."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from havenwall.errors import BadInput

Values = NDArray[np.float64]
_FEWEST: Final = 20
"""Labelled examples of either answer."""
_MANY: Final = 1000
"""From so many on isotonic regression is the better one; below it bends to chance, and a curve with two
parameters is used (Niculescu-Mizil and Caruana, ICML 2005; Platt 1999)."""


class Labelled(msgspec.Struct, frozen=True, eq=False):
    """(n,) scores and whether what each was given for is a case. `version` names the file they came from."""

    scores: Values
    labels: NDArray[np.bool_]
    version: str


class Calibration(msgspec.Struct, frozen=True, eq=False):
    """A curve that never falls: `probability` at each of the ascending `scores`, straight lines between."""

    scores: Values
    probabilities: Values
    version: str

    def __call__(self, given: Values) -> Values:
        """Probabilities, 0..1, of scores."""
        return np.asarray(np.interp(given, self.scores, self.probabilities), np.float64)


def load_labelled(path: Path) -> Labelled:
    """Lines of `score,label`, label 0 or 1; a first line `score,label` is skipped.

    Raises:
        BadInput: the file cannot be read, a line is of another form, or there are fewer than 20 examples of
            either label.
    """
    try:
        content = path.read_bytes()
        lines = [line.strip() for line in content.decode("utf-8-sig").splitlines()]
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput("cannot be read as text", field=str(path), hint="lines of score,label") from error
    skip = bool(lines) and lines[0] == "score,label"
    pairs = [_pair(path, number, line) for number, line in enumerate(lines, 1) if line and number > skip]
    scores, labels = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs], np.bool_)
    if min(int(labels.sum()), int((~labels).sum())) < _FEWEST:
        raise BadInput(f"needs {_FEWEST} examples of either label", field=str(path), hint="label more scores")
    return Labelled(scores, labels, hashlib.sha256(content).hexdigest()[:12])


def calibrate(known: Labelled) -> Calibration:
    """Isotonic from 1000 examples on, Platt below. The examples must be as they come up when it is used: of
    those that people looked at only because of high scores the curve would be wrong."""
    grid = np.linspace(0.0, 1.0, 201)
    probabilities = _isotonic(known, grid) if len(known.scores) >= _MANY else _platt(known, grid)
    return Calibration(grid, np.maximum.accumulate(probabilities), known.version)


def _isotonic(known: Labelled, grid: Values) -> Values:
    from sklearn.isotonic import IsotonicRegression

    curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(known.scores, known.labels)
    return np.asarray(curve.predict(grid), np.float64)


def _platt(known: Labelled, grid: Values) -> Values:
    from sklearn.linear_model import LogisticRegression

    # Platt's targets pull both answers a little inwards, so that few examples never give certainty.
    yes, no = int(known.labels.sum()), int((~known.labels).sum())
    high, low = (yes + 1) / (yes + 2), 1 / (no + 2)
    target = np.where(known.labels, high, low)
    rows = np.concatenate([known.scores, known.scores])[:, None]
    answers = np.repeat([1, 0], len(target))
    fitted = LogisticRegression(C=1e6).fit(rows, answers, np.concatenate([target, 1 - target]))
    return np.asarray(fitted.predict_proba(grid[:, None])[:, 1], np.float64)


def _pair(path: Path, number: int, line: str) -> tuple[float, bool]:
    score, comma, label = line.partition(",")
    try:
        value = float(score)
    except ValueError:
        value = -1.0
    if not comma or label.strip() not in ("0", "1") or not 0 <= value <= 1:
        hint = "write score,label with a score from 0 to 1 and a label of 0 or 1"
        raise BadInput("is no labelled score", field=f"{path} line {number}", hint=hint)
    return value, label.strip() == "1"
