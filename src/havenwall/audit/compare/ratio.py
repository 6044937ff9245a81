"""Each pair of platforms: the ratio, and whether its sign is known."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import msgspec

from havenwall.audit.compare.needed import needed
from havenwall.audit.compare.rate import Draws, found_ratio, spans_of
from havenwall.audit.compare.request import CompareRequest, Platform
from havenwall.audit.compare.result import Ratio, Span
from havenwall.audit.compare.signs import shared_level, sign_of


def ratios(request: CompareRequest, draws: Mapping[str, Draws | None]) -> list[Ratio]:
    """Every pair, in the order of the file. `draws`: corrected figures by platform."""
    level = shared_level(request)
    return [_ratio(a, b, request, draws, level) for a, b in combinations(request.platforms, 2)]


def _ratio(
    first: Platform,
    second: Platform,
    request: CompareRequest,
    draws: Mapping[str, Draws | None],
    level: float,
) -> Ratio:
    found = found_ratio(first, second, request.prior, request.level)
    one, other = draws[first.name], draws[second.name]
    if one is None or other is None:
        return _unknown(first, second, request, found, level)
    over = one / other
    alone, together = spans_of(over, request.level, level)
    sign = sign_of(together, 1)
    known = Ratio(
        first=first.name,
        second=second.name,
        found=found,
        corrected=alone,
        together=together,
        sign=sign,
        chance_higher=float((over > 1).mean()),
        why="",
        tips_at=None,
        needed=None,
    )
    if sign != "undetermined":
        return known
    lacking = needed(first, second, together.value, request.prior, request.canaries, level)
    return msgspec.structs.replace(known, why="the interval holds 1", needed=lacking)


def _unknown(first: Platform, second: Platform, request: CompareRequest, found: Span, level: float) -> Ratio:
    blind = " and ".join(p.name for p in (first, second) if p.detection is None)
    wide = found_ratio(first, second, request.prior, level)
    nearest = wide.low if wide.low > 1 else 1 / wide.high if wide.high < 1 else None
    return Ratio(
        first=first.name,
        second=second.name,
        found=found,
        corrected=None,
        together=None,
        sign="undetermined",
        chance_higher=None,
        why=f"nobody knows what share is found on {blind}",
        tips_at=nearest,
        needed=needed(first, second, found.value, request.prior, request.canaries, level),
    )
