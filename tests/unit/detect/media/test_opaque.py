"""Licensed hashes match exactly, and nearly when the operator says how."""

import pytest

from havenwall.detect.media.opaque import OpaqueEntry, OpaqueIndex, load_distance
from havenwall.errors import BadConfig

ENTRIES = [
    OpaqueEntry(id="a", kind="photodna", value=b"\0\0"),
    OpaqueEntry(id="b", kind="photodna", value=b"\0\3"),
    OpaqueEntry(id="c", kind="photodna", value=b"unreadable"),
    OpaqueEntry(id="d", kind="other", value=b"\0\0"),
    OpaqueEntry(id="e", kind="photodna", value=b"\0\0"),
]


def apart(one, other):
    if len(one) != len(other):
        raise ValueError("not two hashes")
    return sum(abs(left - right) for left, right in zip(one, other, strict=True))


def found(index, kind, value, radius=0.0):
    return [(match.entry.id, match.distance) for match in index.search(kind, value, radius)]


def test_without_a_distance_only_equal_hashes_match():
    index = OpaqueIndex(ENTRIES)
    assert found(index, "photodna", b"\0\0", 99) == [("a", 0), ("e", 0)]
    assert found(index, "photodna", b"\0\1", 99) == []
    assert found(index, "nothing", b"\0\0") == []


def test_with_a_distance_near_ones_do_and_unreadable_ones_are_passed_over():
    index = OpaqueIndex(ENTRIES, {"photodna": apart})
    assert found(index, "photodna", b"\0\0", 3) == [("a", 0), ("e", 0), ("b", 3)]
    assert found(index, "photodna", b"\0\2", 1) == [("b", 1)]
    assert found(index, "other", b"\0\1", 3) == []


def test_the_distance_is_named():
    assert load_distance("operator:sub")(7, 4) == 3


@pytest.mark.parametrize(
    "name", ["", "operator", ":sub", "no.such.module:f", "operator:no_such", "string:digits"]
)
def test_a_wrong_name_is_refused_with_the_remedy(name):
    with pytest.raises(BadConfig) as refused:
        load_distance(name)
    assert refused.value.hint
