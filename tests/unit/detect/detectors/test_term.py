"""Terms of a list are found in text and tags; the signal carries no text."""

import pytest

from havenwall.detect import Terms, parse_terms


@pytest.fixture
def terms():
    return Terms(parse_terms("stand-ins", b"bluewhistle\ntin lantern\n"))


def test_profile_post_and_group_are_searched(terms, frame):
    events = frame(
        {"type": "account", "text": "selling a BlueWhistle"},
        {"type": "post", "entity": "account:b", "target": "post:1", "tags": ("tinlantern",)},
        {"type": "group", "entity": "group:g", "text": "tin-lantern club"},
        {"type": "report", "text": "bluewhistle"},
        {"type": "account", "entity": "account:c", "text": "nothing here"},
        {"type": "account", "entity": "account:d"},
    )
    found = terms.detect(events)
    seen = [(each.entity, each.evidence["field"], each.evidence["view"]) for each in found]
    assert seen == [
        ("account:a", "text", "folded"),
        ("account:b", "tags", "joined"),
        ("group:g", "text", "folded"),
    ]
    assert found[1].evidence["post"] == "post:1"
    assert found[0].strength > found[1].strength


def test_the_signal_names_the_list_and_not_the_term(terms, frame):
    (found,) = terms.detect(frame({"type": "account", "text": "my bluewhistle, only 5"}))
    assert found.version == terms.version
    assert set(found.evidence) == {"list", "entry", "view", "field"}
    assert not any("whistle" in value for value in found.evidence.values())


def test_a_phrase_is_not_made_of_two_tags(terms, frame):
    assert terms.detect(frame({"type": "account", "tags": ("tin", "lantern")})) == []


def test_of_several_tags_the_strictest_reading_counts(terms, frame):
    (found,) = terms.detect(frame({"type": "account", "tags": ("b_l_u_e_whistle", "bluewhistle")}))
    assert found.evidence["view"] == "folded"


def test_two_terms_in_one_event_are_two_signals(terms, frame):
    found = terms.detect(
        frame({"type": "account", "text": "bluewhistle", "tags": ("tinlantern", "bluewhistle")})
    )
    assert len({each.id for each in found}) == 3
