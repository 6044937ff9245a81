"""A finding as an audit writes one, made up: no recommender has to run for it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import msgspec
import numpy as np

from havenwall.audit.release import Cell, Comparison, Cost, Finding, Gap, ReleasePlan, Replay, Step
from havenwall.audit.release.plan import ArmPlan
from havenwall.audit.stats import SurvivalCurve
from havenwall.audit.threshold import Threshold
from havenwall.audit.verdict import judge

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
MEMBER = "account:planted-7"
TEXT = """
name: nightly gate
platform: {adapter: sandbox, recommender: cofollow, accounts: 400}
labels: sandbox
personas: [control, seek]
arms:
  none: {}
  candidate: {drop_labelled: true}
thresholds:
  - {metric: exposure, arm: candidate, persona: seek, at_most: 0.1}
accounts: 4
rounds: 3
platform_seeds: 2
"""


def plan(**changes: object) -> ReleasePlan:
    plain = ReleasePlan(
        name="nightly gate",
        platform={"adapter": "sandbox", "recommender": "cofollow", "accounts": 400},
        labels="sandbox",
        personas=("control", "seek"),
        arms={"none": ArmPlan(), "candidate": ArmPlan(drop_labelled=True)},
        thresholds=[Threshold(metric="exposure", arm="candidate", persona="seek", at_most=0.1)],
        accounts=20,
        rounds=3,
    )
    return msgspec.structs.replace(plain, **changes)


def finding(number: int = 1, exposure: float = 0.02, at: datetime = AT, **changes: object) -> Finding:
    """A finding of five platforms whose judged arm shows the network at a share of the places."""
    wanted = plan(**changes)
    shown = {"none": 0.8, "candidate": exposure}
    values = np.full((5, wanted.accounts), exposure)
    judged = {threshold.measure: values for threshold in wanted.thresholds}
    return Finding(
        id=f"F{number}",
        plan=wanted,
        plan_hash=wanted.hash,
        labels_hash="sandbox",
        version="0.1.0",
        started_at=at,
        ended_at=at,
        snapshots={arm: ["model-1"] * 5 for arm in wanted.arms},
        prevalence=0.025,
        cells=[
            _cell(wanted, persona, arm, surface.value, shown.get(arm, 0.4))
            for persona, arm, surface in product(wanted.personas, wanted.arms, wanted.surfaces)
        ],
        comparisons=[
            Comparison(
                persona="seek",
                surface="accounts",
                arm="candidate",
                against="none",
                gap=Gap(difference=-0.7, low=-0.8, high=-0.6, p=0.001),
            )
        ],
        costs=[
            Cost(
                arm="candidate",
                sampled=100,
                changed=0.02,
                slots_changed=0.01,
                lookalikes_lost=0.0,
                bystanders_lost=0.0,
            )
        ],
        replays=[
            Replay(
                persona="seek",
                arm="none",
                platform_seed=0,
                account=3,
                start=["account:o-1"],
                steps=[Step(round=1, surface="accounts", chosen=["account:o-2"])],
                surface="accounts",
                round=2,
                place=4,
                member=MEMBER,
            )
        ],
        verdict=judge(wanted.thresholds, judged),
    )


def _cell(wanted: ReleasePlan, persona: str, arm: str, surface: str, share: float) -> Cell:
    return Cell(
        persona=persona,
        arm=arm,
        surface=surface,
        exposure=share,
        low=share / 2,
        high=min(1.0, share * 1.5),
        weighted_exposure=share,
        by_round=[share] * wanted.rounds,
        ever_exposed=share,
        saturated=0.0,
        known_exposure=share / 2,
        unknown_exposure=share / 2,
        distinct=1.0,
        depth=1.0,
        survival=SurvivalCurve(rounds=[1], surviving=[1 - share], low=[None], high=[None], median=None),
        amplification=2.0,
        beyond_popular=None,
    )
