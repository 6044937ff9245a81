from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from havenwall.audit.compare import compare, read_request
from havenwall.audit.compare.read import MAX_FILE
from havenwall.errors import BadInput

GOOD = """
title: A worked example
canaries: search
platforms:
  - name: first
    found: 405
    effort: {amount: 10, unit: queries}
    detection: {planted: 30, found: 18}
    sessions: [100, 100, 100, 100, 5]
    recapture: {lists: {tags: [a, 1], search: [1, b]}}
    survival: {checks: [{day: 30, active: 31}]}
  - name: second
    found: 128
    effort: {amount: 10, unit: queries}
    recapture: {frequencies: [50, 20, 8], occasions: 4}
    survival: {lifetimes: [{active: 7, gone: 14}, {active: 30}]}
"""


def changed(path: str, value: Any) -> bytes:
    """The good file with one value replaced, or taken out if it is ...; `path` as 0.effort.unit."""
    document = yaml.safe_load(GOOD)
    *above, last = (int(part) if part.isdigit() else part for part in path.split("."))
    at = document["platforms"] if isinstance(above[0] if above else last, int) else document
    for part in above:
        at = at[part]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return yaml.safe_dump(document).encode()


def refused(content: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read_request(content)
    assert caught.value.hint
    return caught.value


def test_a_good_file_is_read() -> None:
    assert [p.name for p in read_request(GOOD.encode()).platforms] == ["first", "second"]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("level", 1, "level"),
        ("prior", {"rate": -1}, "prior.rate"),
        ("prior", {"rate": 0.01}, "prior.rate"),
        ("prior", {"rate": float("nan")}, "prior.rate"),
        ("prior", {"detection": 11}, "prior.detection"),
        ("canaries", ..., "canaries"),
        ("canaries", "maybe", "canaries"),
        ("platforms", [], "platforms"),
        ("more", 1, "file"),
        ("0.name", "second", "platforms"),
        ("0.name", " ", "platforms[0].name"),
        ("title", "two\nlines", "title"),
        ("0.name", "\x1b[31mred", "platforms[0].name"),
        ("0.found", 10**30, "platforms[0].found"),
        ("0.name", False, "platforms[0].name"),
        ("0.found", -1, "platforms[0].found"),
        ("0.found", "many", "platforms[0].found"),
        ("0.found", ..., "platforms[0]"),
        ("0.effort", ..., "platforms[0]"),
        ("0.effort.unit", "search-hours", "platforms[].effort.unit"),
        ("0.effort.unit", "", "platforms[].effort.unit"),
        ("1.effort.amount", 0, "platforms[1].effort.amount"),
        ("1.effort.amount", float("nan"), "platforms[1].effort.amount"),
        ("0.detection.planted", 0, "platforms[0].detection.planted"),
        ("0.detection.found", 31, "platforms[0].detection.found"),
        ("0.sessions", [405], "platforms[0].sessions"),
        ("0.sessions", [1, 2, 3, 4, 5], "platforms[0].sessions"),
        ("0.recapture", {}, "platforms[0].recapture"),
        ("0.recapture.lists", {"one": ["a"]}, "platforms[0].recapture.lists"),
        ("0.recapture.lists.tags", [], "platforms[0].recapture.lists.tags"),
        ("0.recapture.occasions", 3, "platforms[0].recapture.occasions"),
        (
            "0.recapture",
            {"two_lists": {"first": 3, "second": 2, "both": 3}},
            "platforms[0].recapture.two_lists.both",
        ),
        (
            "0.recapture",
            {"two_lists": {"first": 0, "second": 2, "both": 0}},
            "platforms[0].recapture.two_lists.first",
        ),
        ("1.recapture.frequencies", [0, 0], "platforms[1].recapture.frequencies"),
        ("1.recapture.occasions", 2, "platforms[1].recapture.occasions"),
        ("0.survival", {}, "platforms[0].survival"),
        ("0.survival.checks", [], "platforms[0].survival.checks"),
        ("0.survival.checks.0.day", 0, "platforms[0].survival.checks[0].day"),
        ("0.survival.checks.0.active", 406, "platforms[0].survival.checks[0].active"),
        ("0.survival.checks.0.of", 406, "platforms[0].survival.checks[0].of"),
        ("1.survival.lifetimes", [], "platforms[1].survival.lifetimes"),
        ("1.survival.lifetimes.0.gone", 7, "platforms[1].survival.lifetimes[0].gone"),
        ("1.survival.lifetimes.0.active", -1, "platforms[1].survival.lifetimes[0].active"),
    ],
)
def test_a_bad_field_is_named(path: str, value: Any, field: str) -> None:
    assert refused(changed(path, value)).field == field


def test_without_a_prior_nothing_may_be_nothing() -> None:
    none = GOOD.replace("found: 18", "found: 0") + "prior: {detection: 0}\n"
    assert refused(none.encode()).field == "platforms[0].detection.found"
    empty = GOOD.replace("found: 128", "found: 0") + "prior: {rate: 0}\n"
    assert refused(empty.encode()).field == "platforms[1].found"


def test_all_bad_fields_are_named_at_once() -> None:
    problem = refused(GOOD.replace("amount: 10", "amount: -1").encode())
    assert problem.field == "platforms[0].effort.amount"
    assert "platforms[1].effort.amount" in str(problem)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"platforms: [", "line 1"),
        (b"a: &x 1\nb: *x", "aliases"),
        (b"title: a\ntitle: b", "repeated"),
        (b"\xff\xfe\xff", "YAML"),
        (b"[" * 5000, "nested"),
        (b"{? [a]: 1}", "line 1"),
        (b"-", "Expected `object`"),
        (b" " * (MAX_FILE + 1), "larger"),
    ],
)
def test_what_is_not_a_file_is_said(content: bytes, says: str) -> None:
    assert says in str(refused(content))


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        read_request(content)


@settings(max_examples=15)
@given(st.data())
def test_whatever_is_accepted_is_computed(data: st.DataObject) -> None:
    count = st.integers(0, 10**7)
    document = yaml.safe_load(GOOD)
    for platform in document["platforms"]:
        platform.pop("sessions", None)
        platform.pop("survival")
        platform["found"] = data.draw(count)
        platform["effort"]["amount"] = data.draw(st.floats(1e-3, 1e6))
        planted = data.draw(st.integers(1, 1000))
        platform["detection"] = {"planted": planted, "found": data.draw(st.integers(0, planted))}
    prior = st.sampled_from([0.1, 0.5, 10])
    document["prior"] = {"rate": data.draw(prior), "detection": data.draw(prior)}
    document["level"] = data.draw(st.sampled_from([0.5, 0.95, 0.999]))
    document["canaries"] = data.draw(st.sampled_from(["search", "encounter"]))
    (pair,) = compare(read_request(yaml.safe_dump(document).encode())).ratios
    for span in (pair.found, pair.corrected, pair.together):
        assert 0 <= span.low <= span.value <= span.high < math.inf
