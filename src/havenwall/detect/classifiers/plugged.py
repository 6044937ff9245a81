"""A classifier with all that keeps it honest: breaker, calibration, drift watch, memory of what it said."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from havenwall.detect.classifiers.base import Classifier, Kind, Picture, Score
from havenwall.detect.classifiers.breaker import Breaker
from havenwall.detect.classifiers.calibrate import Calibration, Labelled, calibrate
from havenwall.detect.classifiers.drift import Drift
from havenwall.errors import SourceFailed

UNPROVEN: Final = 0.5
"""Most that a score without calibration counts: it is a number, and says nothing of how likely it is."""
_REMEMBERED: Final = 300_000
"""More than one batch holds, so that a batch asked for again goes on where it stopped."""
_GROUP: Final = 64
"""Inputs after which what was found is remembered, so that a failure costs no more."""


class Judged(NamedTuple):
    """What a classifier makes of one input."""

    strength: float | None
    """0..1, a probability where the classifier is calibrated; None where it could not say."""
    score: Score
    """What it said itself."""


class Plugged:
    """Asks a classifier, as often as needed and no oftener."""

    def __init__(
        self,
        classifier: Classifier,
        *,
        threshold: float = 0.5,
        labelled: Labelled | None = None,
        breaker: Breaker | None = None,
    ) -> None:
        """Wrap a classifier. `threshold`: the least strength that makes a signal."""
        self.classifier, self.threshold = classifier, threshold
        self.drift = Drift(labelled.scores) if labelled else None
        self._calibration: Calibration | None = calibrate(labelled) if labelled else None
        self._breaker = breaker or Breaker()
        self._said: OrderedDict[bytes, Score] = OrderedDict()

    @property
    def version(self) -> str:
        """Changes with the model and with the calibration."""
        learned = self._calibration.version if self._calibration else "uncalibrated"
        return f"{self.classifier.version}/{learned}"

    def judge(self, inputs: Sequence[str] | Sequence[Picture]) -> list[Judged]:
        """One judgement per input, in order; the same input is asked about once.

        Raises:
            SourceFailed: the classifier does not work now, or failed too often of late. What it has said
                is remembered: asking again later goes on from there.
            NotReady: as the classifier says.
        """
        keys = [_key(each) for each in inputs]
        answers = {key: self._said[key] for key in keys if key in self._said}
        fresh = {key: each for key, each in zip(keys, inputs, strict=True) if key not in answers}
        todo: list[tuple[bytes, Any]] = list(fresh.items())
        for start in range(0, len(todo), _GROUP):
            answers |= self._ask(todo[start : start + _GROUP])
        return [self._judged(answers[key]) for key in keys]

    def _ask(self, group: list[tuple[bytes, Any]]) -> dict[bytes, Score]:
        self._breaker.enter(self.classifier.name)
        given = [each for _, each in group]
        try:
            scores = self.classifier.scores(given)
        except BaseException:
            self._breaker.failed()
            raise
        if len(scores) != len(group):
            self._breaker.failed()
            raise SourceFailed(f"{self.classifier.name} gives {len(scores)} scores for {len(group)} inputs")
        self._breaker.well()
        if self.drift:
            self.drift.add(score.value for score in scores if score.value is not None)
        found = {key: score for (key, _), score in zip(group, scores, strict=True)}
        self._said |= found
        while len(self._said) > _REMEMBERED:
            self._said.popitem(last=False)
        return found

    def _judged(self, score: Score) -> Judged:
        if score.value is None:
            return Judged(None, score)
        if self._calibration is None:
            return Judged(min(score.value, UNPROVEN), score)
        return Judged(float(self._calibration(np.array([score.value]))[0]), score)


def _key(given: str | Picture) -> bytes:
    if isinstance(given, str):
        return hashlib.blake2b(given.encode(), digest_size=16, person=Kind.TEXT.encode()).digest()
    shape = np.array(given.shape, np.int64).tobytes()
    content = shape + np.ascontiguousarray(given).tobytes()
    return hashlib.blake2b(content, digest_size=16, person=Kind.IMAGE.encode()).digest()
