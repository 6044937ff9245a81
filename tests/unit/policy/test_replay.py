"""A replay tells what the stage would have done, with the same answers."""

from datetime import timedelta

from havenwall.engine import Batch
from havenwall.policy import PolicyStage, replay


def test_a_replay_counts_what_the_stage_does(pack, risk, signal, view, at):
    rules = pack(
        {"id": "hide", "when": "risk.probability >= 0.5", "quota": {"per_day": 2, "share_of_accounts": 1.0}},
        {"id": "look", "on": "signal", "then": "open_case", "when": 'signal.evidence["view"] == "folded"'},
    )
    risks = tuple(risk(number, probability=number / 10) for number in range(10))
    batch = Batch(risks=risks, signals=(signal("x"), signal("y", evidence={"view": "folded"})))
    told = replay(rules, [batch], view).rules
    out = PolicyStage(rules, view, clock=lambda: at).run(batch)
    opened = {
        entity
        for each in out.decisions
        if each.verb == "open_case" and each.rule == "hide"
        for entity in each.entities
    }
    assert (told["hide"].matched, told["hide"].would_suppress) == (5, out.spent["hide"])
    assert told["hide"].would_open == len(opened) == 3
    assert (told["look"].matched, told["look"].would_open, told["look"].indeterminate) == (1, 2, 1)


def test_what_is_restricted_today_does_not_hide_what_the_pack_would_do(pack, risk, view):
    view.restriction = {"account:a": "suppressed"}
    assert replay(pack({}), [Batch(risks=(risk("a"),))], view).rules["r"].would_suppress == 1


def test_an_entity_is_suppressed_once_in_a_replay(pack, risk, view):
    told = replay(pack({}), [Batch(risks=(risk("a"),)), Batch(risks=(risk("a", id="again"),))], view)
    assert (told.rules["r"].matched, told.rules["r"].would_suppress, told.batches) == (2, 1, 2)


def test_a_quota_lasts_a_day_of_the_past(pack, risk, view, at):
    rules = pack({"quota": {"per_day": 1, "share_of_accounts": 1.0}})
    later = at + timedelta(days=1)
    batches = [Batch(risks=(risk("a"),)), Batch(risks=(risk("b"),)), Batch(risks=(risk("c", at=later),))]
    told = replay(rules, batches, view).rules["r"]
    assert (told.would_suppress, told.would_open) == (2, 1)


def test_cleared_accounts_stay_spared(pack, risk, view):
    view.label = {"account:a": "cleared"}
    assert replay(pack({}), [Batch(risks=(risk("a"),))], view).rules["r"].would_suppress == 0
