"""Who is spared, suppressed and sent to a person; nothing is dropped in silence."""

import pytest

from havenwall.engine import Batch
from havenwall.model import Verb
from havenwall.policy import decide


def verbs(decided):
    return [(decision.verb, decision.entities) for decision in decided.decisions]


def test_a_suppression_names_rule_version_and_inputs(pack, risk, view, at):
    rules = pack({"why": "Two seeds."})
    (decision,) = decide(rules, Batch(risks=(risk("a"),)), view, at).decisions
    assert (decision.verb, decision.entities) == (Verb.SUPPRESS, ("account:a",))
    assert (decision.by, decision.rule, decision.why) == ("policy:r", "r", "Two seeds.")
    assert decision.policy_version == rules.version
    assert decision.inputs == {"account:a": "risk-a"}
    assert not decision.by_person


def test_the_same_batch_gives_the_same_ids_and_another_pack_others(pack, risk, view, at):
    batch = Batch(risks=(risk("a"), risk("b")))
    ids = [each.id for each in decide(pack({}), batch, view, at).decisions]
    shuffled = Batch(risks=batch.risks[::-1])
    assert [each.id for each in decide(pack({}), shuffled, view, at).decisions] == ids
    assert [each.id for each in decide(pack({"why": "Other."}), batch, view, at).decisions] != ids


@pytest.mark.parametrize("restriction", ["suppressed", "restricted", "removed"])
def test_what_is_already_suppressed_is_left_alone(pack, risk, view, at, restriction):
    view.restriction = {"account:a": restriction}
    assert decide(pack({}), Batch(risks=(risk("a"),)), view, at).decisions == ()


def test_two_rules_suppress_an_entity_once(pack, risk, view, at):
    decided = decide(pack({"id": "one"}, {"id": "two"}), Batch(risks=(risk("a"),)), view, at)
    assert [each.rule for each in decided.decisions] == ["one"]


def test_a_cleared_entity_is_never_suppressed_for_a_score(pack, risk, view, at):
    view.label = {"account:a": "cleared"}
    assert decide(pack({}), Batch(risks=(risk("a"),)), view, at).decisions == ()


def test_new_evidence_on_a_cleared_entity_goes_to_a_person(pack, signal, view, at):
    view.label = {"account:a": "cleared"}
    batch = Batch(signals=(signal("a", "media-hash"), signal("b", "media-hash")))
    decided = decide(pack({"on": "signal"}), batch, view, at)
    assert verbs(decided) == [(Verb.SUPPRESS, ("account:b",)), (Verb.OPEN_CASE, ("account:a",))]
    assert "cleared before" in decided.decisions[1].why


@pytest.mark.parametrize("on", ["risk", "signal"])
def test_who_was_cleared_long_ago_goes_to_a_person_and_is_not_suppressed(pack, risk, signal, view, at, on):
    view.label = {"account:a": "was_cleared"}
    batch = Batch(risks=(risk("a"), risk("b")), signals=(signal("a"), signal("b")))
    decided = decide(pack({"on": on}), batch, view, at)
    assert verbs(decided) == [(Verb.SUPPRESS, ("account:b",)), (Verb.OPEN_CASE, ("account:a",))]
    assert "looks again" in decided.decisions[1].why
    assert (decided.tallies["r"].suppressed, decided.tallies["r"].opened) == (1, 1)


def test_care_comes_before_what_was_cleared_long_ago(pack, risk, view, at):
    view.label, view.lane = {"account:a": "was_cleared"}, {"account:a": "protective"}
    (decision,) = decide(pack({}), Batch(risks=(risk("a"),)), view, at).decisions
    assert decision.verb is Verb.OPEN_CASE
    assert "minor" in decision.why


def test_open_case_is_one_decision_with_all_entities(pack, risk, view, at):
    batch = Batch(risks=tuple(risk(number) for number in range(1200)))
    (decision,) = decide(pack({"then": "open_case"}), batch, view, at).decisions
    assert len(decision.entities) == 1200


def test_suppression_is_split_at_500_entities(pack, risk, view, at):
    rules = pack({"quota": {"per_day": 5000, "share_of_accounts": 1.0}})
    decided = decide(rules, Batch(risks=tuple(risk(number) for number in range(1200))), view, at)
    assert [len(each.entities) for each in decided.decisions] == [500, 500, 200]
    assert len({entity for each in decided.decisions for entity in each.entities}) == 1200
    assert len({each.id for each in decided.decisions}) == 3


def test_over_the_quota_the_likeliest_are_suppressed_and_the_rest_go_to_a_person(pack, risk, view, at):
    rules = pack({"quota": {"per_day": 5, "share_of_accounts": 1.0}})
    view.used = {("r", at.date()): 3}
    batch = Batch(risks=tuple(risk(number, probability=number / 10) for number in range(6)))
    decided = decide(rules, batch, view, at)
    assert verbs(decided) == [
        (Verb.SUPPRESS, ("account:5", "account:4")),
        (Verb.OPEN_CASE, ("account:3", "account:2", "account:1", "account:0")),
    ]
    assert "quota of rule r reached" in decided.decisions[1].why
    assert decided.tallies["r"].suppressed == 2


def test_a_spent_quota_suppresses_nobody_and_hides_nobody(pack, risk, view, at):
    view.used = {("r", at.date()): 1000}
    decided = decide(pack({}), Batch(risks=(risk("a"),)), view, at)
    assert verbs(decided) == [(Verb.OPEN_CASE, ("account:a",))]


def test_the_share_of_accounts_limits_too(pack, risk, view, at):
    view.platform = 120
    rules = pack({"quota": {"per_day": 100, "share_of_accounts": 0.1}})
    decided = decide(rules, Batch(risks=tuple(map(risk, range(14)))), view, at)
    assert [len(each.entities) for each in decided.decisions] == [12, 2]


def test_those_left_alone_use_no_quota(pack, risk, view, at):
    view.restriction = {"account:a": "suppressed"}
    rules = pack({"quota": {"per_day": 1, "share_of_accounts": 1.0}})
    decided = decide(rules, Batch(risks=(risk("a", 0.99), risk("b"))), view, at)
    assert verbs(decided) == [(Verb.SUPPRESS, ("account:b",))]


@pytest.mark.parametrize("then", ["suppress", "open_case"])
def test_what_cannot_be_decided_goes_to_a_person(pack, risk, view, at, then):
    rules = pack({"then": then, "when": 'risk.factors["ties"] > 0.5'})
    batch = Batch(risks=(risk("a"), risk("b", factors={"ties": 0.9}), risk("c", factors={"ties": 0.1})))
    decided = decide(rules, batch, view, at)
    assert verbs(decided) == [(Verb(then), ("account:b",)), (Verb.OPEN_CASE, ("account:a",))]
    assert "rule r could not be decided" in decided.decisions[1].why
    assert decided.tallies["r"].indeterminate == 1


def test_every_match_is_accounted_for(pack, risk, view, at):
    view.platform = 130
    rules = pack({"quota": {"per_day": 100, "share_of_accounts": 0.1}})
    tally = decide(rules, Batch(risks=tuple(map(risk, range(20)))), view, at).tallies["r"]
    assert (tally.matched, tally.suppressed, tally.opened) == (20, 13, 7)
