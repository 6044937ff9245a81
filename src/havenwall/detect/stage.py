"""The detect stage: runs every detector over new events."""

from __future__ import annotations

from collections.abc import Iterable

from havenwall.detect.detectors import Detector
from havenwall.engine import Batch, Output, Stream


class DetectStage:
    """Event → Signal."""

    name = "detect"
    reads: tuple[Stream, ...] = (Stream.EVENT,)
    notice_only = False

    def __init__(self, detectors: Iterable[Detector]) -> None:
        self._detectors = tuple(detectors)

    def run(self, batch: Batch) -> Output:
        """Every detector's signals, each id once (two lists may hold the same file under two names)."""
        found = (signal for detector in self._detectors for signal in detector.detect(batch.events))
        return Output(signals=tuple({signal.id: signal for signal in found}.values()))
