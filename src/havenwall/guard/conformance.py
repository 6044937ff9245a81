"""What each surface must answer in each state of the guard's data, derived from the policy alone.

The reference page is made from this, and the tests bring a real guard into every condition and compare.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from havenwall.guard.codes import UNKNOWN, code_of
from havenwall.guard.policy import Policy
from havenwall.guard.surface import Outcome, Surface, ViewerClass
from havenwall.model import Restriction


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """A state the guard's data can be in."""

    name: str
    title: str
    rules: Literal["fresh", "failure", "nothing"]
    """Which rules hold: those for fresh data, the failure mode, or the failure mode with nothing known."""
    stale: bool
    """Whether answers say that data is incomplete or too old."""


def _condition(
    name: str, title: str, rules: Literal["fresh", "failure", "nothing"], stale: bool
) -> Condition:
    return Condition(name=name, title=title, rules=rules, stale=stale)


CONDITIONS: Final = (
    _condition("usable", "usable", "fresh", False),
    _condition("empty", "no snapshot", "nothing", True),
    _condition("stale", "publisher silent beyond the limit", "failure", True),
    _condition("corrupt", "snapshot damaged at start", "nothing", True),
    _condition("corrupt_successor", "next snapshot damaged", "fresh", True),
    _condition("corrupt_too_long", "next snapshot damaged, beyond the limit", "failure", True),
    _condition("shrunken", "next snapshot shrunken", "fresh", True),
    _condition("shrunken_at_start", "snapshot shrunken at start, one before it kept", "failure", True),
    _condition("golden", "next snapshot fails a golden case", "fresh", True),
    _condition("overlay_lost", "change file lost while running", "fresh", True),
    _condition("overlay_lost_at_start", "change file lost at start", "failure", True),
    _condition("clock_ahead", "publisher's clock ahead", "fresh", False),
    _condition(
        "clock_ahead_silent", "publisher's clock ahead, then silent beyond the limit", "failure", True
    ),
    _condition("clock_behind", "publisher's clock behind by more than the limit", "failure", True),
)
"""In a condition with fresh rules and a flag, the failure mode follows when the limit is reached."""

STANDINGS: Final = {
    "unknown": UNKNOWN,
    "cleared": code_of(Restriction.NONE, confirmed=True),
    "suppressed": code_of(Restriction.SUPPRESSED, confirmed=False),
    "restricted": code_of(Restriction.RESTRICTED, confirmed=True),
    "removed": code_of(Restriction.REMOVED, confirmed=True),
}
"""Kinds of candidates and their codes."""


def expected(
    policy: Policy,
    surface: Surface,
    condition: Condition,
    standing: str,
    viewer: ViewerClass = ViewerClass.ORDINARY,
) -> Outcome:
    """What must be said of a candidate with this standing."""
    code = UNKNOWN if condition.rules == "nothing" else STANDINGS[standing]
    return policy.row(surface, outdated=condition.rules != "fresh", viewer=viewer).outcomes[code]


def expected_contact(
    policy: Policy,
    surface: Surface,
    sender: str,
    receiver: str,
    *,
    sender_class: ViewerClass = ViewerClass.ORDINARY,
    receiver_class: ViewerClass = ViewerClass.ORDINARY,
) -> Outcome:
    """What must be said of contact between accounts with these standings, on fresh data."""
    ways = ((sender, receiver, receiver_class), (receiver, sender, sender_class))
    return max((_one_way(policy, surface, *way) for way in ways), key=lambda outcome: outcome.severity)


def _one_way(
    policy: Policy, surface: Surface, candidate: str, viewer: str, viewer_class: ViewerClass
) -> Outcome:
    code = STANDINGS[viewer]
    restricted = code >= STANDINGS["suppressed"]
    row = policy.row(surface, outdated=False, viewer=viewer_class, restricted=restricted)
    outcome = row.outcomes[STANDINGS[candidate]]
    if row.closed_to[code] and outcome.severity < Outcome.DROP.severity:
        return Outcome.DROP
    return outcome
