"""The detectors that ship; a plain tuple joins them."""

from havenwall.detect.detectors.base import Detector
from havenwall.detect.detectors.labels import Cleared, Confirmed
from havenwall.detect.detectors.media_hash import MediaHashes
from havenwall.detect.detectors.report import Reports
from havenwall.detect.detectors.standard import standard_detectors
from havenwall.detect.detectors.term import Terms

__all__ = ["Cleared", "Confirmed", "Detector", "MediaHashes", "Reports", "Terms", "standard_detectors"]
