"""The detectors every installation runs, with one more for each list the operator supplies."""

from __future__ import annotations

from collections.abc import Iterable

from havenwall.detect.detectors.base import Detector
from havenwall.detect.detectors.labels import Cleared, Confirmed
from havenwall.detect.detectors.live_match import LiveMatches
from havenwall.detect.detectors.media_hash import MediaHashes
from havenwall.detect.detectors.report import Reports
from havenwall.detect.detectors.term import Terms
from havenwall.detect.lists import HashList, TermList


def standard_detectors(
    terms: Iterable[TermList] = (), hashes: Iterable[HashList] = ()
) -> tuple[Detector, ...]:
    """All detectors, in the order their signals are kept."""
    return (
        Confirmed(),
        Cleared(),
        Reports(),
        LiveMatches(),
        *(Terms(each) for each in terms),
        *(MediaHashes(each) for each in hashes),
    )
