"""Platforms to compare."""

from __future__ import annotations

from typing import Any

import msgspec

from havenwall.audit.compare import CompareRequest, Detection, Effort, Platform, Prior


def platform(name: str, found: int, effort: float = 1, **fields: Any) -> Platform:
    return Platform(name=name, found=found, effort=Effort(amount=effort, unit="queries"), **fields)


def seen(planted: int, found: int) -> Detection:
    return Detection(planted=planted, found=found)


def request(*platforms: Platform, **fields: Any) -> CompareRequest:
    known = {"canaries": "search"} | fields
    return CompareRequest(platforms=list(platforms), **known)


FIRST = platform("first", 405)
SECOND = platform("second", 128)
"""The counts that were published; the same effort is supposed."""
NO_DETECTION_PRIOR = Prior(detection=0)


def with_canaries() -> tuple[Platform, Platform]:
    """The published counts with detection .6 of 30 and .3 of 20."""
    return (
        msgspec.structs.replace(FIRST, detection=seen(30, 18)),
        msgspec.structs.replace(SECOND, detection=seen(20, 6)),
    )
