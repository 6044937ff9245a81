"""Asks every rule about every record of a batch; the stage and the replay share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from havenwall.engine import Batch
from havenwall.model import Risk
from havenwall.policy.cel import Match, Value
from havenwall.policy.fields import entity_values, risk_values, signal_values
from havenwall.policy.pack import Rule, RulePack
from havenwall.policy.view import EntityFacts, PolicyView, entity_facts


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One entity before the rules, with the record that brought it there."""

    entity: str
    input_id: str
    """Id of the risk or signal."""
    weight: float
    """Probability of the risk or strength of the signal; orders entities under a quota."""
    facts: EntityFacts


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule said of a batch; each entity stands once, with its weightiest record."""

    rule: Rule
    matched: tuple[Subject, ...]
    """Weightiest first."""
    undecided: tuple[Subject, ...]
    """INDETERMINATE for some record, and no other record of theirs matched."""


def evaluate(pack: RulePack, batch: Batch, view: PolicyView) -> list[Outcome]:
    """One outcome per rule, in the pack's order."""
    found = {rule.id: _Found() for rule in pack.rules}
    answers = {on: [found[rule.id] for rule in pack.rules_on(on)] for on in pack.bundles}
    for on, subject, values in _subjects(batch, view):
        context = pack.languages[on].context(values)
        for answer, match in zip(answers[on], pack.bundles[on].evaluate(context), strict=True):
            answer.add(match, subject)
    return [_outcome(rule, found[rule.id]) for rule in pack.rules]


class _Found:
    """What one rule has said so far."""

    def __init__(self) -> None:
        self.matched: list[Subject] = []
        self.undecided: list[Subject] = []

    def add(self, match: Match, subject: Subject) -> None:
        if match is Match.MATCH:
            self.matched.append(subject)
        elif match is Match.INDETERMINATE:
            self.undecided.append(subject)


_Row = tuple[str, Subject, Mapping[str, Value]]
"""What a rule is on, the subject, and the values of all fields."""


def _subjects(batch: Batch, view: PolicyView) -> Iterator[_Row]:
    risks = _latest(batch.risks)
    named = [risk.entity for risk in risks] + [each.entity for each in batch.signals]
    facts = entity_facts(view, tuple(dict.fromkeys(named)))
    known = {entity: entity_values(entity, facts[entity]) for entity in facts}
    may_widen = not risks or view.may_widen()
    for risk in risks:
        subject = _subject(risk.entity, risk.id, risk.probability, facts)
        yield "risk", subject, risk_values(risk, may_widen=may_widen) | known[risk.entity]
    for each in batch.signals:
        subject = _subject(each.entity, each.id, each.strength, facts)
        yield "signal", subject, signal_values(each) | known[each.entity]


def _subject(entity: str, input_id: str, weight: float, facts: Mapping[str, EntityFacts]) -> Subject:
    return Subject(entity=entity, input_id=input_id, weight=weight, facts=facts[entity])


def _latest(risks: Iterable[Risk]) -> list[Risk]:
    # A later scoring replaces an earlier one: nobody is suppressed for a risk that is already withdrawn.
    latest = {risk.entity: risk for risk in sorted(risks, key=lambda risk: (risk.at, risk.id))}
    return list(latest.values())


def _outcome(rule: Rule, found: _Found) -> Outcome:
    matched, undecided = _weightiest(found.matched), _weightiest(found.undecided)
    return Outcome(
        rule=rule,
        matched=tuple(matched.values()),
        undecided=tuple(subject for entity, subject in undecided.items() if entity not in matched),
    )


def _weightiest(subjects: Iterable[Subject]) -> dict[str, Subject]:
    """One subject per entity, weightiest first."""
    ranked = sorted(subjects, key=lambda subject: (-subject.weight, subject.entity, subject.input_id))
    best: dict[str, Subject] = {}
    for subject in ranked:
        best.setdefault(subject.entity, subject)
    return best
