"""What stages tell is shown in the language of the answer, wherever it was told."""

import re
from itertools import product

import pytest
from tests.unit.web_console.made import AT, case, member

from havenwall.casework.queues import Clocks, clock_of, explained
from havenwall.casework.wellbeing import standing
from havenwall.model import CaseClass, CaseSource, CaseTopic, EntityKind, SeedShare, SharedThing
from havenwall.network.reasons import words
from havenwall.network.things.config import ThingConfig
from havenwall.network.things.words import explained as thing_words
from havenwall.web import tongue
from havenwall.web.console.told import told

ENGLISH = re.compile(r"\b(?:it|the|of|is|no|accounts?|with|within|by|and|reported|limit)\b", re.IGNORECASE)


@pytest.fixture(params=["de"])
def spoken(request):
    tongue.speak(request.param)
    yield request.param
    tongue.speak("en")


def _cases():
    for source, topic, one_class in product(CaseSource, (CaseTopic.SINGLE, CaseTopic.LIVE), CaseClass):
        for imminent, audience in product((True, False), (0, 1200)):
            yield case(source=source, topic=topic, case_class=one_class, imminent=imminent, audience=audience)


def test_priorities_and_clocks(spoken):
    for one in _cases():
        parts = explained(one, [member("account:a", probability=0.56)], AT)
        for text in (*(part.why for part in parts), clock_of(Clocks(), one)[1]):
            assert not ENGLISH.search(told(text)), text


def test_limits_on_what_one_sees(spoken):
    for text in (
        *standing._BREAK.values(),
        *standing._NAMES.values(),
        "80% of the limit for time in a day is used",
    ):
        assert not ENGLISH.search(told(text)), text


@pytest.mark.parametrize("counted", [(1, 1, 0, 1), (40, 3, 5, 2), (1400, 30, 5, 30)])
@pytest.mark.parametrize("kind", [EntityKind.GROUP, EntityKind.TAG, EntityKind.LIVE])
def test_reasons_of_things(spoken, kind, counted):
    for low in (0.0001, 0.4):
        text = thing_words(kind, counted, (low, 0.5), 0.01, ThingConfig())
        assert not ENGLISH.search(told(text)), text


@pytest.mark.parametrize("score", [1.5, 4.0, 0.5])
def test_reasons_of_accounts(spoken, score):
    seeds = [
        SeedShare(
            seed="konto:s", share=0.5, links_from=1, links_to=1, shared_followers=3, without=score - 0.2
        )
    ]
    things = [SharedThing(entity="tag:tin-lantern", users=1, confirmed=2, weight=1.0)]
    for text in words.sentences(score, 1.4, seeds, things):
        assert not ENGLISH.search(told(text)), text


def test_names_and_unknown_sentences_stay(spoken):
    assert "general" in told("The queue general answers sooner than the law asks.")
    assert told("Something new.") == "Something new."


def test_english_stays_as_it_was_told():
    assert told("1,200 people see it.") == "1,200 people see it."
