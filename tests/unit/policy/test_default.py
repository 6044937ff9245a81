"""What the shipped pack does to the four kinds of people it meets."""

import msgspec
import pytest

from havenwall.engine import Batch
from havenwall.model import Lane, NetworkRole
from havenwall.policy import decide, default_pack

PACK = default_pack()
FIRM = {"firm": "yes"}


@pytest.fixture
def rules_of(view, at):
    """The (rule, verb) pairs of the decisions on a batch."""

    def run(**batch):
        return [(each.rule, each.verb.value) for each in decide(PACK, Batch(**batch), view, at).decisions]

    return run


def test_a_confirmed_account_is_suppressed(rules_of, signal):
    assert rules_of(signals=(signal("a"),)) == [("suppress-confirmed", "suppress")]


def test_a_network_is_suppressed_and_sent_to_a_person(rules_of, risk):
    found = rules_of(risks=(risk("a"), risk("b")))
    assert found == [("suppress-network", "suppress"), ("network-case", "open_case")]


def test_a_role_of_the_network_counts_where_the_network_looks_back(rules_of, risk):
    looked_at = risk("a", lane=Lane.NONE, role=NetworkRole.BUYER)
    assert rules_of(risks=(looked_at,))[0] == ("suppress-network", "suppress")


@pytest.mark.parametrize(
    "fields",
    [{"role": NetworkRole.PRESS}, {"role": NetworkRole.BUYER, "links_from": 0, "shared_followers": 1}],
)
def test_who_is_not_clearly_of_the_network_goes_to_a_person_only(rules_of, risk, fields):
    assert rules_of(risks=(risk("a", lane=Lane.NONE, **fields),)) == [("network-case", "open_case")]


def test_a_possible_victim_goes_to_care_only(rules_of, risk):
    victim = risk("a", lane=Lane.PROTECTIVE, needs_person=True)
    assert rules_of(risks=(victim,)) == [("protect", "open_case")]


def test_no_rule_suppresses_a_possible_victim(rules_of, signal, view):
    view.lane = {"account:a": "protective"}
    found = rules_of(signals=(signal("a", "media-hash", evidence=FIRM),))
    assert {verb for _, verb in found} == {"open_case"}


def test_a_new_scoring_does_not_bring_the_same_accounts_again(rules_of, risk, view):
    view.restriction = {"account:a": "suppressed"}
    assert rules_of(risks=(risk("a"),)) == []


def test_somebody_close_to_one_seed_only_is_left_alone(rules_of, risk):
    assert rules_of(risks=(risk("a", seeds=(1.0,)),)) == []
    assert rules_of(risks=(risk("a", over_threshold=False),)) == []


def test_known_media_is_suppressed_and_sent_to_a_person(rules_of, signal):
    found = rules_of(signals=(signal("a", "media-hash", evidence=FIRM),))
    assert found == [("suppress-known-media", "suppress"), ("known-media-case", "open_case")]


def test_media_that_is_merely_near_goes_to_a_person_only(rules_of, signal):
    near = signal("a", "media-hash", evidence={"distance": "11", "level": "verified"})
    assert rules_of(signals=(near,)) == [("known-media-case", "open_case")]


def test_a_cleared_account_is_never_suppressed_but_known_media_is_seen(rules_of, risk, signal, view):
    view.label = {"account:a": "cleared"}
    found = rules_of(
        risks=(risk("a"),), signals=(signal("a", "media-hash", evidence=FIRM), signal("a", "report"))
    )
    assert found == [("known-media-case", "open_case")]


@pytest.mark.parametrize(("reports", "found"), [(2, []), (3, [("reported-case", "open_case")])])
def test_reports_alone_open_a_case_and_suppress_nobody(rules_of, signal, view, reports, found):
    view.counts = {"account:a": {"report": reports}}
    assert rules_of(signals=(signal("a", "report", 0.3),)) == found


