"""All rules together: repeatable, for care where a minor is concerned, bounded."""

from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.detect.behaviour.conftest import busy, busy_events

from havenwall.detect.behaviour import BEHAVIOURS, Watch, behaviour_page
from havenwall.detect.behaviour.bounded import Bounded, Recent
from havenwall.detect.behaviour.known import Known
from havenwall.model import CARE
from havenwall.sandbox.behaviour import BehaviourConfig, behaviour_town


def test_a_signal_on_a_minor_is_for_care_only(town):
    signals = busy(town).signals()
    assert {s.detector for s in signals if s.entity == "account:teen"} == {CARE}
    assert {s.evidence["behaviour"] for s in signals if s.detector == CARE} == {
        "unanswered-contacts",
        "minor-objections",
    }
    assert CARE not in {s.detector for s in signals if s.entity == "account:eve"}


def test_evidence_names_no_minor(town):
    assert not any("account:" in text for s in busy(town).signals() for text in s.evidence.values())


@settings(max_examples=20)
@given(cuts=st.lists(st.integers(0, 82), max_size=6))
def test_how_events_are_cut_into_batches_changes_nothing(cuts):
    events = busy_events()
    watch, edges = Watch(), sorted({0, *cuts, events.height})
    found = [s for a, b in pairwise(edges) for s in watch.take(events.slice(a, b - a))]
    assert found == Watch().take(events)


def test_one_signal_per_strength_and_month(town):
    for month in range(3):
        for day in range(12):
            for number in range(5):
                town.tell("search", "account:eve", month * 31 + day + number / 100)
    found = [(s.at.month, s.strength) for s in town.signals()]
    assert len(found) == len(set(found))
    assert {month for month, _ in found} == {3, 4, 5}


def test_names_are_unique_and_strengths_rise_and_none_is_strong():
    rules = [make() for make in BEHAVIOURS]
    assert len({rule.name for rule in rules}) == len(rules)
    for rule in rules:
        levels, strengths = zip(*rule.ladder, strict=True)
        assert list(levels) == sorted(set(levels))
        assert list(strengths) == sorted(set(strengths))
        assert strengths[-1] <= 0.7
        assert f"## {rule.name}" in behaviour_page()


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 30), st.integers(0, 200))))
def test_recent_keeps_what_is_within_the_window_and_no_more(adds):
    recent, plain = Recent(50, each=1000, actors=1000), {}
    for actor, thing, at in adds:
        kept = plain.setdefault(actor, {})
        newest = max([*kept.values(), at])
        if at > newest - 50:
            kept[thing] = max(at, kept.get(thing, at))
        plain[actor] = {t: when for t, when in kept.items() if when > newest - 50}
        assert dict(recent.add(str(actor), str(thing), at)) == {str(t): w for t, w in plain[actor].items()}


@given(st.lists(st.integers(0, 40)))
def test_memory_has_a_ceiling(keys):
    kept, recent = Bounded(5, int), Recent(10, each=3, actors=4)
    for at, key in enumerate(keys):
        kept.put(str(key), at)
        assert len(recent.add(str(key % 7), str(key), at)) <= 3
    assert len(kept) <= 5
    assert len(recent) <= 4


class Remembering:
    """A full memory and one that is filled from its dump before every step say the same."""

    def __init__(self, make):
        self.make, self.all, self.cut = make, make(), make()

    def both(self, act):
        fresh = self.make()
        fresh.fill(self.cut.dump())
        self.cut = fresh
        one, two = act(self.all), act(self.cut)
        assert one == two
        assert self.all.dump() == self.cut.dump()


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 9), st.integers(0, 60)), max_size=25)
)
def test_what_was_written_down_forgets_in_the_same_order(steps):
    bounded = Remembering(lambda: Bounded(4, dict[str, int]))
    recent = Remembering(lambda: Recent(20, each=3, actors=4))
    for step in steps:
        bounded.both(partial(change_bounded, *step))
        recent.both(partial(change_recent, *step))


def change_bounded(put, who, thing, at, kept):
    if put:
        kept.put(f"k{who}", {f"t{thing}": at})
    else:
        kept.pop(f"k{who}")
    return kept.get(f"k{thing}"), len(kept)


def change_recent(put, who, thing, at, kept):
    if put:
        return list(kept.add(f"k{who}", f"t{thing}", at).items())
    kept.drop(f"k{who}", f"t{thing}")
    return list(kept.of(f"k{who}").items())


def test_every_memory_of_every_rule_is_written_down():
    for owner in (Known(), *(make() for make in BEHAVIOURS)):
        held = [each for each in vars(owner).values() if isinstance(each, Bounded | Recent)]
        assert list(owner.memory) == held
        # Nothing else may be remembered: it would be lost.
        assert len(vars(owner)) == len(held) + isinstance(owner, Known)


TOWN = behaviour_town(BehaviourConfig(accounts=200, planted=10, lookalikes=2, minors=0.4, events=3), 5).events
WHOLE = Watch().take(TOWN)


@settings(max_examples=10)
@given(st.lists(st.integers(0, TOWN.height), min_size=1, max_size=4))
def test_any_split_gives_the_signals_of_one_run(cuts):
    watch, found = Watch(), []
    for a, b in pairwise(sorted({0, *cuts, TOWN.height})):
        found += watch.take(TOWN[a:b])
        parts, watch = list(watch.dump()), Watch()
        watch.fill([memoryview(part) for part in parts])
    assert found == WHOLE


def test_the_split_town_has_signals_of_every_rule():
    assert {signal.detector for signal in WHOLE} >= {make().name for make in BEHAVIOURS}


def test_bytes_of_something_else_are_refused():
    parts = list(Watch().dump())
    for wrong in (parts[:-1], [b"", *parts[1:]], [b"\xc1", *parts[1:]], [b"\x81\xa1a\x01", *parts[1:]]):
        with pytest.raises(ValueError):
            Watch().fill(wrong)
