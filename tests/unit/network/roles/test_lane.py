import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from havenwall.model import Lane, NetworkRole
from havenwall.network.roles import FEATURES, LANES, ROLES, Facts, Features, facts_of, lane_of
from havenwall.network.roles.lane import BLIND_MARGIN, MARGIN
from havenwall.network.roles.scorecard import COLUMN

FLAGS = [name for name in Facts.__struct_fields__ if name != "blind"]
NOBODY = np.empty(0, np.int64)


def facts(blind=False, **given_flags):
    flags = {name: np.array([given_flags.get(name, False)]) for name in FLAGS}
    return Facts(blind=blind, **flags)


def odds(**roles):
    row = np.full((1, len(ROLES)), -9, np.float32)
    row[0, COLUMN[NetworkRole.ORDINARY]] = 0
    for name, value in roles.items():
        row[0, COLUMN[NetworkRole(name)]] = value
    return row


def lane(some_odds, some_facts, over=True):
    lanes, person = lane_of(some_odds, some_facts, np.array([over]))
    return LANES[lanes[0]], bool(person[0])


def test_a_trader_that_the_network_looks_back_at_is_enforced():
    assert lane(odds(trader=5), facts(backed=True)) == (Lane.ENFORCEMENT, False)
    assert lane(odds(trader=5), facts(conduct=True)) == (Lane.ENFORCEMENT, False)


def test_interest_of_others_alone_goes_to_a_person():
    assert lane(odds(trader=9), facts()) == (Lane.NONE, True)


def test_below_the_threshold_nothing_happens():
    assert lane(odds(trader=9), facts(backed=True), over=False) == (Lane.NONE, False)


@pytest.mark.parametrize("rival", ["press", "lookalike", "ordinary"])
def test_rivals_within_the_margin_go_to_a_person(rival):
    close = odds(**{"trader": 4, rival: 4 - MARGIN + 0.1})
    far = odds(**{"trader": 4, rival: 4 - MARGIN - 0.1})
    assert lane(close, facts(backed=True)) == (Lane.NONE, True)
    assert lane(far, facts(backed=True)) == (Lane.ENFORCEMENT, False)


def test_not_knowing_of_minors_widens_the_margin():
    between = odds(trader=(MARGIN + BLIND_MARGIN) / 2)
    assert lane(between, facts(backed=True)) == (Lane.ENFORCEMENT, False)
    assert lane(between, facts(backed=True, blind=True)) == (Lane.NONE, True)


def test_network_roles_add_up():
    split = odds(trader=1.8, buyer=1.8, hub=1.8)
    assert lane(split, facts(backed=True)) == (Lane.ENFORCEMENT, False)


@pytest.mark.parametrize("sign", ["minor", "sought"])
def test_concrete_signs_of_a_victim_protect_whatever_the_odds(sign):
    assert lane(odds(trader=20), facts(backed=True, conduct=True, **{sign: True})) == (Lane.PROTECTIVE, True)


def test_unanswered_buyers_keep_from_enforcement():
    assert lane(odds(trader=20), facts(backed=True, unanswered=True)) == (Lane.NONE, True)


def test_a_possible_victim_is_protected():
    assert lane(odds(trader=4, victim=4 - MARGIN + 0.1), facts(backed=True)) == (Lane.PROTECTIVE, True)


def test_care_reaches_below_the_threshold_only_when_sure():
    assert lane(odds(victim=MARGIN + 0.1), facts(sought=True), over=False) == (Lane.PROTECTIVE, True)
    assert lane(odds(victim=MARGIN - 0.1), facts(sought=True), over=False) == (Lane.NONE, False)
    assert lane(odds(victim=9), facts(), over=False) == (Lane.NONE, False)


def test_the_cleared_are_left_alone():
    assert lane(odds(trader=20), facts(backed=True, cleared=True)) == (Lane.NONE, False)
    assert lane(odds(victim=20), facts(sought=True, cleared=True)) == (Lane.NONE, False)


