"""An audit over releases, while the network adapts: what is done, what came of it, and the table of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from havenwall.audit.adapter import AuditSurface
from havenwall.audit.ranges import Whole, check_known_share, check_whole
from havenwall.audit.release.finding import Cell, Finding
from havenwall.audit.release.plan import ArmPlan, ReleasePlan
from havenwall.audit.release.trend_chart import trend_svg
from havenwall.audit.table import Table, interval, percent
from havenwall.audit.threshold import Threshold

ARMS: dict[str, ArmPlan] = {
    "none": ArmPlan(),
    "known": ArmPlan(drop="known"),
    "havenwall": ArmPlan(guard="guard"),
}
"""No guard, those dropped who were confirmed before the first release, Havenwall."""
_WHOLE: Whole = (
    ("releases", 1, 100),
    ("acts", 0, 1_000_000),
    ("reviewed", 0, 10_000),
    ("size", 400, 5_000_000),
)


class AdversaryPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the network may do between releases, and how each release is audited."""

    strategy: str = "adaptive"
    releases: int = 6
    """Releases after the first: before each of them the network moves, and then the guard answers."""
    acts: int = 2_000
    """What the network may do before a release: accounts made, follows made or taken back, posts."""
    reviewed: int = 20
    """Accounts hidden by machine that people look at before a release; what they find is right."""
    recommender: str = "als"
    size: int = 20_000
    """Accounts of the sandbox platform at the beginning."""
    known_share: float = 0.3
    """Share of the network that is confirmed before the first release."""
    platform_seeds: int = 5
    accounts: int = 20
    """Test accounts per persona and platform."""
    rounds: int = 10
    personas: tuple[str, ...] = ("neighbourhood", "seek")
    at_most: float = 0.05
    """Greatest exposure with Havenwall that the findings call a pass."""
    seed: int = 0

    @property
    def release_plan(self) -> ReleasePlan:
        """The registered plan of every release: the same, so that their findings are a trend."""
        return ReleasePlan(
            name=f"adversary: {self.strategy}",
            platform={"adapter": "sandbox", "recommender": self.recommender, "accounts": self.size},
            labels="sandbox",
            arms=ARMS,
            thresholds=[Threshold(metric="exposure", arm="havenwall", at_most=self.at_most)],
            personas=self.personas,
            surfaces=(AuditSurface.ACCOUNTS,),
            accounts=self.accounts,
            rounds=self.rounds,
            platform_seeds=self.platform_seeds,
            seed=self.seed,
        )

    def validated(self) -> AdversaryPlan:
        """This plan, if it can be run.

        Raises:
            BadInput: a field is out of range; names the field and what to do.
        """
        check_whole(self, _WHOLE)
        check_known_share(self.known_share)
        self.release_plan.validated()
        return self


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """One release, audited. Counts are means over platforms."""

    release: int
    """From 0, before which the network did not move."""
    moves: dict[str, int]
    """Rings that made each move before this release, over all platforms."""
    acts: float
    """What the network did before this release."""
    members: float
    """Accounts of the network, those made since among them."""
    hidden: float
    """Share of them that the guard hides."""
    innocents_hidden: float
    """Accounts outside the network that the guard hides."""
    finding: Finding


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """All releases, in order."""

    plan: AdversaryPlan
    legs: list[Leg]


def course_table(legs: Sequence[Leg], personas: Sequence[str]) -> Table:
    """A row per release: what was done, what is hidden, what test accounts were shown in each arm."""
    columns = ["release", "moves of rings", "acts", "members", "hidden", "innocents hidden"]
    for persona in personas:
        columns += [f"{persona}: no guard", "known dropped", "Havenwall [95 % interval]"]
    return Table(title="Exposure over releases", columns=columns, rows=[_row(leg, personas) for leg in legs])


def _row(leg: Leg, personas: Sequence[str]) -> list[str]:
    moves = ", ".join(f"{count} {name}" for name, count in sorted(leg.moves.items())) or "–"
    row = [str(leg.release), moves, f"{leg.acts:,.0f}", f"{leg.members:,.0f}"]
    row += [percent(leg.hidden), f"{leg.innocents_hidden:,.1f}"]
    for persona in personas:
        none, known, ours = (cell_of(leg.finding, persona, arm) for arm in ARMS)
        row += [percent(none.exposure), percent(known.exposure)]
        row.append(interval(ours.exposure, ours.low, ours.high))
    return row


def cell_of(finding: Finding, persona: str, arm: str) -> Cell:
    """What test accounts of a persona were shown in an arm."""
    return next(cell for cell in finding.cells if (cell.persona, cell.arm) == (persona, arm))


def course_svg(course: Course) -> str:
    """An accessible SVG drawing of the exposure in each arm, release by release, mean over personas."""
    lines = {arm: [_mean(leg.finding, course.plan.personas, arm) for leg in course.legs] for arm in ARMS}
    return trend_svg(f"{course.plan.strategy} network: exposure over releases", lines, set(), 0)


def _mean(finding: Finding, personas: Sequence[str], arm: str) -> float:
    return sum(cell_of(finding, persona, arm).exposure for persona in personas) / len(personas)
