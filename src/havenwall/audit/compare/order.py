"""The partial order of platforms: only pairs whose sign is known are ranked."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from havenwall.audit.compare.result import Place, Ratio


def closed(ratios: Sequence[Ratio]) -> list[Ratio]:
    """The same pairs, with signs that follow from two others.

    The intervals hold for all pairs together, so what follows from them holds as surely.
    """
    above = {(r.first, r.second) for r in ratios if r.sign == "higher"}
    above |= {(r.second, r.first) for r in ratios if r.sign == "lower"}
    names = {name for r in ratios for name in (r.first, r.second)}
    for middle in names:
        highs = [a for a, b in above if b == middle]
        lows = [b for a, b in above if a == middle]
        above |= {(a, b) for a in highs for b in lows}
    return [_followed(r, above) for r in ratios]


def places(names: Sequence[str], ratios: Sequence[Ratio]) -> list[Place]:
    """Where each platform stands."""
    signs = {(r.first, r.second): r.sign for r in ratios}
    turned = {"higher": "lower", "lower": "higher", "undetermined": "undetermined"}
    signs |= {(r.second, r.first): turned[r.sign] for r in ratios}  # type: ignore[misc]
    return [
        Place(
            platform=one,
            higher_than=[other for other in names if signs.get((one, other)) == "higher"],
            lower_than=[other for other in names if signs.get((one, other)) == "lower"],
            unranked_against=[other for other in names if signs.get((one, other)) == "undetermined"],
        )
        for one in names
    ]


def _followed(ratio: Ratio, above: set[tuple[str, str]]) -> Ratio:
    if ratio.sign != "undetermined":
        return ratio
    if (ratio.first, ratio.second) in above:
        return msgspec.structs.replace(ratio, sign="higher", follows=True, why="", needed=None)
    if (ratio.second, ratio.first) in above:
        return msgspec.structs.replace(ratio, sign="lower", follows=True, why="", needed=None)
    return ratio
