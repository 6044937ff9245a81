"""Exposure over releases while the network adapts, beside a network that moves by lot and one that does not.

python benchmarks/audit_adversary.py [--strategies adaptive random still] [--platform-seeds 3] [--releases 6]
"""

from __future__ import annotations

import argparse
import time

from havenwall.app.adversary import audit_adversary
from havenwall.audit.adversary import AdversaryPlan, Leg, course_table
from havenwall.sandbox.adversary import STRATEGIES


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--strategies", nargs="+", default=["adaptive", "random", "still"], choices=STRATEGIES)
    asked.add_argument("--platform-seeds", type=int, default=3)
    asked.add_argument("--releases", type=int, default=6)
    asked.add_argument("--acts", type=int, default=2_000)
    asked.add_argument("--reviewed", type=int, default=20)
    asked.add_argument("--seed", type=int, default=0)
    wanted = asked.parse_args()
    for strategy in wanted.strategies:
        plan = AdversaryPlan(
            strategy=strategy,
            platform_seeds=wanted.platform_seeds,
            releases=wanted.releases,
            acts=wanted.acts,
            reviewed=wanted.reviewed,
            seed=wanted.seed,
        )
        print(f"== {strategy}: {plan.acts} acts a release, {plan.reviewed} reviewed", flush=True)
        audit_adversary(plan, tell=lambda _: None, done=_teller(plan, time.monotonic()))


def _teller(plan: AdversaryPlan, started: float):  # type: ignore[no-untyped-def]
    def tell(leg: Leg) -> None:
        table = course_table([leg], plan.personas)
        if leg.release == 0:
            print(" | ".join(table.columns))
        print(" | ".join(table.rows[0]), f"({time.monotonic() - started:.0f} s)", flush=True)

    return tell


if __name__ == "__main__":
    main()
