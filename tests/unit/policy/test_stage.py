"""The stage hands over decisions and the quota they used."""

from havenwall.engine import Batch, Stream
from havenwall.policy import PolicyStage


def test_decisions_and_spent_quota(pack, risk, view, at):
    rules = pack({"id": "hide"}, {"id": "look", "then": "open_case"})
    out = PolicyStage(rules, view, clock=lambda: at).run(Batch(risks=(risk("a"), risk("b"))))
    assert [(each.rule, each.at) for each in out.decisions] == [("hide", at), ("look", at)]
    assert out.spent == {"hide": 2}


def test_nothing_new_decides_nothing(pack, view):
    out = PolicyStage(pack({}), view).run(Batch())
    assert (out.decisions, out.spent) == ((), {})


def test_it_follows_signals_and_risks(pack, view):
    stage = PolicyStage(pack({}), view)
    assert (stage.name, stage.reads) == ("policy", (Stream.SIGNAL, Stream.RISK))
