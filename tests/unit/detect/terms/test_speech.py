"""Which tags and words are taken from events."""

from __future__ import annotations

from havenwall.detect.terms import uses_of
from havenwall.model import EventType, LinkKind

MEMBER = frozenset({"account:a"})


def taken(events):
    return {(row[0], row[1], row[2]) for row in uses_of(events, MEMBER).iter_rows()}


def test_tags_of_posts_and_profiles_and_links_count_once(frame):
    at = "2026-01-01T00:00:00Z"
    post = {"type": EventType.POST, "target": "post:1", "at": at}
    events = frame(
        post | {"tags": ("#Tin-Lantern",)},
        {"type": EventType.LINK, "link": LinkKind.TAG_USE, "target": "tag:Tin-Lantern", "at": at},
        {"type": EventType.ACCOUNT, "tags": ("kite",), "at": at},
    )
    assert taken(events) == {("account:a", "tag", "Tin-Lantern"), ("account:a", "tag", "kite")}
    assert uses_of(events, MEMBER).height == 2


def test_words_are_those_of_the_network_without_hashtags_and_short_ones(frame):
    post = {"type": EventType.POST, "target": "post:1"}
    events = frame(
        post | {"text": "Paperfinch at the gate #bluewhistle"},
        post | {"entity": "account:b", "target": "post:2", "text": "the paperfinch and allotment"},
    )
    assert taken(events) == {
        ("account:a", "word", "paperfinch"),
        ("account:a", "word", "gate"),
        ("account:b", "word", "paperfinch"),
    }


def test_what_a_group_says_its_owner_says(frame):
    group = {"type": EventType.GROUP, "entity": "group:1", "text": "quietharbour"}
    assert taken(frame(group | {"target": "account:a"}, group)) == {("account:a", "word", "quietharbour")}
