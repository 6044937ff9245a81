"""All rules, and the page that describes them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from havenwall.detect.behaviour.base import Behaviour
from havenwall.detect.behaviour.bursts import Bursts
from havenwall.detect.behaviour.co_follow import CoFollow
from havenwall.detect.behaviour.likeness import Likeness
from havenwall.detect.behaviour.objections import Objections
from havenwall.detect.behaviour.off_platform import OffPlatform
from havenwall.detect.behaviour.reposts import Reposts
from havenwall.detect.behaviour.searches import Searches
from havenwall.detect.behaviour.shared_contact import SharedContact
from havenwall.detect.behaviour.unanswered import Unanswered

BEHAVIOURS: Final[tuple[Callable[[], Behaviour], ...]] = (
    Unanswered,
    Objections,
    Searches,
    OffPlatform,
    Reposts,
    Bursts,
    CoFollow,
    SharedContact,
    Likeness,
)
"""In the order of the reference page; each call makes a rule that remembers nothing yet."""


def behaviour_page() -> str:
    """The rules with their thresholds, as Markdown."""
    return "\n".join(part for make in BEHAVIOURS for part in _section(make()))


def _section(rule: Behaviour) -> tuple[str, ...]:
    steps = "; ".join(f"{bar:g} → {strength:g}" for bar, strength in rule.ladder)
    rows = (
        f"| looked for | {rule.what} |",
        f"| strength | {rule.unit}: {steps} |",
        f"| rests on | {rule.why} |",
        f"| looks alike, stays below 0.5 | {rule.innocent} |",
    )
    return (f"## {rule.name}", "", "| | |", "|---|---|", *rows, "")
