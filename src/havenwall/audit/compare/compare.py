"""The whole comparison: rates, ratios, the partial order, lower bounds, what became of the accounts."""

from __future__ import annotations

from havenwall.audit.compare.active import differences, still_active
from havenwall.audit.compare.caveats import caveats
from havenwall.audit.compare.check import checked
from havenwall.audit.compare.order import closed, places
from havenwall.audit.compare.rate import corrected, rate
from havenwall.audit.compare.ratio import ratios
from havenwall.audit.compare.recapture import lower_bounds
from havenwall.audit.compare.request import CompareRequest
from havenwall.audit.compare.result import Compared
from havenwall.audit.compare.signs import pairs


def compare(request: CompareRequest) -> Compared:
    """Compare platforms by what was found on them. The same request gives the same figures.

    Raises:
        BadInput: a field is not right; names it and the remedy.
    """
    platforms, prior, level = checked(request).platforms, request.prior, request.level
    draws = {p.name: corrected(p, prior, request.canaries) for p in platforms}
    pairwise = closed(ratios(request, draws))
    active = differences(request)
    return Compared(
        title=request.title,
        unit=platforms[0].effort.unit.strip(),
        level=level,
        pairs=pairs(len(platforms)),
        prior=prior,
        canaries=request.canaries,
        rates=[rate(p, prior, draws[p.name], level) for p in platforms],
        ratios=pairwise,
        order=places([p.name for p in platforms], pairwise),
        lower_bounds=[bound for p in platforms for bound in lower_bounds(p, level)],
        still_active=[point for p in platforms for point in still_active(p, level).points],
        active_differences=active,
        caveats=caveats(request, active),
    )
