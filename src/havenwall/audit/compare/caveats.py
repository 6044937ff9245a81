"""What a comparison cannot know, said beside its figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from havenwall.audit.compare.request import CompareRequest
from havenwall.audit.compare.result import ActiveDifference
from havenwall.audit.compare.signs import pairs

_FOUND = "Counts say what was found, not what is there."
_NO_CANARIES = (
    "Nobody knows what share was found on {names}. A longer list may only mean a more thorough search or a "
    "better search box. Plant canaries, and search again."
)
_CANARIES = "Canaries stand for the accounts only as far as they are as hard to find."
_ENCOUNTER = "Canaries that were shown say how many are recognised when met, not how many are ever met."
_EFFORT = (
    "Effort differs by up to {times:.1f} times; rates suppose that twice the effort finds twice as many."
)
_INDEPENDENT = (
    "Finds are taken as independent, but networks are found in clumps: without `sessions` the intervals are "
    "too narrow."
)
_ACTIVE = (
    "An account that is gone was removed, closed by its owner or renamed, and may be back under a new name."
)
_DAYS = "Some platforms were never looked at again on the same day, so their shares are not compared."
_LOOKS = "Accounts count as active until the look that found them gone: looks on the same days compare best."


def caveats(request: CompareRequest, differences: Sequence[ActiveDifference]) -> list[str]:
    """The caveats that apply, the gravest first."""
    return list(_caveats(request, differences))


def _caveats(request: CompareRequest, differences: Sequence[ActiveDifference]) -> Iterator[str]:
    platforms = request.platforms
    yield _FOUND
    blind = [p.name for p in platforms if p.detection is None]
    if blind:
        yield _NO_CANARIES.format(names=", ".join(blind))
    if len(blind) < len(platforms):
        yield _ENCOUNTER if request.canaries == "encounter" else _CANARIES
    efforts = [p.effort.amount for p in platforms]
    if max(efforts) > min(efforts):
        yield _EFFORT.format(times=max(efforts) / min(efforts))
    if any(p.sessions is None for p in platforms):
        yield _INDEPENDENT
    if any(p.survival for p in platforms):
        yield _ACTIVE
    if len(differences) < pairs(sum(p.survival is not None for p in platforms)):
        yield _DAYS
    if any(p.survival and p.survival.lifetimes for p in platforms):
        yield _LOOKS
