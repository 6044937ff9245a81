"""Term lists are read from JSON lines and YAML; what is wrong is named by line and field, never quoted."""

from __future__ import annotations

import json
import traceback

import pytest

from havenwall.errors import BadInput
from havenwall.match.listed import Severity, read_terms

GOOD = {"id": "t1", "term": "bluewhistle", "severity": "block", "provenance": "test"}
SECRET = "tin-lantern"


def lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def test_json_lines_and_yaml_say_the_same() -> None:
    rows = [GOOD, {"allow": "blue whistle shop"}]
    yaml = b"""
- id: t1
  term: bluewhistle
  severity: block
  provenance: test
- allow: blue whistle shop
"""
    first, second = read_terms([("a", lines(*rows))]), read_terms([("a", yaml)])
    assert (first.entries, first.allowed) == (second.entries, second.allowed)
    assert first.entries[0].severity is Severity.BLOCK
    assert first.version != second.version
    assert (first.places, second.places) == (("a line 1",), ("a line 2",))


def test_nothing_is_a_list_of_nothing() -> None:
    assert read_terms([]).version == ""
    assert read_terms([("a", b"# nothing yet\n")]).entries == ()


def test_an_expiry_needs_a_time_zone() -> None:
    [entry] = read_terms([("a", lines(GOOD | {"expires": "2027-01-31T00:00:00Z"}))]).entries
    assert entry.expires is not None


SECRETIVE = GOOD | {"id": "t2", "term": SECRET}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (lines(GOOD, SECRETIVE | {"severity": SECRET}), "a line 2, severity"),
        (lines(GOOD, SECRETIVE | {"mode": SECRET}), "a line 2, mode"),
        (lines(GOOD, SECRETIVE | {SECRET: 1}), "a line 2"),
        (lines(GOOD, SECRETIVE | {"expires": "2027-01-31"}), "a line 2, expires"),
        (lines(GOOD, SECRETIVE | {"expires": "2027-01-31T00:00:00"}), "a line 2, expires"),
        (lines(GOOD, SECRETIVE | {"id": "t1"}), "a line 2, id"),
        (lines(GOOD, SECRETIVE | {"context_terms": [SECRET]}), "a line 2, context_terms"),
        (lines(GOOD, SECRETIVE | {"severity": "context"}), "a line 2, context_terms"),
        (lines(GOOD, SECRETIVE | {"term": SECRET * 9}), "a line 2, term"),
        (lines(GOOD, SECRETIVE | {"term": "--"}), "a line 2, term"),
        (lines(GOOD, SECRET), "a line 2"),
        (lines(GOOD, {"allow": "--"}), "a line 2, allow"),
        (lines(GOOD) + b'\n{"id": "t2", "term": "tin-lantern"', "a line 2"),
        (lines(GOOD) + b"\n{tin-lantern\xff", "a line 2"),
        (b"- id: t1\n  term: [tin-lantern\n- x: }", "a line 3"),
        (b"tin-lantern: 1", "a line 1"),
        (b"- !!python/name:tin-lantern x", "a line 1"),
    ],
)
def test_what_is_wrong_is_named_and_not_quoted(content: bytes, named: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_terms([("a", content)])
    assert refused.value.field == named
    told = "".join(traceback.format_exception(refused.value))
    assert SECRET not in f"{refused.value} {refused.value.hint}"
    assert SECRET not in told.replace("test_load.py", "")
