"""`havenwall quality`: how good decisions are, by blind second reviews."""

from __future__ import annotations

from havenwall.cli.common import OUT, ConfigFile, JsonFlag, clear_errors, open_app, print_json, print_table
from havenwall.model import SYSTEM
from havenwall.model.quality import Estimate


@clear_errors
def quality(config: ConfigFile = None, json: JsonFlag = False) -> None:
    """Show agreement, overturn rate and time to decision, from decisions reviewed blind. Names nobody."""
    with open_app(config) as app:
        found = app.quality.figures(SYSTEM)
    if json:
        print_json(found)
        return
    OUT.print(f"{found.drawn} drawn, {found.waiting} wait for a second person, {found.differ} for a third")
    figures = (
        ("overturned", found.overturned),
        ("Cohen's kappa", found.kappa),
        ("Krippendorff's alpha", found.alpha),
        ("golden cases right", found.golden_right),
    )
    print_table("Quality", ("figure", "value", "95 %", "of"), [_row(name, one) for name, one in figures])
    if found.median_hours is not None and found.slow_hours is not None:
        OUT.print(
            f"time to decision: median {found.median_hours:.1f} h, nine of ten {found.slow_hours:.1f} h"
        )


def _row(name: str, one: Estimate) -> tuple[str, ...]:
    if one.value is None or one.low is None or one.high is None:
        return (name, "not enough yet", "", str(one.reviews))
    return (name, f"{one.value:.2f}", f"{one.low:.2f} to {one.high:.2f}", str(one.reviews))