@pytest.mark.parametrize("known", ["verified", "famous"])
def test_the_known_go_to_a_person(known):
    assert lane(odds(trader=20), facts(backed=True, **{known: True})) == (Lane.NONE, True)


@given(
    row=st.lists(st.floats(-20, 20, width=32), min_size=len(ROLES), max_size=len(ROLES)),
    flags=st.lists(st.booleans(), min_size=len(FLAGS), max_size=len(FLAGS)),
    blind=st.booleans(),
    over=st.booleans(),
)
def test_what_may_never_happen(row, flags, blind, over):
    given_flags = dict(zip(FLAGS, flags, strict=True))
    some = facts(blind, **given_flags)
    found, person = lane(np.array([row], np.float32), some, over)
    barred = ("minor", "sought", "unanswered", "cleared", "verified", "famous")
    if found is Lane.ENFORCEMENT:
        assert over
        assert not any(given_flags[name] for name in barred)
        assert given_flags["conduct"] or given_flags["backed"]
    assert person <= (over or found is Lane.PROTECTIVE)
    assert not (person and found is Lane.ENFORCEMENT)
    cautious, _ = lane(np.array([row], np.float32), msgspec.structs.replace(some, blind=True), over)
    if cautious is Lane.ENFORCEMENT:
        assert found is Lane.ENFORCEMENT


def columns(**values):
    table = np.zeros((1, len(FEATURES)), np.float32)
    for place, feature in enumerate(FEATURES):
        table[0, place] = values.get(feature.name, 0)
    return Features(np.array([7]), table)


def test_facts_of_the_sought_out():
    sought = {"buyers": 4, "buyer_lift": 1.0}
    assert facts_of(columns(**sought), NOBODY).sought[0]
    assert not facts_of(columns(**sought, buyers_answered=1), NOBODY).sought[0]
    backed = {"backed_lift": 1, "traders_following": 2}
    assert facts_of(columns(**sought, **backed), NOBODY).sought[0]
    assert not facts_of(columns(**sought, **backed, traders_mutual=3), NOBODY).sought[0]
    popular = facts_of(columns(buyers=4, buyer_lift=0.1), NOBODY)
    assert popular.unanswered[0]
    assert not popular.sought[0]


def test_facts_of_the_network():
    assert facts_of(columns(backed_lift=1, traders_following=2), NOBODY).backed[0]
    assert not facts_of(columns(backed_lift=1, traders_following=1), NOBODY).backed[0]
    assert not facts_of(columns(traders_followed=50, trader_lift=3), NOBODY).conduct[0]
    assert facts_of(columns(tags=1, media=1), NOBODY).conduct[0]
    assert facts_of(columns(own_signals=0.6), NOBODY).conduct[0]


def test_facts_of_the_known():
    assert facts_of(columns(), np.array([7])).cleared[0]
    assert facts_of(columns(verified=1), NOBODY).verified[0]
    assert facts_of(columns(fame=2), NOBODY).famous[0]
    assert not facts_of(columns(), NOBODY).blind
    assert facts_of(columns(minor=np.nan), NOBODY).blind


def test_an_audience_far_wider_than_confirmed_accounts_have_goes_to_a_person():
    assert facts_of(columns(crowd=2.1), NOBODY).crowd[0]
    assert not facts_of(columns(crowd=1.9), NOBODY).crowd[0]
    assert lane(odds(trader=9), facts(backed=True, crowd=True)) == (Lane.NONE, True)


def test_who_follows_many_traders_and_is_backed_by_them_is_no_unanswered_victim():
    sought = {"buyers": 4, "buyer_lift": 1.0, "backed_lift": 1, "traders_following": 2}
    promoting = {"trader_lift": 1.2, "traders_followed": 6}
    assert not facts_of(columns(**sought, **promoting), NOBODY).sought[0]
    assert facts_of(columns(**sought, trader_lift=1.2, traders_followed=3), NOBODY).sought[0]
    unbacked = {"buyers": 4, "buyer_lift": 1.0, **promoting}
    assert facts_of(columns(**unbacked), NOBODY).sought[0]
