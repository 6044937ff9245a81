"""The classify stage: texts of profiles and posts → Signals, by the operator's classifiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import polars as pl
import structlog

from havenwall.detect.classifiers.base import Kind
from havenwall.detect.classifiers.plugged import Judged, Plugged
from havenwall.detect.classifiers.watch import Alarms, DriftWatch
from havenwall.engine import Batch, Output, Stream
from havenwall.model import CLASSIFIER, EventType, Signal, derived_id

_log = structlog.get_logger()
_WORDED = (EventType.ACCOUNT.value, EventType.POST.value)


class ClassifyStage:
    """A stage of its own: a classifier that does not answer holds up nobody but itself, and its cursor waits.

    Nothing is skipped while it is away; what one text is at fault for is, and is counted in the log.
    """

    name = "classify"
    reads: tuple[Stream, ...] = (Stream.EVENT,)
    notice_only = False

    def __init__(self, plugged: Iterable[Plugged], alarms: Alarms | None = None) -> None:
        """`alarms` hears of classifiers whose scores have shifted since they were calibrated."""
        self._texts = tuple(each for each in plugged if each.classifier.kind is Kind.TEXT)
        self._watch = DriftWatch(self._texts, alarms)

    def run(self, batch: Batch) -> Output:
        """Signals on accounts whose texts are over a classifier's threshold.

        Raises:
            SourceFailed: a classifier does not work now; the batch is asked for again.
        """
        worded = batch.events.filter(pl.col("type").is_in(_WORDED) & (pl.col("text").str.len_chars() > 0))
        events = list(worded.iter_rows(named=True))
        found = [signal for each in self._texts for signal in _signals(each, events)]
        self._watch.tell()
        return Output(signals=tuple({signal.id: signal for signal in found}.values()))

    @property
    def drifts(self) -> dict[str, float]:
        """Population stability index by classifier: of calibrated ones with enough scores in this process."""
        return self._watch.drifts


def _signals(plugged: Plugged, events: list[dict[str, Any]]) -> Iterator[Signal]:
    judged = plugged.judge([event["text"] for event in events])
    faults = sum(each.strength is None for each in judged)
    if faults:
        _log.warning("classifier_faults", classifier=plugged.classifier.name, texts=faults)
    for event, each in zip(events, judged, strict=True):
        if each.strength is not None and each.strength >= plugged.threshold:
            yield _signal(plugged, event, each, each.strength)


def _signal(plugged: Plugged, event: dict[str, Any], judged: Judged, strength: float) -> Signal:
    evidence = {
        "classifier": plugged.classifier.name,
        "score": f"{judged.score.value:.3f}",
        "field": "profile" if event["type"] == EventType.ACCOUNT else "post",
    }
    if event["type"] == EventType.POST:
        evidence["post"] = event["target"]
    name = plugged.classifier.name
    return Signal(
        id=derived_id(CLASSIFIER, name, plugged.version, event["source"], event["source_id"]),
        entity=event["entity"],
        detector=CLASSIFIER,
        version=plugged.version[:100],
        strength=strength,
        at=event["at"],
        evidence=evidence,
    )
