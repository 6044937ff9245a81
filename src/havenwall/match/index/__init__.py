"""Exact search of 256-bit hashes within a radius; pure, no I/O."""

from havenwall.match.index.codes import Codes, as_codes, code_of, codes_of_bytes, hex_of
from havenwall.match.index.plan import RADIUS, Plan, plan
from havenwall.match.index.segment import Found, Segment, build
from havenwall.match.index.tail import scan

__all__ = [
    "RADIUS",
    "Codes",
    "Found",
    "Plan",
    "Segment",
    "as_codes",
    "build",
    "code_of",
    "codes_of_bytes",
    "hex_of",
    "plan",
    "scan",
]
