"""Rules per event: our CEL adapter beside the same rules as plain Python lambdas, at 50 rules.

The lambdas are the ceiling no safe engine reaches: they are not checked, not bounded and raise on missing
data. Prints events per CPU-second for both and the ratio, then the whole stage with the default pack.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime

from havenwall.engine import Batch
from havenwall.model import Risk, SeedShare
from havenwall.policy import EntityFacts, Match, PolicyStage, default_pack, parse_pack
from havenwall.policy.fields import entity_values, risk_values

RULES = 50
EVENTS = 4000
ROUNDS = 5
AT = datetime(2026, 1, 1, tzinfo=UTC)


class Nobody:
    """A view in which nothing is known of anybody."""

    def labels(self, entities):
        return {}

    def restrictions(self, entities):
        return {}

    def signal_counts(self, entities):
        return {}

    def lanes(self, entities):
        return {}

    def in_case(self, entities):
        return set()

    def may_widen(self) -> bool:
        return True

    def spent(self, rule: str, day: date) -> int:
        return 0

    def accounts(self) -> int:
        return 1_000_000


def risk(number: int) -> Risk:
    seeds = tuple(SeedShare(seed=f"account:s{n}", share=1 / (n + 2)) for n in range(number % 4))
    return Risk(
        id=f"risk-{number}",
        run_id="run",
        entity=f"account:{number}",
        probability=number % 100 / 100,
        score=number % 7 - 3.0,
        over_threshold=number % 5 == 0,
        at=AT,
        seeds=seeds,
        factors={"ties_out": 0.4, "ties_in": 0.2},
    )


def rule(number: int) -> dict[str, str]:
    when = (
        f"risk.over_threshold && risk.independent_seeds >= 2 && risk.probability > {0.5 + number / 200}"
        " && !entity.cleared"
    )
    return {"id": f"rule-{number}", "on": "risk", "when": when, "then": "open_case", "why": "bench"}


def peer(number: int):
    bar = 0.5 + number / 200
    return lambda v: (
        v["risk.over_threshold"]
        and v["risk.independent_seeds"] >= 2
        and v["risk.probability"] > bar
        and not v["entity.cleared"]
    )


def rate(run) -> float:
    """Best events per CPU-second of some rounds."""
    best = 0.0
    for _ in range(ROUNDS):
        began = time.process_time()
        run()
        best = max(best, EVENTS / (time.process_time() - began))
    return best


def main() -> None:
    pack = parse_pack({"name": "bench", "rules": [rule(number) for number in range(RULES)]})
    language, ours = pack.languages["risk"], pack.bundles["risk"]
    theirs = [peer(number) for number in range(RULES)]
    facts = EntityFacts()
    risks = tuple(risk(number) for number in range(EVENTS))
    values = [risk_values(each) | entity_values(each.entity, facts) for each in risks]

    def with_cel() -> int:
        return sum(ours.evaluate(context).count(Match.MATCH) for context in map(language.context, values))

    def with_lambdas() -> int:
        return sum(bool(rule(each)) for each in values for rule in theirs)

    if (found := with_cel()) != with_lambdas():
        raise SystemExit("the two do not agree")
    cel, plain = rate(with_cel), rate(with_lambdas)
    print(f"{RULES} rules, {EVENTS} events, {found} matches, equal in both")
    print(f"ours (CEL adapter):   {cel:>10,.0f} events per CPU-second")
    print(f"peer (plain lambdas): {plain:>10,.0f} events per CPU-second")
    print(f"ratio ours/peer:      {cel / plain:>10.3f}")
    stage = PolicyStage(default_pack(), Nobody(), clock=lambda: AT)
    print(f"stage, default pack:  {rate(lambda: stage.run(Batch(risks=risks))):>10,.0f} risks per CPU-second")
    fifty = PolicyStage(pack, Nobody(), clock=lambda: AT)
    many = rate(lambda: fifty.run(Batch(risks=risks)))
    print(f"stage, {RULES} rules:      {many:>10,.0f} risks per CPU-second")


if __name__ == "__main__":
    main()
