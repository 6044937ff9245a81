"""What would this pack have done? The stage's own code over past batches, deciding nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import msgspec

from havenwall.engine import Batch
from havenwall.model import Restriction, Verb
from havenwall.policy.decide import Decided, decide
from havenwall.policy.pack import RulePack
from havenwall.policy.view import PolicyView


class RuleReplay(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule would have done, in entities summed over the batches."""

    matched: int = 0
    would_suppress: int = 0
    would_open: int = 0
    """Sent to a person for any reason: the rule says so, quota, cleared before, undecided."""
    indeterminate: int = 0


class Replay(msgspec.Struct, frozen=True, kw_only=True):
    """What a pack would have done."""

    pack_version: str
    batches: int
    rules: dict[str, RuleReplay]
    """By rule id, in the pack's order."""


def replay(pack: RulePack, batches: Iterable[Batch], view: PolicyView) -> Replay:
    """Run `pack` over past batches, oldest first, as if nothing had been restricted before them.

    Quotas are counted afresh, on the day of each batch's newest record. Labels, lanes, cases, signal counts
    and what audits say are today's: the replay tells what the pack would do to these records with what is
    known now.
    """
    sums = {rule.id: RuleReplay() for rule in pack.rules}
    past = _Past(view)
    count = 0
    for batch in batches:
        at = _moment(batch)
        decided = decide(pack, batch, past, at)
        past.keep(decided, at.date())
        sums = {rule: _plus(sums[rule], decided, rule) for rule in sums}
        count += 1
    return Replay(pack_version=pack.version, batches=count, rules=sums)


class _Past:
    """A PolicyView in which only the replay itself has acted."""

    def __init__(self, view: PolicyView) -> None:
        self._view = view
        self._suppressed: set[str] = set()
        self._spent: Counter[tuple[str, date]] = Counter()

    def keep(self, decided: Decided, day: date) -> None:
        for decision in decided.decisions:
            if decision.verb is Verb.SUPPRESS:
                self._suppressed.update(decision.entities)
        for rule, tally in decided.tallies.items():
            self._spent[rule, day] += tally.suppressed

    def labels(self, entities: Sequence[str]) -> dict[str, str]:
        return self._view.labels(entities)

    def restrictions(self, entities: Sequence[str]) -> dict[str, str]:
        done = Restriction.SUPPRESSED.value
        return {entity: done for entity in entities if entity in self._suppressed}

    def signal_counts(self, entities: Sequence[str]) -> dict[str, dict[str, int]]:
        return self._view.signal_counts(entities)

    def lanes(self, entities: Sequence[str]) -> dict[str, str]:
        return self._view.lanes(entities)

    def in_case(self, entities: Sequence[str]) -> set[str]:
        return self._view.in_case(entities)

    def may_widen(self) -> bool:
        return self._view.may_widen()

    def spent(self, rule: str, day: date) -> int:
        return self._spent[rule, day]

    def accounts(self) -> int:
        return self._view.accounts()


def _moment(batch: Batch) -> datetime:
    moments = [risk.at for risk in batch.risks] + [signal.at for signal in batch.signals]
    return max(moments, default=datetime.fromtimestamp(0, UTC)).astimezone(UTC)


def _plus(known: RuleReplay, decided: Decided, rule: str) -> RuleReplay:
    tally = decided.tallies[rule]
    return RuleReplay(
        matched=known.matched + tally.matched,
        would_suppress=known.would_suppress + tally.suppressed,
        would_open=known.would_open + tally.opened,
        indeterminate=known.indeterminate + tally.indeterminate,
    )
