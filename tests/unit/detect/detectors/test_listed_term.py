"""Terms of sealed lists: through disguises, in context, by language and date, with their provenance."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from havenwall.detect.detectors.listed_term import ListedTerms
from havenwall.match.listed import Judge, read_terms

ENTRIES = [
    {"id": "t1", "term": "bluewhistle", "severity": "block", "provenance": "test body, 2026"},
    {"id": "t2", "term": "tin-lantern", "severity": "context", "context_terms": ["swap"], "provenance": "t"},
    {"id": "t3", "term": "moosleiter", "severity": "suppress", "language": "de", "provenance": "t"},
    {
        "id": "t4",
        "term": "oldkite",
        "severity": "block",
        "expires": "2020-01-01T00:00:00Z",
        "provenance": "t",
    },
]


def detector(*entries):
    lines = "\n".join(map(json.dumps, entries)).encode()
    judge = Judge(read_terms([("own.jsonl", lines)] if entries else []))
    return ListedTerms(lambda: judge)


@pytest.fixture(scope="module")
def listed():
    return detector(*ENTRIES)


def seen(found):
    return [(each.entity, each.evidence["field"], each.evidence["entry"]) for each in found]


def test_profiles_names_posts_tags_and_groups_are_searched(listed, frame):
    events = frame(
        {"type": "account", "text": "my b1ue-wh1stle", "attributes": {"handle": "bluewhistle_77"}},
        {"type": "post", "entity": "account:b", "target": "post:1", "tags": ("Blue_Whistle", "garden")},
        {"type": "group", "entity": "group:g", "attributes": {"name": "bluewhistle club"}},
        {"type": "link", "entity": "account:c", "target": "tag:bluewhistle", "link": "tag_use"},
        {"type": "link", "entity": "account:c", "target": "account:bluewhistle", "link": "follow"},
        {"type": "report", "text": "bluewhistle"},
        {"type": "account", "entity": "account:d"},
    )
    found = listed.detect(events)
    assert seen(found) == [
        ("account:a", "text", "t1"),
        ("account:a", "handle", "t1"),
        ("account:b", "tags", "t1"),
        ("group:g", "name", "t1"),
        ("account:c", "tags", "t1"),
    ]
    assert len({each.id for each in found}) == 5
    assert found[0].strength < found[3].strength
    assert found[0].evidence["views"] == "leet, spacing"


def test_evidence_says_where_the_entry_comes_from_and_never_the_term(listed, frame):
    (found,) = listed.detect(frame({"type": "post", "target": "post:1", "text": "a bluewhistle"}))
    assert found.evidence == {
        "entry": "t1",
        "list": "own.jsonl",
        "severity": "block",
        "field": "text",
        "provenance": "test body, 2026",
        "post": "post:1",
    }
    assert (found.detector, found.strength) == ("term", 0.5)
    assert found.version == listed.version != ""


def test_a_context_term_counts_only_in_combination_and_within_one_text(listed, frame):
    assert listed.detect(frame({"type": "account", "text": "a tin lantern"})) == []
    assert listed.detect(frame({"type": "account", "text": "swap", "tags": ("tinlantern",)})) == []
    (found,) = listed.detect(frame({"type": "account", "text": "tin lantern, swap?"}))
    assert (found.evidence["severity"], found.strength) == ("context", 0.4)


@pytest.mark.parametrize(("language", "hits"), [("de", 1), ("de-AT", 1), ("en", 0), ("", 1)])
def test_a_term_of_another_language_does_not_count(listed, frame, language, hits):
    said = {"type": "account", "text": "moosleiter", "attributes": {"language": language}}
    found = listed.detect(frame(said))
    assert len(found) == hits
    assert all((each.strength, each.evidence["language"]) == (0.2, "de") for each in found)


def test_an_expired_term_does_nothing(listed, frame):
    assert listed.detect(frame({"type": "account", "text": "oldkite"})) == []


def test_of_several_tags_the_plainest_counts(listed, frame):
    (found,) = listed.detect(frame({"type": "account", "tags": ("b_l_u_e_whistle", "bluewhistle")}))
    assert "views" not in found.evidence


def test_new_lists_count_from_the_next_frame_on(frame):
    lists = [Judge(read_terms([])), Judge(read_terms([("new", json.dumps(ENTRIES[0]).encode())]))]
    following = ListedTerms(lambda: lists.pop(0))
    events = frame({"type": "account", "text": "bluewhistle"})
    assert following.detect(events) == []
    assert len(following.detect(events)) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(text=st.text(max_size=60), tags=st.lists(st.text(min_size=1, max_size=20), max_size=3))
def test_any_text_is_searched(listed, frame, text, tags):
    listed.detect(frame({"type": "account", "text": text, "tags": tuple(tags)}))
