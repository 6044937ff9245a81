"""Tells people when the scores of a classifier have shifted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

import structlog

from havenwall.detect.classifiers.drift import ALARM
from havenwall.detect.classifiers.plugged import Plugged

_log = structlog.get_logger()
ALARMS: Final = "classifier "
"""How what is told of classifiers begins."""


class Alarms(Protocol):
    """Where people look for what is wrong."""

    def trouble(self, what: str, message: str) -> None:
        """Something is wrong."""
        ...

    def well_again(self, what: str) -> None:
        """It is not wrong any more."""
        ...


def alarm_of(name: str) -> str:
    """What is told of when the scores of a classifier shift."""
    return f"{ALARMS}{name}"[:60]


class DriftWatch:
    """Looks at the scores of classifiers, and tells each shift and each return once."""

    def __init__(self, plugged: Iterable[Plugged], alarms: Alarms | None = None) -> None:
        """`alarms` hears of classifiers whose scores have shifted since they were calibrated."""
        self._plugged, self._alarms = tuple(plugged), alarms
        self._told: dict[str, bool] = {}

    @property
    def drifts(self) -> dict[str, float]:
        """Population stability index by classifier: of calibrated ones with enough scores in this process."""
        indices = {each.classifier.name: each.drift.psi for each in self._plugged if each.drift}
        return {name: psi for name, psi in indices.items() if psi is not None}

    def tell(self) -> None:
        """Say what has changed since it was last asked."""
        for name, psi in self.drifts.items():
            shifted = psi >= ALARM
            if self._told.get(name) is not shifted:
                self._told[name] = shifted
                self._say(name, psi, shifted)

    def _say(self, name: str, psi: float, shifted: bool) -> None:
        if shifted:
            _log.warning("classifier_drift", classifier=name, psi=psi)
        if self._alarms and shifted:
            message = f"its scores have shifted (index {psi:.2f}, alarm at {ALARM}): calibrate it anew"
            self._alarms.trouble(alarm_of(name), message)
        elif self._alarms:
            self._alarms.well_again(alarm_of(name))
