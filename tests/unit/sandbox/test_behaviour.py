"""A month of behaviour: valid, repeatable; rules find the planted accounts and hardly any look-alike."""

from __future__ import annotations

from tests.unit.sandbox.valid import check_valid

from havenwall.detect.behaviour import BEHAVIOURS, Watch
from havenwall.sandbox.behaviour import BehaviourConfig, behaviour_town

SMALL = BehaviourConfig(accounts=1500, minors=0.3, planted=10, lookalikes=10, events=5)
TOWN = behaviour_town(SMALL, 1)


def test_events_are_valid_and_in_order() -> None:
    check_valid(TOWN.events)
    assert TOWN.events["at"].is_sorted()


def test_the_same_seed_gives_the_same_events() -> None:
    assert behaviour_town(SMALL, 1).events.equals(TOWN.events)
    assert not behaviour_town(SMALL, 2).events.equals(TOWN.events)


def test_every_rule_has_planted_accounts_and_look_alikes() -> None:
    names = {make().name for make in BEHAVIOURS}
    assert set(TOWN.planted) == set(TOWN.lookalikes) == names


def test_planted_accounts_are_found_and_look_alikes_hardly() -> None:
    found: dict[str, set[str]] = {}
    for signal in Watch().take(TOWN.events):
        if signal.strength >= 0.5:
            found.setdefault(signal.detector, set()).add(signal.entity.removesuffix("-new"))
    for rule, planted in TOWN.planted.items():
        assert len(found[rule] & set(planted)) >= 0.5 * len(planted), rule
        assert len(found[rule] & set(TOWN.lookalikes[rule])) <= 2, rule
