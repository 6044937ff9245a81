import msgspec
import pytest
from tests.unit.web_console.made import member, risk, run

from havenwall.model import MemberState, SeedShare
from havenwall.network.evidence import FEATURES
from havenwall.web.console import reasons

SEED = SeedShare(seed="account:s", share=0.4, links_to=1, links_from=1, shared_followers=12)


@pytest.mark.parametrize(
    ("to", "back", "shared", "text"),
    [
        (1, 1, 12, "linked both ways with it, 12 followers in common"),
        (1, 0, 0, "links to it"),
        (0, 1, 1, "linked from it, 1 follower in common"),
        (0, 0, 3, "3 followers in common with it"),
        (0, 0, 0, "near it in the network, with no tie of its own"),
    ],
)
def test_a_seed_is_told_by_its_ties(to, back, shared, text):
    seed = msgspec.structs.replace(SEED, links_to=to, links_from=back, shared_followers=shared)
    assert reasons.seed_words(seed) == text


def test_every_feature_of_the_model_has_words():
    for feature in FEATURES:
        assert reasons.factor_name(feature.name) != feature.name.replace("_", " ").capitalize()
    assert reasons.factor_name("not_links_to_seeds").endswith("the same, towards cleared accounts")


def test_an_unknown_feature_is_still_readable():
    assert reasons.factor_name("brand_new_thing") == "Brand new thing"


def test_the_strongest_factor_comes_first_whichever_way_it_points():
    rows = reasons.factor_rows(risk(factors={"followers": -2.0, "links_to_seeds": 1.0, "following": -0.001}))
    assert [row.value for row in rows] == [-2.0, 1.0]


def test_a_risk_is_told_in_sentences():
    told = " ".join(reasons.sentences(risk(SEED), run())).replace("\u00a0", " ")
    assert ", 84 % belong to the network" in told
    assert "The score (1.50) is above the threshold (\u22120.50)" in told
    assert "83 % of hidden confirmed accounts are found again" in told
    assert "40 % of the evidence comes from 1 confirmed account; the strongest is account:s" in told


def test_the_threshold_of_another_run_is_not_quoted():
    for other in (None, run("run-2")):
        told = reasons.sentences(risk(SEED, over_threshold=False), other)[1]
        assert told == "The score is below the threshold of its scoring, which was not the newest one."


def test_a_risk_without_seeds_says_so():
    assert reasons.sentences(risk(), run())[2] == "No confirmed account stands out behind it."


@pytest.mark.parametrize(
    ("rests_on", "scoring", "text"),
    [
        (
            2,
            run(),
            "It rests on 2 confirmed accounts: take back that many, strongest first, and it falls under ",
        ),
        (
            2,
            None,
            "It rests on 2 confirmed accounts: take back that many, strongest first, and it falls under ",
        ),
        (3, run(), "It rests on 3 confirmed accounts: "),
        (3, None, ""),
        (
            1,
            run(),
            "It stays over the threshold without the 1 confirmed account for which that was worked out.",
        ),
        (0, run(), ""),
    ],
)
def test_what_a_risk_rests_on_is_told_only_where_it_is_known(rests_on, scoring, text):
    # The score is 1.5 and the threshold -0.5; what was not worked out takes nothing away.
    shares = [msgspec.structs.replace(SEED, without=left) for left in (0.3, 0.4, 1.4, None)]
    told = reasons.rests_on_words(risk(*shares, rests_on=rests_on), scoring)
    assert told.startswith(text)
    assert bool(told) == bool(text)
    assert ("(\u22120.50)" in told) == (scoring is not None and "falls under" in told)


def test_a_threshold_of_another_run_is_not_held_against_what_a_risk_rests_on():
    only = risk(msgspec.structs.replace(SEED, without=-1.0), rests_on=1)
    assert reasons.rests_on_words(only, run("run-2")) == ""


@pytest.mark.parametrize(
    ("of", "text"),
    [
        (risk(SEED), "Linked both ways with account:s, 12 followers in common"),
        (risk(), "Its place in the network"),
        (None, "No network score: it came in by a rule of its own"),
    ],
)
def test_the_table_gets_the_strongest_reason(of, text):
    assert reasons.short_reason(member("account:a"), of) == text


def test_a_decided_account_says_who_decided():
    decided = msgspec.structs.replace(member("account:a", MemberState.CLEARED), decided_by="user:anna")
    assert reasons.short_reason(decided, risk(SEED)) == "Cleared by anna"
