"""From outcomes to decisions: who is spared, who is suppressed within the quota, who goes to a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import msgspec

from havenwall.engine import Batch
from havenwall.model import Decision, Verb, derived_id
from havenwall.policy.evaluate import Outcome, Subject, evaluate
from havenwall.policy.pack import Rule, RulePack
from havenwall.policy.view import PolicyView

MAX_ENTITIES = 500
"""Entities of one suppressing decision, so that each can be undone on its own."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule did with a batch, in entities."""

    matched: int
    suppressed: int
    opened: int
    """Sent to a person, for any reason."""
    indeterminate: int
    """Of `opened`: because the rule could not be decided."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """The decisions on a batch and each rule's tally, by rule id."""

    decisions: tuple[Decision, ...]
    tallies: dict[str, Tally]


class _Split(msgspec.Struct, frozen=True, kw_only=True):
    """What becomes of the entities of one outcome."""

    suppress: tuple[Subject, ...] = ()
    open_case: tuple[Subject, ...] = ()
    over_quota: tuple[Subject, ...] = ()
    cleared: tuple[Subject, ...] = ()
    protected: tuple[Subject, ...] = ()
    lapsed: tuple[Subject, ...] = ()
    undecided: tuple[Subject, ...] = ()


def decide(pack: RulePack, batch: Batch, view: PolicyView, at: datetime) -> Decided:
    """All decisions of `pack` on the signals and risks of `batch`.

    `at` (with time zone) dates them; the quota's day is its UTC day. Decision ids come from pack version,
    rule and input ids, so the same batch decided twice doubles nothing.
    """
    taken: set[str] = set()
    decisions: list[Decision] = []
    tallies: dict[str, Tally] = {}
    for outcome in evaluate(pack, batch, view):
        split = _split(outcome, view, at, taken)
        taken.update(subject.entity for subject in split.suppress)
        decisions.extend(_decisions(pack, outcome.rule, split, at))
        tallies[outcome.rule.id] = _tally(outcome, split)
    return Decided(decisions=tuple(decisions), tallies=tallies)


def _split(outcome: Outcome, view: PolicyView, at: datetime, taken: set[str]) -> _Split:
    rule, matched = outcome.rule, outcome.matched
    if rule.quota is None:
        return _Split(open_case=matched, undecided=outcome.undecided)
    cleared = tuple(subject for subject in matched if subject.facts.cleared)
    free = tuple(subject for subject in matched if _may_suppress(subject, taken))
    day = at.astimezone(UTC).date()
    left = max(0, rule.quota.limit(view.accounts()) - view.spent(rule.id, day)) if free else 0
    return _Split(
        suppress=free[:left],
        over_quota=free[left:],
        # A new signal on somebody who was cleared is news, and for a person. A new risk is not: it is the
        # score that person has already looked past.
        cleared=cleared if rule.on == "signal" else (),
        protected=tuple(
            subject for subject in matched if subject.facts.protected and not subject.facts.cleared
        ),
        lapsed=tuple(
            subject for subject in matched if subject.facts.was_cleared and not subject.facts.protected
        ),
        undecided=outcome.undecided,
    )


def _may_suppress(subject: Subject, taken: set[str]) -> bool:
    facts = subject.facts
    spared = facts.cleared or facts.was_cleared or facts.protected or facts.suppressed
    return not (spared or subject.entity in taken)


def _decisions(pack: RulePack, rule: Rule, split: _Split, at: datetime) -> Iterator[Decision]:
    for start in range(0, len(split.suppress), MAX_ENTITIES):
        chunk = split.suppress[start : start + MAX_ENTITIES]
        yield _decision(pack, rule, Verb.SUPPRESS, chunk, rule.why, at)
    for subjects, why in _for_a_person(rule, split):
        if subjects:
            yield _decision(pack, rule, Verb.OPEN_CASE, subjects, why, at)


def _for_a_person(rule: Rule, split: _Split) -> tuple[tuple[tuple[Subject, ...], str], ...]:
    return (
        (split.open_case, rule.why),
        (split.over_quota, f"quota of rule {rule.id} reached; these matched it and were not suppressed"),
        (split.cleared, f"rule {rule.id} matched new evidence on entities that were cleared before"),
        (
            split.protected,
            f"rule {rule.id} matched; it may be a minor's or a victim's, so no machine acts on it",
        ),
        (
            split.lapsed,
            f"rule {rule.id} matched; a person cleared it, too long ago to count, so a person looks again",
        ),
        (split.undecided, f"rule {rule.id} could not be decided; something it needs is missing or too large"),
    )


def _decision(
    pack: RulePack, rule: Rule, verb: Verb, subjects: Sequence[Subject], why: str, at: datetime
) -> Decision:
    inputs = {subject.entity: subject.input_id for subject in subjects}
    return Decision(
        id=derived_id(pack.version, rule.id, verb.value, why, *sorted(inputs.values())),
        verb=verb,
        entities=tuple(inputs),
        by=f"policy:{rule.id}",
        why=why,
        at=at,
        rule=rule.id,
        policy_version=pack.version,
        topic=rule.topic,
        inputs=inputs,
    )


def _tally(outcome: Outcome, split: _Split) -> Tally:
    opened = {subject.entity for part, _ in _for_a_person(outcome.rule, split) for subject in part}
    return Tally(
        matched=len(outcome.matched),
        suppressed=len(split.suppress),
        opened=len(opened),
        indeterminate=len(split.undecided),
    )
