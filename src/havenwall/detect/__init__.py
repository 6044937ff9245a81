"""Event → Signal: what the platform's own events and the operator's lists say about an entity."""

from havenwall.detect.behaviour import BehaviourStage
from havenwall.detect.detectors import (
    Cleared,
    Confirmed,
    Detector,
    MediaHashes,
    Reports,
    Terms,
    standard_detectors,
)
from havenwall.detect.lists import (
    HashEntry,
    HashList,
    TermEntry,
    TermList,
    load_hashes,
    load_terms,
    parse_hashes,
    parse_terms,
)
from havenwall.detect.stage import DetectStage

__all__ = [
    "BehaviourStage",
    "Cleared",
    "Confirmed",
    "DetectStage",
    "Detector",
    "HashEntry",
    "HashList",
    "MediaHashes",
    "Reports",
    "TermEntry",
    "TermList",
    "Terms",
    "load_hashes",
    "load_terms",
    "parse_hashes",
    "parse_terms",
    "standard_detectors",
]
