"""Fields are declared once, and every detector's signals can be counted."""

import pytest

from havenwall.detect import parse_hashes, parse_terms, standard_detectors
from havenwall.detect.behaviour import BEHAVIOURS
from havenwall.model import CARE, CLASSIFIER, SeedShare
from havenwall.policy import DETECTORS, EntityFacts, fields_for, independent_seeds
from havenwall.policy.fields import entity_values, risk_values, signal_values


def test_every_standard_detector_can_be_counted():
    every = standard_detectors([parse_terms("t", b"oak")], [parse_hashes("h", b"a" * 32)])
    rules = {make().name for make in BEHAVIOURS}
    assert {detector.name for detector in every} | rules | {CARE, CLASSIFIER} <= set(DETECTORS)


def test_values_fill_exactly_the_declared_fields(risk, signal):
    known = entity_values("account:a", EntityFacts())
    assert set(risk_values(risk("a")) | known) == set(fields_for("risk"))
    assert set(signal_values(signal("a")) | known) == set(fields_for("signal"))


def test_facts_become_values():
    facts = EntityFacts(label="confirmed", restriction="restricted", counts={"media-hash": 2})
    values = entity_values("group:g", facts)
    assert values["entity.kind"] == "group"
    assert values["entity.confirmed"]
    assert not values["entity.cleared"]
    assert not values["entity.was_cleared"]
    assert values["entity.suppressed"]
    assert values["count.media_hash"] == 2
    assert values["count.report"] == 0


@pytest.mark.parametrize(
    ("shares", "count"),
    [
        ((), 0),
        ((1.0,), 1),
        ((0.5, 0.5), 2),
        ((0.99, 0.01), 1),
        ((0.03,) * 30, 30),
        ((0.0, 0.0), 0),
        ((0.9, 0.09), 2),
    ],
)
def test_a_seed_stands_behind_a_score_if_it_brings_a_tenth_of_the_largest(shares, count):
    seeds = [SeedShare(seed=f"account:{number}", share=share) for number, share in enumerate(shares)]
    assert independent_seeds(seeds) == count


def test_one_seed_named_twice_is_one():
    assert independent_seeds([SeedShare(seed="account:a", share=0.5)] * 2) == 1
