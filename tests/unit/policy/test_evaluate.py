"""Every rule is asked about every record; each entity stands once."""

from datetime import timedelta

from havenwall.engine import Batch
from havenwall.policy import evaluate


def test_rules_look_only_at_their_own_records(pack, risk, signal, view):
    rules = pack({"id": "on-risk"}, {"id": "on-signal", "on": "signal"})
    on_risk, on_signal = evaluate(rules, Batch(risks=(risk("a"),), signals=(signal("b"),)), view)
    assert [each.entity for each in on_risk.matched] == ["account:a"]
    assert [each.entity for each in on_signal.matched] == ["account:b"]


def test_an_entity_stands_once_with_its_weightiest_record(pack, signal, view):
    found = (signal("a", "term", 0.5), signal("a", "report", 0.3), signal("b", "term", 0.6))
    (outcome,) = evaluate(pack({"on": "signal"}), Batch(signals=found), view)
    assert [each.input_id for each in outcome.matched] == ["term-b", "term-a"]


def test_of_two_scorings_the_later_counts(pack, risk, view, at):
    withdrawn = risk("a", id="later", over_threshold=False, at=at + timedelta(hours=1))
    for risks in ((risk("a"), withdrawn), (withdrawn, risk("a"))):
        (outcome,) = evaluate(pack({"when": "risk.over_threshold"}), Batch(risks=risks), view)
        assert outcome.matched == ()


def test_an_entity_that_matched_is_not_undecided_too(pack, signal, view):
    rules = pack({"on": "signal", "when": 'signal.evidence["view"] == "folded"'})
    found = (signal("a", "term", evidence={"view": "folded"}), signal("a", "report"), signal("b", "report"))
    (outcome,) = evaluate(rules, Batch(signals=found), view)
    assert [each.entity for each in outcome.matched] == ["account:a"]
    assert [each.entity for each in outcome.undecided] == ["account:b"]


def test_facts_reach_the_rules(pack, risk, view):
    view.label = {"account:a": "cleared", "account:b": "confirmed"}
    view.counts = {"account:c": {"report": 4}}
    rules = pack(
        {"id": "cleared", "when": "entity.cleared"},
        {"id": "confirmed", "when": "entity.confirmed"},
        {"id": "reported", "when": "count.report >= 3"},
    )
    outcomes = evaluate(rules, Batch(risks=tuple(map(risk, "abc"))), view)
    assert [[each.entity for each in outcome.matched] for outcome in outcomes] == [
        ["account:a"],
        ["account:b"],
        ["account:c"],
    ]


def test_an_empty_batch_gives_empty_outcomes(pack, view):
    (outcome,) = evaluate(pack({}), Batch(), view)
    assert (outcome.matched, outcome.undecided) == ((), ())