@pytest.mark.parametrize(("strength", "found"), [(0.49, []), (0.5, [("community-case", "open_case")])])
def test_a_community_goes_to_a_person_and_hides_nobody(rules_of, signal, strength, found):
    assert rules_of(signals=(signal("a", "community", strength),)) == found


@pytest.mark.parametrize("known", [{"label": "cleared"}, {"restriction": "suppressed"}])
def test_a_community_brings_nobody_who_was_seen_already(rules_of, signal, view, known):
    for name, value in known.items():
        setattr(view, name, {"account:a": value})
    assert rules_of(signals=(signal("a", "community", 0.9),)) == []


def test_a_thing_is_neither_hidden_nor_brought_to_a_person(rules_of, risk):
    thing = risk("t", 0.99, seeds=(), entity="tag:t", over_threshold=False, lane=Lane.NONE)
    assert rules_of(risks=(thing,)) == []


def test_a_term_or_a_clearing_alone_does_nothing(rules_of, signal):
    assert rules_of(signals=(signal("a", "term", 0.5), signal("b", "cleared", 0.0))) == []


def test_the_drawn_go_to_a_person_and_nothing_else_happens_to_them(rules_of, risk):
    assert rules_of(risks=(risk("a", over_threshold=False, sampled=0.1),)) == [("audit-sample", "open_case")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label", {"account:a": "cleared"}),
        ("label", {"account:a": "confirmed"}),
        ("restriction", {"account:a": "suppressed"}),
        ("cases", {"account:a"}),
    ],
)
def test_the_drawn_are_not_brought_twice(rules_of, risk, view, field, value):
    setattr(view, field, value)
    assert rules_of(risks=(risk("a", over_threshold=False, sampled=0.1),)) == []


def test_the_drawn_over_the_threshold_stay_with_the_network(rules_of, risk):
    found = rules_of(risks=(risk("a", sampled=0.1),))
    assert found == [("suppress-network", "suppress"), ("network-case", "open_case")]


def test_a_drawn_possible_victim_goes_to_care(rules_of, risk):
    victim = risk("a", lane=Lane.PROTECTIVE, needs_person=True, sampled=0.1)
    assert rules_of(risks=(victim,)) == [("protect", "open_case")]


def test_the_breaker_leaves_all_to_a_person(rules_of, risk, view):
    view.widen = False
    assert rules_of(risks=(risk("a"), risk("b"))) == [("network-case", "open_case")]


@pytest.mark.parametrize(("strength", "found"), [(0.69, []), (0.7, [("return-case", "open_case")])])
def test_a_likely_return_goes_to_a_person_and_hides_nobody(rules_of, signal, strength, found):
    assert rules_of(signals=(signal("a", "return", strength),)) == found


@pytest.mark.parametrize("known", [{"label": "cleared"}, {"restriction": "suppressed"}])
def test_a_return_that_somebody_has_looked_at_is_no_news(rules_of, signal, view, known):
    for field, value in known.items():
        setattr(view, field, {"account:a": value})
    assert rules_of(signals=(signal("a", "return", 0.99),)) == []


def test_who_was_cleared_long_ago_comes_back_but_only_to_a_person(rules_of, risk, signal, view):
    view.label = {"account:a": "was_cleared"}
    found = rules_of(risks=(risk("a"),), signals=(signal("a", "media-hash", evidence=FIRM), signal("a")))
    assert {verb for _, verb in found} == {"open_case"}
    assert ("network-case", "open_case") in found


def test_a_live_stream_is_suppressed_by_firm_matches_only(rules_of, signal):
    near = msgspec.structs.replace(signal("s", "live-match", evidence={"risk": "0.9"}), entity="live:s")
    assert rules_of(signals=(near,)) == [("live-match-case", "open_case")]
    firm = msgspec.structs.replace(near, evidence={"risk": "0.9", "firm": "yes"})
    assert rules_of(signals=(firm,)) == [
        ("suppress-live-match", "suppress"),
        ("live-match-case", "open_case"),
    ]
    host = msgspec.structs.replace(firm, entity="account:a")
    assert rules_of(signals=(host,)) == [("live-match-case", "open_case")]
