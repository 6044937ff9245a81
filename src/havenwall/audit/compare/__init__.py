"""Comparison between platforms: what counts of found accounts can say, and what they cannot."""

from havenwall.audit.compare.compare import compare
from havenwall.audit.compare.read import read_request
from havenwall.audit.compare.request import (
    CompareRequest,
    Detection,
    Effort,
    Lifetime,
    Platform,
    Prior,
    Recapture,
    Recheck,
    Survival,
    TwoLists,
)
from havenwall.audit.compare.result import (
    ActiveDifference,
    Compared,
    LowerBound,
    Needed,
    Place,
    Rate,
    Ratio,
    Span,
    StillActive,
)

__all__ = [
    "ActiveDifference",
    "CompareRequest",
    "Compared",
    "Detection",
    "Effort",
    "Lifetime",
    "LowerBound",
    "Needed",
    "Place",
    "Platform",
    "Prior",
    "Rate",
    "Ratio",
    "Recapture",
    "Recheck",
    "Span",
    "StillActive",
    "Survival",
    "TwoLists",
    "compare",
    "read_request",
]
